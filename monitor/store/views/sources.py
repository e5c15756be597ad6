"""The pages of sources: how each is, and of one when it publishes, how it was looked at, and how soon it is found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from monitor.core.errors import InputError
from monitor.store.columns import read_optional_time, read_time
from monitor.store.database import rows, snapshot
from monitor.store.delays import finding, telling
from monitor.store.gaps import gaps_of
from monitor.store.sources import Sources
from monitor.store.wellness import Harvest, Wellness
from spiders.items import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.core.sources.catchup import Gap
    from monitor.core.sources.delays import Delay
    from monitor.core.sources.state import SourceState
    from monitor.store.database import Database

LATELY = timedelta(days=7)
"""The time over which the delays of all sources are measured."""
LONG = timedelta(days=28)
"""The time over which one source is measured: whole weeks, so that each hour of the week was there as often."""
LOOK_DAYS = 14
_LOOKS = 40  # the latest
_GAPS = 20


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A declared source: how it is, what it brings, and how soon that is found and told in the last days.

    `finding` and `telling` are None if nothing could be measured.
    """

    state: SourceState
    harvest: Harvest
    finding: Delay | None = None
    telling: Delay | None = None


@dataclass(frozen=True, slots=True)
class LookLine:
    """One look. `entries` are those that it listed, `new` those that no source had listed before."""

    at: datetime
    outcome: Outcome
    reason: str
    detail: str
    status: int | None
    seconds: float
    size: int
    entries: int
    new: int


@dataclass(frozen=True, slots=True)
class LookDay:
    """The looks of one day (in UTC): how many ended in which way, and what was new."""

    day: date
    ok: int = 0
    unchanged: int = 0
    failed: int = 0
    new: int = 0


@dataclass(frozen=True, slots=True)
class SourcePage:
    """All about one source.

    Attributes:
        line: as in the list, with its delays over `LONG`.
        hours: how many entries were published in each hour of that time, by the hour's begin in UTC. What was
            published before it was first looked at counts, if it has a date; what has none, when it was found.
        days: its looks by day, the latest first, at most `LOOK_DAYS`; days without a look are left out.
        looks: the latest ones, newest first.
        gaps: the latest ones, newest first.
        articles: pages of it that were read in that time; `relevant` of these on topic.
        retired_at: when it left the configuration, None if it is declared.
    """

    line: SourceLine
    hours: Mapping[datetime, int]
    days: tuple[LookDay, ...]
    looks: tuple[LookLine, ...]
    gaps: tuple[Gap, ...]
    articles: int
    relevant: int
    retired_at: datetime | None


def source_lines(db: Database, now: datetime) -> tuple[SourceLine, ...]:
    """All declared sources, the worst first. Raises StorageError or a subclass."""
    with snapshot(db):
        harvests = Wellness(db).harvests(now)
        found, told = finding(db, now - LATELY), telling(db, now - LATELY)
        lines = [
            SourceLine(
                state,
                harvests.get(state.source.name, Harvest()),
                found.get(state.source.name),
                told.get(state.source.name),
            )
            for state in Sources(db).states()
        ]
    return tuple(sorted(lines, key=_badness))


def source_page(db: Database, name: str, now: datetime) -> SourcePage:
    """All about one source. Raises InputError if there never was one of this name, or StorageError."""
    with snapshot(db):
        state = Sources(db).state(name)
        if state is None:
            raise InputError(f"there is no source {name}", remedy="`tumen sources list` shows them")
        since = now - LONG
        (read,) = rows(db, _READ, (name, since))
        return SourcePage(
            line=SourceLine(
                state,
                Wellness(db).harvest(name, now),
                finding(db, since, source=name).get(name),
                telling(db, since, source=name).get(name),
            ),
            hours={
                datetime.fromisoformat(row["hour"]).replace(tzinfo=UTC): row["many"]
                for row in rows(db, _HOURS, (name, since))
            },
            days=tuple(map(_day, rows(db, _DAYS, (name, now - timedelta(days=LOOK_DAYS))))),
            looks=tuple(map(_look, rows(db, _LATEST, (name, _LOOKS)))),
            gaps=gaps_of(db, name, _GAPS),
            articles=read["articles"],
            relevant=read["relevant"],
            retired_at=read_optional_time(read["retired_at"]),
        )


def _badness(line: SourceLine) -> tuple[int, str]:
    return line.state.health.diagnosis.condition.rank, line.state.source.name


_READ = """
    SELECT count(*) AS articles, count(story) AS relevant,
        (SELECT retired_at FROM sources WHERE name = ?1) AS retired_at
    FROM articles WHERE source = ?1 AND read_at >= ?2
"""
# What is dated later than it was found was published by then.
_HOURS = """
    SELECT substr(at, 1, 13) || ':00' AS hour, count(*) AS many FROM (
        SELECT min(ifnull(published, linked.found_at), linked.found_at) AS at
        FROM entry_sources AS linked JOIN entries ON entries.id = linked.entry
        WHERE linked.source = ?1 AND linked.found_at >= ?2
    ) WHERE at >= ?2 GROUP BY 1 ORDER BY 1
"""
_DAYS = """
    SELECT substr(looked_at, 1, 10) AS day, sum(outcome = 'ok') AS ok, sum(outcome = 'unchanged') AS unchanged,
        sum(outcome = 'failed') AS failed, sum(new) AS new
    FROM looks WHERE source = ? AND looked_at >= ? GROUP BY 1 ORDER BY 1 DESC
"""
_LATEST = "SELECT * FROM looks WHERE source = ? ORDER BY looked_at DESC, id DESC LIMIT ?"


def _day(row: Mapping[str, Any]) -> LookDay:
    return LookDay(date.fromisoformat(row["day"]), row["ok"], row["unchanged"], row["failed"], row["new"])


def _look(row: Mapping[str, Any]) -> LookLine:
    return LookLine(
        at=read_time(row["looked_at"]),
        outcome=Outcome(row["outcome"]),
        reason=row["reason"],
        detail=row["detail"],
        status=row["status"],
        seconds=row["seconds"],
        size=row["size"],
        entries=row["entries"],
        new=row["new"],
    )
