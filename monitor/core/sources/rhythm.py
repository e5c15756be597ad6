"""How often does a source have something new, and at which hours of the week?

What is counted is what a source lists for the first time, by the hour in which it was published. Counts fade, so that
a source that changes its habits is learned anew. Few counts say little: the rate of an hour of the week leans on that
of the hour of the day, and that on the mean of all hours, until there are enough (the mean of a Poisson rate with a
gamma prior; the prior is worth as many entries as `_LEAN`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

HOUR = timedelta(hours=1)
_DAY, WEEK = 24, 168  # hours
_FADE = 4 * WEEK / math.log(2)  # hours in which a count fades to 1/e: half of it is left after four weeks
_LATELY = 24.0  # hours in which what happened lately fades to 1/e
_GUESS = 1.0  # entries per hour of a source of which nothing is known
_GUESS_WEIGHT = 0.5  # entries that the guess is worth
_LEAN = 8.0  # entries that the coarser rate is worth beside the counts of an hour
_LEVEL_LEAN = 5.0  # the same for what happened lately beside what was expected
_MOST = 100  # entries of one look that are counted: a source that is set up anew may list thousands
_STRAY = timedelta(days=1)  # published longer than this before the last look, it was not published then
_BACKLOG = timedelta(days=14)  # how far what a first look finds is taken for the rhythm


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What is known of a source's habits.

    Attributes:
        since: the begin of the time that was counted.
        until: its end; counts are as faded as they are at the begin of this day.
        hours: faded counts by hour of the week in UTC, the first is Monday's 0:00.
        lately: the count of the last day, fading quickly.
        expected: what it would be if the source kept to its habits.
    """

    since: datetime
    until: datetime
    hours: tuple[float, ...] = field(default=(0.0,) * WEEK)
    lately: float = 0.0
    expected: float = 0.0

    @property
    def level(self) -> float:
        """How busy the source is at present, as a multiple of its habits."""
        return (self.lately + _LEVEL_LEAN) / (self.expected + _LEVEL_LEAN)

    def usual(self, at: datetime) -> float:
        """Entries per hour at such an hour of the week, by its habits."""
        hour = _hour(at)
        span = (self.until - self.since) / HOUR
        rate = (sum(self.hours) + _GUESS_WEIGHT) / (_faded(span) + _GUESS_WEIGHT / _GUESS)
        for period in (_DAY, WEEK):
            count = watched = 0.0
            for near, part in ((hour, 1.0), (hour - 1, 0.5), (hour + 1, 0.5)):
                count += part * sum(self.hours[near % period :: period])
                watched += part * self._watched(near, period, span)
            rate = (count + _LEAN) / (watched + _LEAN / rate)
        return rate

    def _watched(self, hour: int, period: int, span: float) -> float:
        """For how many hours, faded as the counts are, such an hour was watched that comes once in a period."""
        now = _hour(self.until) + (self.until.minute * 60 + self.until.second) / 3600
        age = (now - hour) % period  # since it last began
        if age > span:
            return max(0.0, span - max(age - 1.0, 0.0))
        again, fading = (span - age) // period, math.exp(-period / _FADE)
        return min(age, 1.0) + fading * (1.0 - math.pow(fading, again)) / (1.0 - fading)


@dataclass(frozen=True, slots=True)
class Habits:
    """What looks taught about when to look again.

    Attributes:
        rhythm: how often there is something new, None before the first good look.
        ttl: seconds for which the feed says that it stays as it is, None if it does not.
        wait_until: the server asked not to be called earlier, None if it never did.
    """

    rhythm: Rhythm | None = None
    ttl: float | None = None
    wait_until: datetime | None = None


def listen(known: Rhythm | None, published: Sequence[datetime | None], now: datetime) -> Rhythm:
    """What is known of a source after a look that ended well.

    Args:
        known: what was known before, None at the first look: then what the source already holds is taken.
        published: of the entries that are new at this look, as the source says.
        now: the time of the look.
    """
    if known is None:
        return _from_backlog(published, now)
    if now <= known.until:  # the clock was set back
        return replace(known, until=now, since=min(known.since, now))
    middle = known.until + (now - known.until) / 2
    times = [
        at if at is not None and known.until - _STRAY < at <= now else middle for at in published[:_MOST]
    ]
    fading = math.exp(-((now - known.until) / HOUR) / _LATELY)
    forecast = sum(
        known.usual(begin) * ((end - begin) / HOUR) * math.exp(-((now - end) / HOUR) / _LATELY)
        for begin, end in pieces(max(known.until, now - HOUR * WEEK), now)
    )
    return replace(
        known,
        until=now,
        hours=_counted(_fade(known.hours, (now.date() - known.until.date()).days), times),
        lately=known.lately * fading + sum(math.exp(-((now - at) / HOUR) / _LATELY) for at in times),
        expected=known.expected * fading + forecast,
    )


def pieces(begin: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The time between, cut at full hours of UTC."""
    while begin < end:
        full = begin.replace(minute=0, second=0, microsecond=0) + HOUR
        yield begin, min(full, end)
        begin = full


def _from_backlog(published: Sequence[datetime | None], now: datetime) -> Rhythm:
    """The rhythm of what a source holds when it is met.

    A list holds the latest entries, so it counts from its oldest one on; but the oldest quarter of it may have been
    left there for other reasons, and is not counted.
    """
    times = sorted(at for at in published if at is not None and now - _BACKLOG < at <= now)
    times = times[len(times) // 4 :]
    since = times[0] if times else now
    return Rhythm(since, now, _counted((0.0,) * WEEK, times[1:]))


def _counted(hours: Sequence[float], times: Sequence[datetime]) -> tuple[float, ...]:
    counts = list(hours)
    for at in times:
        counts[_hour(at)] += 1.0
    return tuple(counts)


def _fade(hours: tuple[float, ...], days: int) -> tuple[float, ...]:
    if days <= 0:
        return hours
    factor = math.exp(-days * _DAY / _FADE)
    return tuple(count * factor for count in hours)


def _faded(span: float) -> float:
    """Hours of watching, faded as the counts are."""
    return _FADE * (1.0 - math.exp(-span / _FADE))


def _hour(at: datetime) -> int:
    """The hour of the week."""
    return at.weekday() * _DAY + at.hour
