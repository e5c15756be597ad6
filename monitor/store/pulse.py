"""How the work goes: what was looked at lately, what is overdue, and what each channel waits for.

Each question is answered from indexes, so that it costs the same in a history of any size.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.store.columns import read_optional_time
from monitor.store.database import rows, snapshot

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from monitor.store.database import Database

_OUTCOMES = ("ok", "unchanged", "failed")


@dataclass(frozen=True, slots=True)
class ChannelPulse:
    """How it stands with a channel, all its recipients together.

    Attributes:
        waiting: deliveries on their way.
        oldest: since when the oldest of them waits.
        sent: when it took a message last.
        parked: since when one of its recipients takes nothing, None if all do.
        error: what its last failure was, empty if it has none since.
    """

    waiting: int
    oldest: datetime | None
    sent: datetime | None
    parked: datetime | None
    error: str


def looks_since(db: Database, since: datetime) -> Mapping[str, int]:
    """How many looks ended in which way since then."""
    found = rows(
        db,
        """SELECT outcome, count(*) AS many FROM sources JOIN looks ON looks.source = sources.name
        WHERE looks.looked_at >= ? GROUP BY outcome""",
        (since,),
    )
    counts = {row["outcome"]: int(row["many"]) for row in found}
    return {outcome: counts.get(outcome, 0) for outcome in _OUTCOMES}


def next_look(db: Database) -> tuple[str, datetime] | None:
    """The source that is due next, or has been for longest, and when; None if none is watched."""
    found = rows(
        db,
        """SELECT name, next_due FROM sources WHERE retired_at IS NULL AND dropped_at IS NULL
        ORDER BY next_due, name LIMIT 1""",
    )
    due = read_optional_time(found[0]["next_due"]) if found else None
    return (found[0]["name"], due) if due is not None else None


def channels(db: Database) -> Mapping[str, ChannelPulse]:
    """By name, those that were ever written to."""
    with snapshot(db):
        known = rows(
            db,
            """SELECT channel, max(last_sent_at) AS sent, min(parked_since) AS parked,
            max(CASE WHEN failures > 0 THEN last_error ELSE '' END) AS error FROM recipients GROUP BY channel""",
        )
        open_ones = rows(
            db,
            """SELECT channel, count(*) AS many, min(created_at) AS oldest FROM deliveries
            WHERE state IN ('pending', 'claimed') GROUP BY channel""",
        )
    waiting = {row["channel"]: row for row in open_ones}
    about = {row["channel"]: row for row in known}
    found = {}
    for name in sorted({*waiting, *about}):
        mine, open_one = about.get(name, {}), waiting.get(name, {})
        found[name] = ChannelPulse(
            waiting=open_one.get("many", 0),
            oldest=read_optional_time(open_one.get("oldest")),
            sent=read_optional_time(mine.get("sent")),
            parked=read_optional_time(mine.get("parked")),
            error=mine.get("error") or "",
        )
    return found
