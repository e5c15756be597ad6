"""What a restore keeps back: what was waiting in the backup, and what is found again that may have been told since.

It belongs to a silence that has no extent in time, so that it covers nothing by itself. So all of it is listed like
what any silence keeps back, and is sent by the same command.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.core.delivery.restoring import Found, Restore, may_have_been_told
from monitor.store.columns import read_optional_time, read_time
from monitor.store.database import add, change, rows, snapshot, transaction

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Any

    from monitor.store.database import Database

OWNER = "tumen restore"
_NUMBERED = ("stories", "articles", "alerts", "deliveries")
_SKIPPED = 100_000  # numbers: no backup is so old that more of them were given since


def hold_back(db: Database, now: datetime, backup_at: datetime | None) -> tuple[int, int]:
    """Keep back what may have been sent since a backup was made; the number of the silence, and how many deliveries.

    What is waiting or being sent may have arrived; and whoever had not received something may have been told so.
    Numbers that people may have seen since are not given again.
    """
    of = (
        f"the backup of {backup_at:%Y-%m-%d %H:%M} UTC was restored" if backup_at else "a backup was restored"
    )
    silence = {
        "owner": OWNER,
        "reason": f"{of}; this may have been sent since",
        "begins": now,
        "ends": now,
        "created_at": now,
    }
    with transaction(db):
        number = add(db, "silences", silence)
        kept_back = change(db, _HOLD_BACK, (number,))
        for table in _NUMBERED:
            change(db, _SKIP, (_SKIPPED, _SKIPPED, table))
        return number, kept_back


def latest_time(db: Database) -> datetime | None:
    """When the last thing was stored that a history holds, as far as can be said; None for an empty one."""
    found = [rows(db, f"SELECT max({column}) AS at FROM {table}")[0]["at"] for table, column in _TIMES]  # noqa: S608
    return max((read_time(at) for at in found if at), default=None)


def last_restore(db: Database) -> Restore | None:
    """The last restore of a history, None if there was none."""
    found = rows(db, _LAST, (OWNER,))
    if not found:
        return None
    (row,) = found
    return Restore(row["id"], read_time(row["begins"]), row["reason"], row["many"])


def kept_back(db: Database, restore: Restore, limit: int) -> tuple[str, ...]:
    """Titles of what a restore keeps back, the latest first."""
    with snapshot(db):
        return tuple(row["title"] for row in rows(db, _TITLES, (restore.id, limit)))


def was_told_perhaps(db: Database, restore: Restore, row: Mapping[str, Any]) -> bool:
    """Whether an alert that waits, a row with its `alert`, may have been told by the history that was lost."""
    (about,) = rows(db, _ABOUT, (row["alert"],))
    found = Found(
        alerted_at=read_time(about["created_at"]),
        published=read_optional_time(about["published"]),
        day_only=bool(about["day_only"]),
        found_at=read_time(about["found_at"]),
        known_at=read_optional_time(about["known_at"]),
    )
    return may_have_been_told(found, restore.at)


_TIMES = (
    ("looks", "looked_at"),
    ("articles", "changed_at"),
    ("attempts", "ended_at"),
    ("deliveries", "created_at"),
)
_HOLD_BACK = """
    UPDATE deliveries SET state = 'suppressed', silence = ?, unknown = 1, lease_until = NULL
    WHERE state IN ('pending', 'claimed')
        OR (state IN ('dead', 'expired') AND told_lost = '' AND alert IS NOT NULL)
"""
_SKIP = "UPDATE sqlite_sequence SET seq = (seq / ? + 2) * ? WHERE name = ?"
_LAST = """
    SELECT silences.*, (
        SELECT count(*) FROM deliveries WHERE silence = silences.id AND state = 'suppressed'
    ) AS many FROM silences WHERE owner = ? AND begins = ends ORDER BY id DESC LIMIT 1
"""
_TITLES = """
    SELECT revisions.title FROM alerts JOIN revisions ON revisions.id = alerts.revision
    WHERE alerts.id IN (SELECT alert FROM deliveries WHERE silence = ? AND state = 'suppressed')
    ORDER BY alerts.id DESC LIMIT ?
"""
# When a page was known: at its last look before this one, or when the version before was read.
_ABOUT = """
    SELECT alerts.created_at, articles.published, articles.day_only, entries.found_at, (
        SELECT max(at) FROM (
            SELECT max(visited_at) AS at FROM visits
            WHERE visits.article = alerts.article AND visited_at < alerts.created_at AND revisions.number > 1
            UNION ALL
            SELECT max(read_at) FROM revisions AS former
            WHERE former.article = alerts.article AND former.number < revisions.number
        )
    ) AS known_at
    FROM alerts
    JOIN articles ON articles.id = alerts.article
    JOIN revisions ON revisions.id = alerts.revision
    JOIN entries ON entries.id = alerts.entry
    WHERE alerts.id = ?
"""
