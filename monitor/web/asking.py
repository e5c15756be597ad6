"""What a browser asks of a page: the parts of its address, read and checked before anything is looked up."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from monitor.core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from monitor.notify.voice import Voice
    from monitor.web.site import Site

_CODE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", re.ASCII)
_LONGEST = 1000  # characters of one value
_LARGEST = 2**63 - 1  # what SQLite can count to


@dataclass(frozen=True, slots=True)
class Ask:
    """One request for a page.

    Attributes:
        site: the pages that it is one of.
        path: its address without the query.
        now: when it was made.
        parts: what stands in the address where its pattern has names.
        query: what stands behind the `?`; of a name that is given twice, the last.
        may_write: whether the reader may change something.
        logged_in: whether the reader gave the password.
        origin: scheme, host and port by which the pages were asked for.
        message: what came of the form that was sent before; `failed` if it could not be done.
    """

    site: Site
    path: str
    now: datetime
    parts: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    may_write: bool = False
    logged_in: bool = False
    origin: str = ""
    message: str = ""
    failed: bool = False

    @property
    def voice(self) -> Voice:
        """How the reader is spoken to."""
        return self.site.voice

    def number(self, name: str) -> int:
        """The number in the address. Raises InputError if it is none that could be a key."""
        return _number(self.parts[name], name)

    def text(self, name: str) -> str:
        """What the query says, without space around it; empty if it says nothing. Raises InputError if too long."""
        value = self.query.get(name, "").strip()
        if len(value) > _LONGEST:
            raise InputError(f"{name} has more than {_LONGEST} characters", remedy="shorten it")
        return value

    def chosen(self, name: str, known: Collection[str]) -> str:
        """What the query chooses among what is known; empty if it chooses nothing. Raises InputError."""
        value = self.text(name)
        if value and value not in known:
            raise InputError(
                f"there is no {name} {value[:80]!r}", remedy=f"there are: {', '.join(sorted(known))}"
            )
        return value

    def language(self, name: str) -> str:
        """The code of a language that the query names, empty if none. Raises InputError if it is none."""
        value = self.text(name)
        if value and not _CODE.fullmatch(value):
            raise InputError(f"{value[:80]!r} is no code of a language", remedy="write it like en or pt-BR")
        return value

    def key(self, name: str) -> int | None:
        """A number that the query names, None if it names none. Raises InputError if it is no number."""
        value = self.text(name)
        return _number(value, name) if value else None

    @property
    def here(self) -> str:
        """The address of this very page."""
        query = urlencode(self.query)
        return f"{self.path}?{query}" if query else self.path

    @property
    def json_link(self) -> str:
        """The same page for programs."""
        query = urlencode(self.query)
        address = "/index.json" if self.path == "/" else f"{self.path}.json"
        return f"{address}?{query}" if query else address

    def link(self, **changes: object) -> str:
        """The address of this page with other values in its query; empty ones are left out."""
        kept = {
            **self.query,
            **{name: "" if value is None else str(value) for name, value in changes.items()},
        }
        query = urlencode({name: value for name, value in kept.items() if value})
        return f"{self.path}?{query}" if query else self.path


def _number(value: str, name: str) -> int:
    if not (value.isascii() and value.isdigit() and 0 < int(value[:20]) <= _LARGEST and len(value) < 20):  # noqa: PLR2004
        raise InputError(f"{value[:80]!r} is no number of a {name}", remedy="numbers stand in the lists")
    return int(value)
