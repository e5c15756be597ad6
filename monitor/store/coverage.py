"""What was looked at since a time: the figures behind the trust that silence means that nothing happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.core.delivery.bundling import Coverage, Silent
from monitor.store.columns import read_optional_time
from monitor.store.database import rows, snapshot

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.store.database import Database


def coverage(db: Database, since: datetime) -> Coverage:
    """Which sources were looked at with success since a time, and what was read."""
    with snapshot(db):
        sources = rows(
            db,
            """SELECT title, last_ok FROM sources WHERE retired_at IS NULL AND dropped_at IS NULL
            ORDER BY last_ok IS NOT NULL, last_ok, title""",
        )
        (read,) = rows(
            db,
            """SELECT count(*) AS articles, count(story) AS relevant FROM articles WHERE read_at >= ?""",
            (since,),
        )
    found = [(row["title"], read_optional_time(row["last_ok"])) for row in sources]
    silent = tuple(Silent(title, last) for title, last in found if last is None or last < since)
    return Coverage(
        since=since,
        seen=len(found) - len(silent),
        watched=len(found),
        silent=silent,
        articles=read["articles"],
        relevant=read["relevant"],
    )
