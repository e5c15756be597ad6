"""Who may read the pages, and who may change something. Pure; the gate asks it about every request."""

from __future__ import annotations

import hmac
import ipaddress
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from monitor.core.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

_OURS = frozenset({"localhost", "127.0.0.1", "::1"})
_HOST = re.compile(r"(?:\[([0-9a-f:.]+)\]|([\w.-]+))(?::[0-9]*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Access:
    """How the pages can be reached.

    Attributes:
        host: where they are served.
        hosts: other names by which browsers may ask for them.
        password: of whoever wants to log in; empty if nobody has to.
    """

    host: str = "127.0.0.1"
    hosts: frozenset[str] = frozenset()
    password: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        """Raises ConfigError if others could read and write without a password."""
        if not self.is_private and not self.password:
            raise ConfigError(
                "other machines could read the history, and change it",
                where="web",
                remedy="give web: a password, or serve it at 127.0.0.1 without hosts",
            )

    @property
    def is_private(self) -> bool:
        """Whether only this machine can reach the pages.

        A name of another one in `hosts` says that a proxy brings its requests here.
        """
        return all(_is_loopback(host) for host in (self.host, *self.hosts))

    def knows(self, host: str) -> bool:
        """Whether browsers may ask for the pages by what they wrote into the Host header.

        A page of a stranger whose name was made to lead to this machine gives itself away by that name. So an address
        in figures is never such a page, and is known where the pages are served at all addresses.
        """
        name = _name(host)
        return (
            name in _OURS
            or name in self.hosts
            or (not _is_any(self.host) and name == self.host.lower())
            or (_is_any(self.host) and _address(name) is not None)
        )

    def is_from_here(self, headers: Mapping[str, str]) -> bool:
        """Whether a request that changes something was made by one of our own pages, as browsers tell it.

        Args:
            headers: of the request, with names in small letters.
        """
        site = headers.get("sec-fetch-site")
        if site is not None and site != "same-origin":
            return False
        origin = headers.get("origin", "")
        if not origin:
            return site is not None
        return origin.partition("://")[2].lower() == headers.get("host", "").lower()

    def may_read(self, *, logged_in: bool) -> bool:
        """Whether the pages are shown."""
        return logged_in or self.is_private

    def may_write(self, *, logged_in: bool) -> bool:
        """Whether something may be changed."""
        return logged_in or (self.is_private and not self.password)

    def is_password(self, given: str) -> bool:
        """Whether this is the password; how long that takes says nothing about it."""
        return bool(self.password) and hmac.compare_digest(given.encode(), self.password.encode())


def _name(host: str) -> str:
    """The host of `host:port` or `[::1]:port`, in small letters; empty if it is none."""
    found = _HOST.fullmatch(host)
    return (found[1] or found[2]).lower() if found else ""


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def _is_any(host: str) -> bool:
    found = _address(host)
    return found is not None and found.is_unspecified


def _is_loopback(host: str) -> bool:
    found = _address(host)
    return host.lower() == "localhost" or (found is not None and found.is_loopback)
