"""Points in time as feeds and pages write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from dateutil import parser  # type: ignore[import-untyped]  # ships no type information

_LONGEST = 64
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)|^\d{8}")
_CLOCK = re.compile(r"\d\s*[:hT]\s*\d|\d{4}-?\d\d-?\d\dT\d\d", re.IGNORECASE)
_DOTTED = re.compile(r"\d{1,2}\.\d{1,2}\.")  # 05.11.2026 is in November; with slashes, Americans write most
# 2026年11月17日 午後3時20分, 2026년 11월 17일 오후 3시 20분, 2026.11.17. 15:20
_EAST_DAY = re.compile(r"(\d{4})\s*[年년.]\s*(\d{1,2})\s*[月월.]\s*(\d{1,2})\s*[日일.]?")
_EAST = re.compile(r"[時时点點시午전후]")
_EAST_CLOCK = re.compile(
    r"(?:上午|午前|오전|(下午|午後|오후))?\s*(\d{1,2})\s*(?:[時时点點시]|:)\s*(?:(\d{1,2})\s*[分분]?)?(:\d\d)?"
)
# Two days that share no part: what differs between two readings was not in the text.
_DEFAULTS = (datetime(2000, 1, 1), datetime(2003, 2, 2))  # noqa: DTZ001  the parser wants what it must fill in
_HOURS = {
    "KST": 9, "JST": 9, "MSK": 3, "MSD": 4, "CST": -6, "CDT": -5, "EST": -5, "EDT": -4, "MST": -7, "MDT": -6,
    "PST": -8, "PDT": -7, "BST": 1, "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2, "EET": 2,
    "EEST": 3, "TRT": 3, "IST": 5.5, "HKT": 8, "SGT": 8, "ICT": 7, "WIB": 7, "VLAT": 10, "AEST": 10, "AEDT": 11,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time in UTC; `day_only` says that only its date was stated."""

    time: datetime
    day_only: bool


def read_moment(text: str) -> Moment | None:
    """The moment that `text` states, or None if it states no full date.

    A time without a zone is taken as UTC: what zone the writer had in mind is not known, and a guess would look like
    knowledge. Korean content systems write such times, so they can be nine hours late.
    """
    text = _EAST_DAY.sub(_western_day, " ".join(text[: _LONGEST + 1].split()))
    if _EAST.search(text):
        text = _EAST_CLOCK.sub(_western_clock, text)
    if not text or len(text) > _LONGEST or not _YEAR.search(text):
        return None
    time = _iso(text) or _free(text)
    return Moment(time, day_only=not _CLOCK.search(text)) if time else None


def in_utc(time: datetime) -> datetime | None:
    """The time in UTC, a missing zone read as UTC; None at the edges of the calendar."""
    try:
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def _western_day(day: re.Match[str]) -> str:
    return f"{day[1]}-{int(day[2]):02}-{int(day[3]):02}"


def _western_clock(clock: re.Match[str]) -> str:
    hour = int(clock[2]) + (12 if clock[1] and int(clock[2]) < 12 else 0)  # noqa: PLR2004  noon
    return f" {hour:02}:{int(clock[3] or 0):02}{clock[4] or ''}"


def _iso(text: str) -> datetime | None:
    try:
        return in_utc(datetime.fromisoformat(text))
    except ValueError:
        return None


def _free(text: str) -> datetime | None:
    dotted = _DOTTED.match(text) is not None
    readings = []
    for default in _DEFAULTS:
        try:
            readings.append(parser.parse(text, default=default, dayfirst=dotted, tzinfos=_zone))
        except (
            ValueError,
            OverflowError,
            TypeError,
            AttributeError,
            IndexError,
        ):  # all seen from hostile text
            return None
    first, second = readings
    return in_utc(first) if first == second else None


def _zone(name: str | None, offset: int | None) -> int | None:
    if offset is not None:
        return offset
    hours = _HOURS.get(name or "")
    return None if hours is None else int(timedelta(hours=hours).total_seconds())
