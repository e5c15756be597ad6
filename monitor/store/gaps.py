"""What may have been missed between two looks, and the search for it in the archive of the source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitor.core.sources.catchup import Gap, first_page, leaves_gap, search
from monitor.core.sources.wellness import GAP_LASTS
from monitor.store.columns import read_time
from monitor.store.database import add, change, rows, transaction
from monitor.store.looks import Found, known_before, latest_entry, store_entries
from spiders.items import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from monitor.store.database import Database
    from spiders.items import CrawlReport

_COLUMNS = "gaps.*, url, kind, links FROM gaps JOIN sources ON sources.name = gaps.source"


def store_gap(
    db: Database,
    source: str,
    before: Mapping[str, Any],
    report: CrawlReport,
    known: Mapping[str, datetime],
    now: datetime,
) -> None:
    """Note that a look listed nothing known, if so; the rest is up to a search. Part of the transaction of the look.

    Args:
        db: the history.
        source: the name of the source.
        before: its row as it was before the look.
        report: of the look.
        known: of what it lists, as `catchup.reaches` has it.
        now: the time of the look.
    """
    since = read_time(before["last_ok"])
    if leaves_gap(report.entries, known, since):
        page = first_page(before["url"], Kind(before["kind"]), report.older)
        add(db, "gaps", {"source": source, "since": since, "at": now, "page": page})


def recent_gaps(db: Database, source: str, now: datetime) -> tuple[Gap, ...]:
    """The gaps of a source whose search has ended, of the last `GAP_LASTS`, the latest first."""
    found = rows(
        db,
        f"SELECT {_COLUMNS} WHERE source = ? AND at > ? AND page IS NULL ORDER BY at DESC, gaps.id DESC",
        (source, now - GAP_LASTS),
    )
    return tuple(map(_gap, found))


def gaps_of(db: Database, source: str, limit: int) -> tuple[Gap, ...]:
    """The latest gaps of a source, newest first, searched or not."""
    sql = f"SELECT {_COLUMNS} WHERE source = ? ORDER BY at DESC, gaps.id DESC LIMIT ?"
    return tuple(map(_gap, rows(db, sql, (source, limit))))


class Gaps:
    """The gaps of a history. Methods may raise StorageError or a subclass; then nothing was changed."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def to_search(self, limit: int) -> tuple[Gap, ...]:
        """At most `limit` gaps of declared sources that are still searched, the oldest first."""
        found = rows(
            self._db,
            f"SELECT {_COLUMNS} WHERE page IS NOT NULL AND retired_at IS NULL ORDER BY at, gaps.id LIMIT ?",
            (limit,),
        )
        return tuple(map(_gap, found))

    def searched(self, gap: Gap, report: CrawlReport, now: datetime) -> Gap:
        """Store what a page of the archive brought, and where the search goes on; the gap as it is then."""
        with transaction(self._db):
            known = known_before(self._db, gap.source, [entry.url for entry in report.entries])
            latest = latest_entry(self._db, gap.source, gap.at)
            result = search(gap, report, known | ({"": latest} if latest else {}))
            stored = store_entries(self._db, result.entries, Found(gap.source, now))
            change(
                self._db,
                "UPDATE gaps SET page = ?, pages = pages + 1, found = found + ?, closed = ? WHERE id = ?",
                (result.page, stored.listed, result.closed, gap.id),
            )
            change(
                self._db,
                "UPDATE sources SET judged = 0, entries_seen = entries_seen + ? WHERE name = ?",
                (stored.listed, gap.source),
            )
            (row,) = rows(self._db, f"SELECT {_COLUMNS} WHERE gaps.id = ?", (gap.id,))
        return _gap(row)


def _gap(row: Mapping[str, Any]) -> Gap:
    return Gap(
        id=row["id"],
        source=row["source"],
        url=row["url"],
        kind=Kind(row["kind"]),
        links=row["links"],
        since=read_time(row["since"]),
        at=read_time(row["at"]),
        page=row["page"],
        pages=row["pages"],
        found=row["found"],
        closed=bool(row["closed"]),
    )
