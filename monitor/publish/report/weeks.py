"""Weeks as calendars count them (ISO 8601): `2026-W48`, from Monday to Sunday. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from monitor.core.errors import InputError
from monitor.store.views.volume import midnight

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_NAME = re.compile(r"(\d{4})-?W(\d{1,2})", re.ASCII | re.IGNORECASE)
_DAYS = 7
_YEARS = range(1970, 9999)


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """A week by its Monday."""

    first: date

    @property
    def last(self) -> date:
        """Its Sunday."""
        return self.first + timedelta(days=_DAYS - 1)

    @property
    def name(self) -> str:
        """`2026-W48`."""
        year, number, _ = self.first.isocalendar()
        return f"{year:04}-W{number:02}"

    def begin(self, zone: ZoneInfo) -> datetime:
        """When it begins in a zone, in UTC."""
        return midnight(self.first, zone)

    def end(self, zone: ZoneInfo) -> datetime:
        """When the next one begins."""
        return midnight(self.first + timedelta(days=_DAYS), zone)


def week_named(name: str) -> Week:
    """The week of a name like `2026-W48`. Raises InputError if there is none."""
    found = _NAME.fullmatch(name.strip())
    try:
        if found and int(found[1]) in _YEARS:
            return Week(date.fromisocalendar(int(found[1]), int(found[2]), 1))
    except ValueError:
        pass
    raise InputError(f"{name[:40]!r} is no week", where="--week", remedy="write it like 2026-W48")


def last_week(now: datetime, zone: ZoneInfo) -> Week:
    """The last week that is over, where the reader is."""
    today = now.astimezone(zone).date()
    return Week(today - timedelta(days=today.weekday() + _DAYS))
