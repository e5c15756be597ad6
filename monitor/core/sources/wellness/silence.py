"""Has a source been silent for too long? By how often, and at which hours of the week, it brings something new."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median_high
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

LEARNT = timedelta(weeks=8)
"""Over which time it is learnt when something new comes."""
_SHORTEST = timedelta(hours=24)
_PAUSES = 6  # usual times between two arrivals
_UNKNOWN = timedelta(days=14)  # the longest silence of a source that has not brought enough to know
_FEW = 3  # pauses, fewer of which say nothing
_WEEK_KNOWN = timedelta(days=14)  # of arrivals, before the hours of the week count


@dataclass(frozen=True, slots=True)
class Arrivals:
    """When a source brought something new.

    Attributes:
        hours: the hours in which it did, as their beginnings, ascending; of the time in which habits are learnt.
        last: when it last did.
    """

    hours: tuple[datetime, ...]
    last: datetime

    @property
    def pause(self) -> timedelta | None:
        """The usual time between two arrivals, None if there were too few to know."""
        pauses = [later - earlier for earlier, later in zip(self.hours, self.hours[1:], strict=False)]
        return median_high(pauses) if len(pauses) >= _FEW else None

    def expected(self, until: datetime) -> float | None:
        """In how many hours since the last arrival the source brings something in an average week.

        None if it is not known for long enough. So no source is called silent on a Sunday if it rests on Sundays.
        """
        if not self.hours or self.last - self.hours[0] < _WEEK_KNOWN:
            return None
        weeks = (self.last - self.hours[0]) // timedelta(
            weeks=1
        ) + 1  # some hours came once less: rather too few
        usual = Counter(map(_hour_of_week, self.hours))
        whole, rest = divmod(int((until - self.last) / timedelta(hours=1)), 7 * 24)
        since = (self.last + timedelta(hours=number) for number in range(1, rest))
        return (whole * usual.total() + sum(usual[_hour_of_week(each)] for each in since)) / weeks


def arrivals(times: Sequence[datetime]) -> Arrivals | None:
    """When a source brought something whose entries arrived then, in any order; None if there are none."""
    hours = sorted({each.replace(minute=0, second=0, microsecond=0) for each in times})
    if not hours:
        return None
    last = max(times)
    return Arrivals(tuple(hour for hour in hours if hour >= last - LEARNT), last)


def silence(known: Arrivals, now: datetime) -> str:
    """That nothing new came for too long, empty if that is not so.

    Too long is six times the usual time between two arrivals, at least a day, in which the source, by the hours of
    its usual week, brings something at least six times.
    """
    pause = known.pause
    longest = _UNKNOWN if pause is None else max(_SHORTEST, _PAUSES * pause)
    expected = known.expected(now)
    if now - known.last <= longest or (expected is not None and expected < _PAUSES):
        return ""
    usually = f", usually every {_span(pause)}" if pause else ""
    return f"nothing new since {known.last:%Y-%m-%d %H:%M} UTC{usually}"


def _hour_of_week(moment: datetime) -> int:
    return moment.weekday() * 24 + moment.hour


def _span(pause: timedelta) -> str:
    hours = round(pause / timedelta(hours=1))
    return f"{hours} h" if hours < 48 else f"{round(hours / 24)} days"  # noqa: PLR2004  two days
