"""The password that comes with a request itself (HTTP Basic, RFC 7617): for feed readers, and programs that read.

A browser would send it along with the form of any site. So it opens what is to be read, and never changes anything.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from monitor.web.login import Tries

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from monitor.web.access import Access

CHALLENGE = 'Basic realm="Tumen", charset="UTF-8"'
"""What tells a program that a password is asked for."""


class Basic:
    """Who may read by it. Whoever guesses has to wait, as at the form."""

    def __init__(self, access: Access, clock: Callable[[], datetime]) -> None:
        self._access = access
        self._clock = clock
        self._tries = Tries()

    def may_read(self, authorization: str, who: str) -> bool:
        """Whether the header holds the password, by whatever name.

        Args:
            authorization: the header, empty if there is none.
            who: the address that sent it.
        """
        password, now = _password(authorization), self._clock()
        if password is None or not self._tries.may_try(who, now):
            return False
        if self._access.is_password(password):
            return True
        self._tries.failed(who, now)
        return False


def _password(authorization: str) -> str | None:
    scheme, _, given = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        _, colon, password = base64.b64decode(given.strip(), validate=True).decode().partition(":")
    except ValueError:
        return None
    return password if colon else None
