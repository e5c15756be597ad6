"""Which days of the calendar are meant, seen from the day on which a text was published."""

from __future__ import annotations

from calendar import monthrange
from datetime import MAXYEAR, MINYEAR, date, timedelta

from monitor.core.statements import Period

YEARS = range(1900, 2101)
"""The years that a text may mean."""

MONTHS = range(1, 13)
"""The numbers of the months."""

_MONTHS = 12
_WEEK = 7
_AHEAD = 1.75  # what is ahead counts as farther away: news looks back, unless it says that it speaks of plans
_DAY = timedelta(days=1)


def day(year: int, month: int, number: int) -> date | None:
    """The day of the calendar, or None if it has no such day."""
    if MINYEAR < year < MAXYEAR and month in MONTHS and 1 <= number <= monthrange(year, month)[1]:
        return date(year, month, number)
    return None


def days_of(year: int, month: int, first: int, last: int | None = None) -> Period | None:
    """A day of a month, or the days up to `last`; None if the calendar has no such days."""
    begin, end = day(year, month, first), day(year, month, last or first)
    return Period(begin, end) if begin and end and begin <= end else None


def month_of(year: int, month: int) -> Period | None:
    """A whole month."""
    return days_of(year, month, 1, monthrange(year, month)[1]) if month in MONTHS else None


def year_of(year: int) -> Period:
    """A whole year."""
    return Period(date(year, 1, 1), date(year, _MONTHS, 31))


class Today:
    """The day of publication, from which what a text names without a year is reckoned.

    Args:
        today: the day of publication where the text was written.
        latest: the last day that may already have begun where it was written; `today` if that place is known.
    """

    def __init__(self, today: date, latest: date | None = None) -> None:
        self._today = today
        self._latest = latest or today

    def shifted(self, unit: str, count: int) -> Period:
        """The day, week, month or year that is `count` away from the present one; weeks begin on Monday."""
        if unit == "day":
            there = self._today + count * _DAY
            return Period(there, there)
        if unit == "week":
            monday = self._today + (_WEEK * count - self._today.weekday()) * _DAY
            return Period(monday, monday + (_WEEK - 1) * _DAY)
        if unit == "year":
            return year_of(self._today.year + count)
        return _whole(*self._month(count))

    def weekday(self, number: int, shift: int | None, *, ahead: bool) -> Period:
        """The weekday (Monday is 0) of the last or next week, else the nearest one that has begun or is ahead."""
        if shift is not None and shift != 0:
            # "Last Monday" is the one before today, "next Monday" the one after it.
            gap = (number - self._today.weekday()) % _WEEK
            gap = (gap or _WEEK) if shift > 0 else (gap or _WEEK) - _WEEK if gap else -_WEEK
            there = self._today + gap * _DAY
        elif ahead or shift == 0:
            base = self._today if ahead else self._today - self._today.weekday() * _DAY
            there = base + ((number - base.weekday()) % _WEEK) * _DAY
        else:
            there = self._latest - ((self._latest.weekday() - number) % _WEEK) * _DAY
        return Period(there, there)

    def weekday_of_week(self, number: int, shift: int) -> Period:
        """The weekday of the week that is `shift` away from the present one."""
        monday = self._today - self._today.weekday() * _DAY
        there = monday + (_WEEK * shift + number) * _DAY
        return Period(there, there)

    def day_of_month(self, number: int, shift: int | None, *, ahead: bool) -> Period | None:
        """The day of the month that is `shift` away; without it the nearest that has begun or is ahead."""
        if shift is not None:
            return days_of(*self._month(shift), number)
        for count in range(3) if ahead else range(0, -3, -1):
            found = day(*self._month(count, self._today if ahead else self._latest), number)
            if found and (found >= self._today if ahead else found <= self._latest):
                return Period(found, found)
        return None

    def day_and_month(self, month: int, first: int, last: int | None, *, ahead: bool) -> Period | None:
        """The day, or days, of the month in the year in which they are nearest."""
        found = [days_of(self._today.year + count, month, first, last) for count in (-1, 0, 1)]
        return self._nearest(found, ahead=ahead)

    def month(self, number: int, *, ahead: bool) -> Period | None:
        """The month in the year in which it is nearest."""
        found = [month_of(self._today.year + count, number) for count in (-1, 0, 1)]
        return self._nearest(found, ahead=ahead)

    def _nearest(self, found: list[Period | None], *, ahead: bool) -> Period | None:
        periods = [one for one in found if one and (not ahead or one.last >= self._today)]
        return min(periods, key=self._distance, default=None)

    def _distance(self, period: Period) -> float:
        return max((period.first - self._today).days * _AHEAD, (self._today - period.last).days, 0)

    def _month(self, count: int, base: date | None = None) -> tuple[int, int]:
        base = base or self._today
        years, month = divmod(base.month - 1 + count, _MONTHS)
        return base.year + years, month + 1


def _whole(year: int, month: int) -> Period:
    return Period(date(year, month, 1), date(year, month, monthrange(year, month)[1]))
