"""Apprise's services one at a time: those that nobody uses take 20 MB and a third of a second to load."""

from __future__ import annotations

import re
from functools import cache, partial
from importlib import import_module, resources
from typing import TYPE_CHECKING, Any

from apprise import Apprise
from apprise.plugins.base import NotifyBase

if TYPE_CHECKING:
    from collections.abc import Callable
    from importlib.resources.abc import Traversable

    from apprise import AppriseAsset

_FOLDER = "apprise.plugins"
# How a service declares the schemas of its addresses: one, or several in brackets.
_DECLARED = r"protocol\s*=\s*(?:\([^)]*)?[\"']{}[\"']"


def instantiate(url: str, asset: AppriseAsset) -> NotifyBase | None:
    """The service of a URL, None if the URL is unusable.

    Web addresses of which services know their own by looking at them, and what is declared otherwise, are left to
    Apprise, which loads everything to judge them.
    """
    schema = url.partition("://")[0].lower()
    service = of_schema(schema) if schema.isalnum() else None
    if service is None:
        return Apprise.instantiate(url, asset=asset)
    if not service.enabled:  # a library that it needs is missing
        return None
    parts: dict[str, Any] | None = service.parse_url(url.replace("/#", "/%23"))  # a room, not a fragment
    if not parts:
        return None
    try:
        return service(**parts, asset=asset)
    except Exception:  # noqa: BLE001  as Apprise does: whatever its services make of an address
        return None


@cache
def of_schema(schema: str) -> type[NotifyBase] | None:
    """The service whose addresses begin so, None if only Apprise can tell."""
    declared = re.compile(_DECLARED.format(re.escape(schema)).encode())
    for file in resources.files(_FOLDER).iterdir():
        if any(declared.search(text) for text in _texts(file)):
            module = import_module(f"{_FOLDER}.{file.name.removesuffix('.py')}")
            services = [one for one in vars(module).values() if isinstance(one, type)]
            for service in services:
                if issubclass(service, NotifyBase) and schema in _schemas(service):
                    return service
    return None


def take_farewell(service: NotifyBase) -> Callable[[], None]:
    """The goodbye of a service, such as the logout of a chat; from now on it is said only by calling this.

    Some services send it from `__del__`, which runs whenever and in whichever thread the interpreter collects them:
    as if it were a part of the message that this thread happens to send, or while everything waits for the loop.
    """
    kind: Any = type(service)
    farewell = getattr(kind, "__del__", None)
    if farewell is None:
        return _nothing
    service.__class__ = _silent(kind)
    return partial(farewell, service)


@cache
def _silent(kind: type) -> type:
    """The same service, whose objects may be collected anywhere."""
    return type(kind.__name__, (kind,), {"__del__": _nothing, "__doc__": kind.__doc__})


def _nothing(*_: object) -> None:
    """There is nothing to say."""


def _schemas(service: Any) -> set[str]:  # Apprise has the types of an instance
    found: set[str] = service.schemas(service)
    return found


def _texts(file: Traversable) -> list[bytes]:
    """The code of a service, which is a file or a folder of files."""
    if file.is_dir():
        return [part.read_bytes() for part in file.iterdir() if part.name.endswith(".py")]
    return [file.read_bytes()] if file.name.endswith(".py") else []
