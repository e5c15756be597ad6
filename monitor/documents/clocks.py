"""Times of the day as people write them."""

from __future__ import annotations

import re
from datetime import time
from functools import cache
from typing import Annotated, Any
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, PlainSerializer, WithJsonSchema

from monitor.core.delivery.policy import Quiet
from monitor.core.delivery.weekly import WeekTime
from monitor.documents.checking import Refusal, suggestion
from monitor.documents.naming import Called

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CLOCK = r"([01]\d|2[0-3]):([0-5]\d)"


def _clock(value: Any) -> Any:
    """`07:30` as a time of the day."""
    if isinstance(value, time):
        return value
    match = re.fullmatch(_CLOCK, value.strip(), re.ASCII) if isinstance(value, str) else None
    if match is None:
        raise Refusal(
            "a time of the day has two digits for hours and minutes", "write it like 07:30 or 22:00"
        )
    return time(int(match.group(1)), int(match.group(2)))


def _hours(value: Any) -> Any:
    """`22:00-07:00` as the hours between two times of the day."""
    if isinstance(value, Quiet):
        return value
    parts = value.replace("–", "-").split("-") if isinstance(value, str) else []
    if len(parts) != 2:  # noqa: PLR2004  from and to
        raise Refusal("hours of the day are two times with - between them", "write them like 22:00-07:00")
    begin, end = map(_clock, parts)
    if begin == end:
        raise Refusal("these hours have no length", "write them like 22:00-07:00")
    return Quiet(begin, end)


def _week_clock(value: Any) -> Any:
    """`monday 08:00` as a time of the week."""
    if isinstance(value, WeekTime):
        return value
    day, _, at = value.strip().lower().partition(" ") if isinstance(value, str) else ("", "", "")
    if day not in _DAYS:
        near = suggestion(day, set(_DAYS))
        raise Refusal("a time of the week is a day and a time of it", near or "write it like monday 08:00")
    return WeekTime(_DAYS.index(day), _clock(at))


def _written(at: time) -> str:
    return at.isoformat(timespec="minutes")


def _zone(name: str) -> str:
    if name not in _zones():
        near = suggestion(name, _zones())
        raise Refusal(f"{name} is no time zone", near or "use a name like Europe/Berlin")
    return name


@cache
def _zones() -> frozenset[str]:
    return frozenset(
        available_timezones()
    )  # of all files of the system's folder, looked through anew each time


Clock = Annotated[
    time,
    BeforeValidator(_clock),
    PlainSerializer(_written, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": f"^{_CLOCK}$"}),
    Called("time of the day", "07:30"),
]
Hours = Annotated[
    Quiet,
    BeforeValidator(_hours),
    PlainSerializer(lambda hours: f"{_written(hours.begin)}-{_written(hours.end)}", when_used="json"),
    WithJsonSchema({"type": "string", "pattern": f"^{_CLOCK}-{_CLOCK}$"}),
    Called("hours", "22:00-07:00"),
]
WeekClock = Annotated[
    WeekTime,
    BeforeValidator(_week_clock),
    PlainSerializer(lambda one: f"{_DAYS[one.day]} {_written(one.at)}", when_used="json"),
    WithJsonSchema({"type": "string", "pattern": f"^({'|'.join(_DAYS)}) {_CLOCK}$"}),
    Called("day and time", "monday 08:00"),
]
TimeZone = Annotated[str, AfterValidator(_zone), Called("time zone", "Europe/Berlin")]
