"""Which files of a configuration hold secrets as they are, so that nobody else should read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitor.core.errors import ConfigError
from monitor.documents import read_document

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from monitor.config.declared import Settings

_OF_SOURCES = ("auth", "cookies", "headers", "proxy")


def files_with_secrets(file: Path, settings: Settings) -> tuple[Path, ...]:
    """The configuration, if a secret stands in it, and each file that it names for one. Raises ConfigError."""
    held = any(map(stands_openly, _texts(read_document(file).value)))
    named = [
        settings.folder / channel.url_file
        for channel in settings.channels.values()
        if channel.url_file is not None
    ]
    return (*([file] if held else ()), *_listed(settings), *named)


def _listed(settings: Settings) -> tuple[Path, ...]:
    """The files of sources in which one stands."""
    try:
        return tuple(one.file for one in settings.sources.listed if one.is_open)
    except ConfigError:  # whoever asks for the sources says so
        return ()


def _texts(raw: Any) -> Iterator[str]:
    """What stands where a secret may stand."""
    for channel in _part(raw, "channels").values():
        yield from _strings(_part({"": channel}, "").get("url"))
    yield from _strings(_part(raw, "heartbeat").get("url"))
    yield from _strings(_part(raw, "translation").get("key"))
    yield from of_sources(_part(raw, "sources").get("own"))


def of_sources(raw: Any) -> Iterator[str]:
    """What stands where a secret may stand in a list of sources."""
    for source in raw if isinstance(raw, list) else ():
        for name in _OF_SOURCES:
            yield from _strings(_part({"": source}, "").get(name))


def stands_openly(text: str) -> bool:
    """Whether the text itself may be the secret."""
    return "${" not in text


def _part(raw: Any, name: str) -> dict[str, Any]:
    found = raw.get(name) if isinstance(raw, dict) else None
    return found if isinstance(found, dict) else {}


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str) and value:
        yield value
    elif isinstance(value, list | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _strings(one)
