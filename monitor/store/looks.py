"""The rows that one look at a source brings: part of the transaction that `Sources.save_look` makes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime  # noqa: TC003  part of a value
from typing import TYPE_CHECKING

from monitor.core.models import EntryState, Reason
from monitor.store.columns import storable
from monitor.store.database import add, add_all, rows
from spiders.items import Entry, Outcome, host

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitor.store.database import Database
    from spiders.items import CrawlReport

_CHUNK = 500  # parameters of one statement


@dataclass(frozen=True, slots=True)
class Found:
    """By which look entries were found: it decides whether they are read."""

    source: str
    now: datetime
    first: bool
    baseline_before: datetime | None

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


def _known(db: Database, source: str, urls: Iterable[str]) -> dict[str, tuple[int, bool]]:
    """The key of each address that is known already, and whether this source has listed it before."""
    known: dict[str, tuple[int, bool]] = {}
    wanted = list(urls)
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        found = rows(
            db,
            f"""SELECT entries.id, entries.url, entry_sources.entry IS NOT NULL AS linked
            FROM entries LEFT JOIN entry_sources
                ON entry_sources.entry = entries.id AND entry_sources.source = ?
            WHERE entries.url IN ({", ".join("?" * len(chunk))})""",  # noqa: S608  only question marks
            (source, *chunk),
        )
        known |= {row["url"]: (row["id"], bool(row["linked"])) for row in found}
    return known


def store_entries(db: Database, report: CrawlReport, found: Found) -> tuple[list[Entry], int, int]:
    """Store what a look listed.

    Returns:
        The new entries that are to be read, how many are new to the history, and how many to this source.
    """
    ok = report.outcome is Outcome.OK
    listed = {storable(entry.url): entry for entry in report.entries} if ok else {}
    known = _known(db, found.source, listed)
    new = [replace(entry, url=url) for url, entry in listed.items() if url not in known]
    add_all(db, "entries", map(found.row, new))
    if new:
        known = _known(db, found.source, listed)
    unlinked = [key for key, linked in known.values() if not linked]
    links = ({"entry": key, "source": found.source, "found_at": found.now} for key in unlinked)
    add_all(db, "entry_sources", links)
    return [entry for entry in new if not found.is_old(entry)], len(new), len(unlinked)


def store_look(db: Database, source: str, report: CrawlReport, *, now: datetime, new: int) -> None:
    """Store how a look ended; `new` entries were not known from any source."""
    look = {
        "source": source,
        "looked_at": now,
        "outcome": report.outcome,
        "reason": report.reason,
        "detail": report.detail,
        "status": report.status,
        "seconds": report.seconds,
        "size": report.size,
        "entries": len(report.entries),
        "new": new,
    }
    add(db, "looks", look)


def outcome(report: CrawlReport, now: datetime, *, first: bool) -> dict[str, object]:
    """What the end of a look changes in the state of its source."""
    columns: dict[str, object] = {"last_reason": report.reason, "last_detail": report.detail}
    if report.outcome is not Outcome.FAILED:
        columns["last_ok"] = now  # `noticed` stays: that it is well again is to be said, too
    if report.outcome is Outcome.OK:
        columns |= {"etag": report.validators.etag, "modified": report.validators.modified}
    if first:
        columns["baseline_at"] = now
    return columns
