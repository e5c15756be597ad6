"""What the history knows of how sources are: what they are judged by, and how they were judged."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from monitor.core.sources.wellness import FAILURES, Record, View
from monitor.core.sources.wellness.habits import HABIT, Shape
from monitor.core.sources.wellness.silence import LEARNT, Arrivals, arrivals
from monitor.core.sources.wellness.telling import NETWORK, Reach
from monitor.store.columns import read_optional_time, read_time
from monitor.store.database import change, rows, snapshot, transaction
from monitor.store.gaps import recent_gaps

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from monitor.core.sources.state import Diagnosis
    from monitor.store.database import Database

_BUSY = timedelta(hours=24)  # what brought something since then is not silent: no need to know its habits
_MOST_ARRIVALS = 5000
_WEEK = timedelta(days=7)
_HOUR = timedelta(hours=1)
# The first look of each day; a day is a prefix of its times, and `T` sorts before `Z`.
_PAST = """
    SELECT * FROM looks WHERE id IN (
        SELECT (
            SELECT id FROM looks WHERE source = ? AND outcome = 'ok'
                AND looked_at > day.value AND looked_at < day.value || 'Z' ORDER BY looked_at LIMIT 1
        ) FROM json_each(?) AS day
    )
"""
# What was published long before it was found, as at the first look, arrived then. One for each hour is enough.
_ARRIVALS = """
    SELECT max(at) AS at FROM (
        SELECT min(ifnull(published, linked.found_at), linked.found_at) AS at
        FROM entry_sources AS linked JOIN entries ON entries.id = linked.entry
        WHERE linked.source = ? AND linked.found_at > ? ORDER BY linked.found_at DESC LIMIT ?
    ) GROUP BY substr(at, 1, 13)
"""
_REACHED = """
    SELECT 1 FROM sources WHERE retired_at IS NULL AND dropped_at IS NULL AND looked_at IS NOT NULL
        AND NOT (failures > 0 AND last_reason IN (?, ?)) LIMIT 1
"""
_UNREACHED = """
    SELECT count(*) AS many, max(looked_at) AS latest, (
        SELECT name FROM sources WHERE retired_at IS NULL AND dropped_at IS NULL AND looked_at IS NOT NULL
        ORDER BY weight DESC, name LIMIT 1
    ) AS heaviest
    FROM sources WHERE retired_at IS NULL AND dropped_at IS NULL AND looked_at IS NOT NULL
"""
_UNDECLARED = """
    SELECT value FROM json_each(?)
    WHERE value NOT IN (SELECT name FROM sources WHERE name = value AND retired_at IS NULL) ORDER BY value
"""
_HARVESTS = """
    SELECT name, baseline_at,
        (SELECT max(found_at) FROM entry_sources WHERE source = name AND found_at > baseline_at) AS latest,
        (SELECT count(*) FROM entry_sources WHERE source = name AND found_at > max(baseline_at, ?)) AS new
    FROM sources WHERE retired_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Harvest:
    """What a source brings: when it last had something new, and how many new entries a day in the last week.

    Both are None if it brought nothing since its first look, or is known for less than an hour.
    """

    last_new: datetime | None = None
    per_day: float | None = None


class Wellness:
    """How the sources of a history are. Methods may raise StorageError or a subclass; then nothing was changed."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def unjudged(self, limit: int, *, after: str = "") -> tuple[str, ...]:
        """At most `limit` declared sources of which something new became known since they were judged, by name."""
        found = rows(
            self._db,
            "SELECT name FROM sources WHERE judged = 0 AND retired_at IS NULL AND name > ? ORDER BY name LIMIT ?",
            (after, limit),
        )
        return tuple(row["name"] for row in found)

    def reach(self) -> Reach:
        """Whether sources can be reached. While they can, hardly any row is looked at."""
        reasons = sorted(NETWORK)
        if rows(self._db, _REACHED, reasons):
            return Reach()
        (row,) = rows(self._db, _UNREACHED)
        latest = read_optional_time(row["latest"])
        return Reach(any_reached=False, looked_at=row["many"], latest=latest, heaviest=row["heaviest"])

    def undeclared(self, names: Iterable[str]) -> tuple[str, ...]:
        """Which of these are names of no declared source."""
        found = rows(self._db, _UNDECLARED, (json.dumps(list(names)),))
        return tuple(row["value"] for row in found)

    def harvests(self, now: datetime) -> Mapping[str, Harvest]:
        """What each declared source brings, by name."""
        found = rows(self._db, _HARVESTS, (now - _WEEK,))
        return {row["name"]: _harvest(row, now) for row in found}

    def harvest(self, source: str, now: datetime) -> Harvest:
        """What one declared source brings."""
        found = rows(self._db, f"{_HARVESTS} AND name = ?", (now - _WEEK, source))
        return _harvest(found[0], now) if found else Harvest()

    def record(self, source: str, now: datetime) -> Record:
        """What a source is judged by."""
        with snapshot(self._db):
            last = rows(
                self._db,
                "SELECT * FROM looks WHERE source = ? ORDER BY looked_at DESC, id DESC LIMIT ?",
                (source, FAILURES),
            )
            listed = rows(
                self._db,
                "SELECT * FROM looks WHERE source = ? AND outcome = 'ok' ORDER BY looked_at DESC, id DESC LIMIT 2",
                (source,),
            )
            days = [(now.date() - timedelta(days=day)).isoformat() for day in range(HABIT.days)]
            past = rows(self._db, _PAST, (source, json.dumps(days)))
            return Record(
                reasons=tuple(row["reason"] if row["outcome"] == "failed" else "" for row in last),
                views=_views(last, listed),
                past=tuple(map(_shape, past)),
                arrivals=self._arrivals(source, now),
                gaps=recent_gaps(self._db, source, now),
            )

    def keep(self, source: str, diagnosis: Diagnosis, now: datetime) -> None:
        """Keep how a source was judged; since when it is so changes only if its condition does."""
        self.keep_all({source: diagnosis}, now)

    def keep_all(self, judged: Mapping[str, Diagnosis], now: datetime) -> None:
        """As `keep`, for several by their names, in one transaction."""
        if not judged:
            return
        with transaction(self._db):
            for source, diagnosis in judged.items():
                change(
                    self._db,
                    """UPDATE sources SET judged = 1, condition_text = ?,
                        condition_since = iif(condition = ? AND condition_since IS NOT NULL, condition_since, ?),
                        condition = ?
                    WHERE name = ?""",
                    (diagnosis.text, diagnosis.condition, now, diagnosis.condition, source),
                )

    def _arrivals(self, source: str, now: datetime) -> Arrivals | None:
        (row,) = rows(
            self._db,
            """SELECT max(found_at) AS latest, baseline_at FROM sources
            JOIN entry_sources ON source = name WHERE name = ?""",
            (source,),
        )
        if row["latest"] is None:
            return None
        latest = read_time(row["latest"])
        is_news = row["latest"] != row["baseline_at"]
        if is_news and latest > now - _BUSY:
            return arrivals([latest])
        found = rows(self._db, _ARRIVALS, (source, latest - LEARNT, _MOST_ARRIVALS))
        times = [read_time(each["at"]) for each in found]
        return arrivals([*times, latest] if is_news else times)


def _views(last: list[dict[str, Any]], listed: list[dict[str, Any]]) -> tuple[View, ...]:
    """The last two looks that ended well; one that found nothing changed saw what was listed last."""
    unchanged = [row for row in last if row["outcome"] == "unchanged"][:2]
    good = sorted([*unchanged, *listed], key=lambda row: (row["looked_at"], row["id"]), reverse=True)[:2]
    seen = []
    for row in good:
        shown = next((each for each in listed if each["id"] <= row["id"]), None)
        if shown:
            seen.append(View(_shape(shown), row["landed"]))
    return tuple(seen)


def _shape(row: Mapping[str, Any]) -> Shape:
    return Shape(
        entries=row["entries"],
        titled=row["titled"],
        dated=row["dated"],
        teased=row["teased"],
        ahead=row["ahead"],
        moments=row["moments"],
    )


def _harvest(row: Mapping[str, Any], now: datetime) -> Harvest:
    since = read_optional_time(row["baseline_at"])
    if since is None or now - since < _HOUR:
        return Harvest()
    days = min(now - since, _WEEK) / timedelta(days=1)
    return Harvest(read_optional_time(row["latest"]), row["new"] / days)
