"""When is a source looked at again, and when is a page that could not be read tried again?

Looks are spent where they shorten the wait most. If entries come by chance, at `rate` an hour, and a look every T
finds them, they wait T / 2 in the mean; for a given number of looks the mean over all sources and hours is least if
1 / T grows with the square root of the rate (tests/bench/bench_pacing.py measures it beside other rules).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import IntEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from monitor.core.delivery.policy import Quiet, next_time, quiet_until
from monitor.core.sources.rhythm import Habits, listen, pieces
from monitor.core.wishes import OF_A_SITE, bounded
from spiders.items import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from monitor.core.sources.rhythm import Rhythm
    from monitor.core.sources.state import SourceState
    from spiders.items import CrawlReport, Entry, Source

BREAKING = timedelta(hours=2)
"""For so long after an alert its story counts as breaking."""

_READ_ATTEMPTS = 5
_HOPELESS = frozenset(
    {"http_404", "http_410", "blocked_private_address", "blocked_scheme", "robots", "no_text"}
)
_BUSY = 30.0  # entries per hour of a source that is looked at as often as its weight allows
_UNKNOWN = 1.0  # entries per hour of a source that was never read
_POWER = 0.5  # of the rate, in the number of looks: the square root
_HEAVIEST = 5
_MOMENT = timedelta(microseconds=1)
_NEW_AT_ONCE, _NEW_A_SECOND = (
    1_000,
    100,
)  # sources that are due at once when they are declared, and those after them
_SPREAD = timedelta(minutes=1)  # within which the looks of a fixed time of the day begin


class Stir(IntEnum):
    """What a source has to do with a story that is breaking: how much more it weighs for that."""

    NONE = 0
    LANGUAGE = 1  # the story is told in its language
    REPORTED = 4  # it has told the story


@dataclass(frozen=True, slots=True)
class Stirs:
    """Who told the stories that are breaking, and in which languages."""

    sources: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.sources or self.languages)

    def without(self, other: Stirs) -> Stirs:
        """Who and what is not among the others."""
        return Stirs(self.sources - other.sources, self.languages - other.languages)

    def joined(self, other: Stirs) -> Stirs:
        """All of both."""
        return Stirs(self.sources | other.sources, self.languages | other.languages)

    def of(self, source: Source) -> Stir:
        """What they have to do with a source."""
        if source.name in self.sources:
            return Stir.REPORTED
        return Stir.LANGUAGE if source.language in self.languages else Stir.NONE


@dataclass(frozen=True, slots=True)
class Pace:
    """How often to look.

    Attributes:
        fastest: between two looks at a busy source of weight 5; each weight less doubles it.
        slowest: the longest time between two looks, unless a source fails.
        failing: the longest time between two looks at a source that fails; it is never given up.
    """

    fastest: timedelta = timedelta(minutes=1)
    slowest: timedelta = timedelta(hours=2)
    failing: timedelta = timedelta(hours=6)

    def floor(self, weight: int) -> timedelta:
        """The shortest time between two looks at a source of this weight."""
        return min(self.fastest * 2.0 ** (_HEAVIEST - min(weight, _HEAVIEST)), self.slowest)

    @property
    def stirrable(self) -> tuple[int, ...]:
        """The weights of sources that a breaking story can have looked at sooner."""
        weights = range(1, _HEAVIEST + 1)
        return tuple(each for each in weights if self.floor(each + max(Stir)) < self.floor(each))


def first_looks(many: int, now: datetime) -> Iterator[datetime]:
    """When so many sources are looked at first that are new: now, and one after another if there are very many."""
    return (now + timedelta(seconds=max(0, number - _NEW_AT_ONCE) / _NEW_A_SECOND) for number in range(many))


def next_look(  # noqa: PLR0913  all that bears on it
    source: Source,
    report: CrawlReport,
    failures: int,
    habits: Habits,
    *,
    stir: Stir = Stir.NONE,
    now: datetime,
    pace: Pace,
    chance: float,
) -> datetime:
    """When to look at a source again after this report.

    Args:
        source: what is looked at, with the times it is to be looked at.
        report: how the look ended.
        failures: looks that have failed in a row, this one included.
        habits: what this look and those before taught; its `ttl` often is a default that nobody chose, so it does not
            count while a story breaks.
        stir: whether a story is breaking that concerns it.
        now: the time of the report.
        pace: how often to look.
        chance: a number from 0 to 1 that spreads the looks, so that sources do not march in step.
    """
    floor, share = pace.floor(source.weight + stir), 0.9 + 0.2 * chance
    earliest = max(now, habits.wait_until or now)
    if report.outcome is Outcome.FAILED:
        return max(earliest, now + min(floor * 2.0 ** min(failures, 16), pace.failing) * share)
    if not stir:
        earliest = max(earliest, now + bounded(habits.ttl, pace.slowest))
    if source.times:
        first = max(earliest, now + _MOMENT)
        return next_time(first, source.times, ZoneInfo(source.timezone)) + min(floor, _SPREAD) * chance
    return _awake(source, max(earliest, _spent(habits.rhythm, floor, share, now, pace)), floor * chance)


def hastened(state: SourceState, stir: Stir, *, now: datetime, pace: Pace, chance: float) -> datetime:
    """When to look at a source as a story begins to break that concerns it: not later than it is due.

    A source that fails, or is looked at at fixed times, is left alone, and what its server asked for holds.
    """
    if state.failures or state.looked_at is None or state.source.times:
        return state.next_due
    floor, share = pace.floor(state.source.weight + stir), 0.9 + 0.2 * chance
    due = max(
        now, state.habits.wait_until or now, _spent(state.habits.rhythm, floor, share, state.looked_at, pace)
    )
    return min(state.next_due, _awake(state.source, due, floor * chance))


def learned(known: Habits, report: CrawlReport, new: Sequence[Entry], *, now: datetime, pace: Pace) -> Habits:
    """What is known of a source's habits after a look.

    Args:
        known: what was known before.
        report: how the look ended.
        new: what it found that the source has not listed before.
        now: the time of the report.
        pace: how often to look.
    """
    wait_until = now + max(_wish(report), bounded(report.max_age, pace.slowest))
    match report.outcome:
        case Outcome.FAILED:
            return replace(known, wait_until=wait_until)
        case Outcome.UNCHANGED if known.rhythm is None:  # what the source holds is still to be seen
            return replace(known, wait_until=wait_until)
        case _:
            rhythm = listen(known.rhythm, [entry.published for entry in new], now)
            ttl = report.ttl if report.outcome is Outcome.OK else known.ttl
            return Habits(rhythm, ttl, wait_until)


def next_read(report: CrawlReport, attempts: int, *, now: datetime, pace: Pace) -> datetime | None:
    """When to try to read a page again that failed, or None if it is not worth it.

    `attempts` counts the attempts so far, this one included.
    """
    if report.reason in _HOPELESS or attempts >= _READ_ATTEMPTS:
        return None
    wait = min(pace.fastest * 4.0 ** (attempts - 1), pace.failing)
    return now + max(wait, _wish(report))


def _spent(rhythm: Rhythm | None, floor: timedelta, share: float, begin: datetime, pace: Pace) -> datetime:
    """When a look is due that is spent hour by hour, faster in busy hours; `share` of one look is to be spent."""
    end = begin + pace.slowest * share
    for since, until in pieces(begin, end):
        rate = rhythm.usual(since) * rhythm.level if rhythm else _UNKNOWN
        interval = min(floor * math.pow(max(_BUSY / rate, 1.0), _POWER), pace.slowest)
        if since + interval * share <= until:
            return since + interval * share
        share -= (until - since) / interval
    return end


def _awake(source: Source, due: datetime, late: timedelta) -> datetime:
    """The time itself, or a little after the end of the quiet hours that it lies in."""
    quiet = Quiet(*source.quiet) if source.quiet else None
    end = quiet_until(quiet, ZoneInfo(source.timezone), due)
    return due if end is None else end + late


def _wish(report: CrawlReport) -> timedelta:
    """How long Retry-After asks us to wait, within bounds."""
    return bounded(report.retry_after, OF_A_SITE)
