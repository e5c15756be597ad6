"""Rules that say when to look again: Tumen's own, and those that others publish."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from monitor.core.sources.pacing import Pace, next_look
from monitor.core.sources.rhythm import Habits, listen
from spiders.items import CrawlReport, Kind, Outcome, Source

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence

CEILING = timedelta(hours=24)  # of all rules
_WEEK = timedelta(days=7)
_SOURCE = Source("source", "Source", "https://source.example/rss", Kind.FEED, weight=5)
_GOOD = CrawlReport("look", Outcome.OK)


class Rule(Protocol):
    """Of one source."""

    def again(self, new: Sequence[datetime], now: datetime) -> datetime:
        """When to look again after a look that found these publications."""


class Tumen:
    """`monitor.core.sources.pacing`, with a `fastest` that spends a given number of looks."""

    def __init__(self, fastest: timedelta, random_: random.Random) -> None:
        self._pace = Pace(fastest=fastest, slowest=CEILING)
        self._random = random_
        self._habits = Habits()

    def again(self, new: Sequence[datetime], now: datetime) -> datetime:
        self._habits = Habits(listen(self._habits.rhythm, new, now))
        chance = self._random.random()
        return next_look(_SOURCE, _GOOD, 0, self._habits, now=now, pace=self._pace, chance=chance)


class Fixed:
    """The same interval for all."""

    def __init__(self, interval: timedelta) -> None:
        self._interval = interval

    def again(self, _new: Sequence[datetime], now: datetime) -> datetime:
        return now + self._interval


class EntryFrequency:
    """Miniflux: `ScheduleNextCheck` and `WeeklyFeedEntryCount`, as POLLING_SCHEDULER=entry_frequency by default."""

    _LEAST = timedelta(minutes=5)

    def __init__(self) -> None:
        self._known: list[datetime] = []

    def again(self, new: Sequence[datetime], now: datetime) -> datetime:
        self._known = [at for at in (*self._known, *new) if at >= now - _WEEK]
        gaps = len(self._known) - 1
        span = max(self._known) - min(self._known) if gaps > 0 else timedelta()
        if not span:
            return now + CEILING
        weekly = math.ceil(_WEEK / (span / gaps))
        return now + max(min(_WEEK / weekly, CEILING), self._LEAST)


class Overlap:
    """Media Cloud's rss-fetcher: `_check_auto_adjust` with its defaults; a feed lists its last 25 entries."""

    _DEFAULT, _LEAST = timedelta(hours=6), timedelta(minutes=10)
    _STEP, _SMALL, _SMALL_DAYS = timedelta(hours=1), timedelta(minutes=10), timedelta(days=31)
    _LISTED, _FEW, _MANY = 25, 33, 67  # entries; per cent that are known already

    def __init__(self) -> None:
        self._interval = self._DEFAULT
        self._seen = 0
        self._last_new: datetime | None = None

    def again(self, new: Sequence[datetime], now: datetime) -> datetime:
        first, self._seen = not self._seen, self._seen + len(new)
        listed = min(self._LISTED, self._seen)
        known = 100 * max(0, listed - len(new)) / listed if new else 101
        self._last_new = now if new or self._last_new is None else self._last_new
        if known >= self._MANY:
            lately = now - self._last_new <= self._SMALL_DAYS or known < 100
            self._interval = min(self._interval + (self._SMALL if lately else self._STEP), CEILING)
        elif known < self._FEW and not first:
            longer = self._interval > self._DEFAULT
            self._interval = self._DEFAULT if longer else max(self._interval - self._STEP, self._LEAST)
        return now + self._interval


class Knowing:
    """Knows the true rate of its source, and spends looks with its square root."""

    def __init__(self, scale: timedelta, rate: Callable[[datetime], float]) -> None:
        self._scale, self._rate = scale, rate

    def again(self, _new: Sequence[datetime], now: datetime) -> datetime:
        share, step, at = 1.0, timedelta(minutes=10), now
        while at < now + CEILING:
            interval = self._scale / math.sqrt(self._rate(at))
            if interval * share <= step:
                return at + interval * share
            share -= step / interval
            at += step
        return now + CEILING
