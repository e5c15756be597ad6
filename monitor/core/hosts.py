"""By which names a server of ours is asked, and who can reach it."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

_OURS = frozenset({"localhost", "127.0.0.1", "::1"})
_HOST = re.compile(r"(?:\[([0-9a-f:.]+)\]|([\w.-]+))(?::[0-9]*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Served:
    """Where something is served.

    Attributes:
        host: the address, or the name of one, at which a server listens.
        hosts: other names by which it may be asked.
    """

    host: str = "127.0.0.1"
    hosts: frozenset[str] = frozenset()

    @property
    def is_private(self) -> bool:
        """Whether only this machine can reach it.

        A name of another one in `hosts` says that a proxy brings its requests here.
        """
        return all(map(is_loopback, (self.host, *self.hosts)))

    def knows(self, host: str) -> bool:
        """Whether it may be asked by what stands in the Host header.

        A page of a stranger whose name was made to lead to this machine gives itself away by that name. So an address
        in figures is never such a page, and is known where all addresses are served.
        """
        name = _name(host)
        return (
            name in _OURS
            or name in self.hosts
            or (not _is_any(self.host) and name == self.host.lower())
            or (_is_any(self.host) and _address(name) is not None)
        )


def is_loopback(host: str) -> bool:
    """Whether this is a name or an address that leads to this machine only."""
    found = _address(host)
    return host.lower() == "localhost" or (found is not None and found.is_loopback)


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
