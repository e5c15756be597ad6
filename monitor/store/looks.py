"""The rows that one look at a source brings: part of the transaction that `Sources.save_look` makes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime  # noqa: TC003  part of a value
from typing import TYPE_CHECKING

from monitor.core.models import EntryState, Reason
from monitor.core.sources.wellness.habits import Shape, shape_of
from monitor.store.columns import read_optional_time, storable
from monitor.store.database import add, add_all, rows
from spiders.items import Entry, host

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from monitor.store.database import Database
    from spiders.items import CrawlReport

_CHUNK = 500  # parameters of one statement


@dataclass(frozen=True, slots=True)
class Found:
    """By which look entries were found: it decides whether they are read, and what was known before."""

    source: str
    now: datetime
    first: bool = False
    baseline_before: datetime | None = None

    def is_old(self, entry: Entry) -> bool:
        """Whether the entry is baseline that is not read."""
        if not self.first or self.baseline_before is None or entry.published is None:
            return False
        return entry.published < self.baseline_before

    def row(self, entry: Entry) -> dict[str, object]:
        """The entry as it is stored."""
        old = self.is_old(entry)
        return {
            "url": entry.url,
            "host": host(entry.url),
            "source": self.source,
            "title": entry.title,
            "summary": entry.summary,
            "language": entry.language,
            "published": entry.published,
            "found_at": self.now,
            "first_look": self.first,
            "state": EntryState.SKIPPED if old else EntryState.TO_READ,
            "reason": Reason.BASELINE if old else "",
            "ended_at": self.now if old else None,
        }


@dataclass(frozen=True, slots=True)
class Stored:
    """What storing a list of entries came to.

    Attributes:
        to_read: those that are new to the history and are to be read.
        new: how many are new to the history.
        listed: how many are new to this source.
        known: when this source first listed those that it has listed before, and under "" its latest before.
    """

    to_read: tuple[Entry, ...]
    new: int
    listed: int
    known: Mapping[str, datetime]


_NOTHING, _NO_SHAPE = Stored((), 0, 0, {}), Shape()


def known_before(db: Database, source: str, urls: Iterable[str]) -> dict[str, datetime]:
    """When the source first listed those of the addresses that it has listed."""
    found = _known(db, source, map(storable, urls))
    return {url: linked for url, (_, linked) in found.items() if linked}


def latest_entry(db: Database, source: str, before: datetime) -> datetime | None:
    """When the source last listed something new to it, before a time; None if it never did."""
    sql = "SELECT max(found_at) AS latest FROM entry_sources WHERE source = ? AND found_at < ?"
    (row,) = rows(db, sql, (source, before))
    return read_optional_time(row["latest"])


def _known(db: Database, source: str, urls: Iterable[str]) -> dict[str, tuple[int, datetime | None]]:
    """The key of each address that is known already, and when this source listed it first, if it did."""
    known: dict[str, tuple[int, datetime | None]] = {}
    wanted = list(urls)
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        found = rows(
            db,
            f"""SELECT entries.id, entries.url, entry_sources.found_at AS linked
            FROM entries LEFT JOIN entry_sources
                ON entry_sources.entry = entries.id AND entry_sources.source = ?
            WHERE entries.url IN ({", ".join("?" * len(chunk))})""",  # noqa: S608  only question marks
            (source, *chunk),
        )
        known |= {row["url"]: (row["id"], read_optional_time(row["linked"])) for row in found}
    return known


def store_entries(db: Database, entries: Sequence[Entry], found: Found) -> Stored:
    """Store what a source listed."""
    if not entries:
        return _NOTHING
    listed = {storable(entry.url): entry for entry in entries}
    known = _known(db, found.source, listed)
    before = {url: linked for url, (_, linked) in known.items() if linked}
    latest = latest_entry(db, found.source, found.now)
    new = [replace(entry, url=url) for url, entry in listed.items() if url not in known]
    add_all(db, "entries", map(found.row, new))
    if new:
        known = _known(db, found.source, listed)
    unlinked = [key for key, linked in known.values() if linked is None]
    links = ({"entry": key, "source": found.source, "found_at": found.now} for key in unlinked)
    add_all(db, "entry_sources", links)
    to_read = tuple(entry for entry in new if not found.is_old(entry))
    return Stored(to_read, len(new), len(unlinked), before | ({"": latest} if latest else {}))


def store_look(
    db: Database, source: str, report: CrawlReport, *, now: datetime, new: int, landed: str
) -> None:
    """Store how a look ended; `new` entries were not known from any source, `landed` as `elsewhere` has it."""
    shape = shape_of(report.entries, now) if report.entries else _NO_SHAPE
    look = {
        "source": source,
        "looked_at": now,
        "outcome": report.outcome,
        "reason": report.reason,
        "detail": report.detail,
        "status": report.status,
        "seconds": report.seconds,
        "size": report.size,
        "new": new,
        "entries": shape.entries,
        "titled": shape.titled,
        "dated": shape.dated,
        "teased": shape.teased,
        "ahead": shape.ahead,
        "moments": shape.moments,
        "landed": landed,
    }
    add(db, "looks", look)
