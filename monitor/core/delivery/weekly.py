"""Once a week at a local time: when was it due last?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_DAYS = 7


@dataclass(frozen=True, slots=True)
class WeekTime:
    """A time of the day on a day of the week, where Monday is 0."""

    day: int
    at: time

    def last(self, before: datetime, zone: ZoneInfo) -> datetime:
        """When it was the last time, not after `before`, in UTC.

        On a night on which the clock changes, a time that does not exist is an hour later, and one that exists twice
        is the first of both: so it comes once in every week.
        """
        today = before.astimezone(zone).date()
        days = (today - _DAY * number for number in range(-1, 2 * _DAYS))
        moments = (
            datetime.combine(day, self.at, zone).astimezone(UTC) for day in days if day.weekday() == self.day
        )
        return next(moment for moment in moments if moment <= before)

    def week(self, before: datetime, zone: ZoneInfo) -> str:
        """The name of the week that was over when it was due last: `2026-W48`, from Monday to Sunday."""
        due = self.last(before, zone).astimezone(zone).date()
        year, number, _ = (due - _DAYS * _DAY).isocalendar()
        return f"{year:04}-W{number:02}"
