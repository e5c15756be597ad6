"""Who may read the pages, and who may change something. Pure; the gate asks it about every request."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from monitor.core.errors import ConfigError
from monitor.core.hosts import Served

if TYPE_CHECKING:
    from collections.abc import Mapping


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
        """Whether only this machine can reach the pages, see `Served`."""
        return self._served.is_private

    def knows(self, host: str) -> bool:
        """Whether browsers may ask for the pages by what they wrote into the Host header, see `Served`."""
        return self._served.knows(host)

    @property
    def _served(self) -> Served:
        return Served(self.host, self.hosts)

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
