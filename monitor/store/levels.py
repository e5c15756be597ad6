"""How things stand in the history now, by questions that an index answers however large it is."""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass
from datetime import datetime  # noqa: TC003  part of the public values
from typing import TYPE_CHECKING, NamedTuple

from monitor.core.delivery.deliveries import Hold
from monitor.core.sources.state import Condition
from monitor.store.columns import read_optional_time, read_time
from monitor.store.database import rows, snapshot
from monitor.store.pruning import Space

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.store.database import Database
    from monitor.store.pruning import Usage

SQLITE = sqlite3.sqlite_version
"""The version of SQLite that runs."""

MOST_NAMED = 2_000
"""Sources that are named one by one: who keeps figures of each, keeps some seven series for it."""

# What a channel asked for itself: whoever waits for it waits for nothing that is due.
_WISHED = {Hold.GROUP, Hold.DIGEST, Hold.QUIET_HOURS, Hold.OVER_CAP, Hold.REPLAYED}


class SourceLevel(NamedTuple):
    """A declared source: how it is, when a look at it last ended well, and when it last listed something new."""

    name: str
    condition: Condition
    last_ok: datetime | None
    last_new: datetime | None


@dataclass(frozen=True, slots=True)
class Levels:
    """How things stand.

    Attributes:
        sources: the declared ones, by name; of more than `MOST_NAMED` only those that are not well, so many at most.
        conditions: how many of the declared sources are so.
        due: since when the source waits that is due for the longest time, or when the next will be; None if none is.
        to_read: entries that wait to be read.
        open: deliveries under way, by channel and `pending`, `held` or `claimed`.
        waiting: by channel, since when the oldest of them could have left, or when the first will.
        usage: where the bytes of the file are.
    """

    sources: tuple[SourceLevel, ...]
    conditions: Mapping[Condition, int]
    due: datetime | None
    to_read: int
    open: Mapping[tuple[str, str], int]
    waiting: Mapping[str, datetime]
    usage: Usage

    @property
    def are_named(self) -> bool:
        """Whether `sources` are all that there are."""
        return sum(self.conditions.values()) <= MOST_NAMED


def levels(db: Database) -> Levels:
    """Read them. Raises DatabaseBusy, DatabaseDamaged or StorageError."""
    with snapshot(db):
        conditions = {Condition(row["condition"]): row["many"] for row in rows(db, _CONDITIONS)}
        sources = rows(db, _SOURCES, (sum(conditions.values()) <= MOST_NAMED, MOST_NAMED))
        (due,) = rows(
            db,
            "SELECT min(next_due) AS at FROM sources WHERE retired_at IS NULL AND dropped_at IS NULL",
        )
        (reading,) = rows(db, "SELECT count(*) AS many FROM entries WHERE state = 'to_read'")
        underway = rows(db, _OPEN)
        usage = Space(db).usage()
    counted: Counter[tuple[str, str]] = Counter()
    waiting: dict[str, datetime] = {}
    for row in underway:
        wished = row["held"] in _WISHED
        state = "held" if row["state"] == "pending" and row["held"] else row["state"]
        counted[row["channel"], state] += row["many"]
        since = read_time(row["due"] if wished else row["created"])
        waiting[row["channel"]] = min(since, waiting.get(row["channel"], since))
    return Levels(
        sources=tuple(
            SourceLevel(
                row["name"],
                Condition.DROPPED if row["dropped_at"] else Condition(row["condition"]),
                read_optional_time(row["last_ok"]),
                read_optional_time(row["last_new"]),
            )
            for row in sources
        ),
        conditions=conditions,
        due=read_optional_time(due["at"]),
        to_read=reading["many"],
        open=counted,
        waiting=waiting,
        usage=usage,
    )


_SOURCES = """
    SELECT name, condition, dropped_at, last_ok,
        (SELECT max(found_at) FROM entry_sources WHERE source = sources.name) AS last_new
    FROM sources WHERE retired_at IS NULL AND (?1 OR condition NOT IN ('ok', 'new')) ORDER BY name LIMIT ?2
"""
_CONDITIONS = """
    SELECT iif(dropped_at IS NULL, condition, 'dropped') AS condition, count(*) AS many
    FROM sources WHERE retired_at IS NULL GROUP BY 1
"""
_OPEN = """
    SELECT channel, state, held, count(*) AS many, min(created_at) AS created, min(not_before) AS due
    FROM deliveries WHERE state IN ('pending', 'claimed') GROUP BY channel, state, held
"""
