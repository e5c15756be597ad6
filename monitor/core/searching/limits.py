"""Which part of the history a question is about: times, and a story."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_AGO = re.compile(r"([0-9]{1,5})d", re.ASCII)
_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?", re.ASCII)
_STORY = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Limits:
    """Only articles first read at or after `after`, before `before` (both in UTC) and of the story, where given."""

    after: datetime | None = None
    before: datetime | None = None
    story: int | None = None


def within(limits: Limits, name: str, value: str, now: datetime) -> Limits | None:
    """The limits with one more; None if its value cannot be read. Of two limits the narrower counts."""
    return _READERS[name](limits, value, now)


def read_moment(text: str, now: datetime) -> datetime | None:
    """`30d` ago, `2026`, `2026-11`, `2026-11-01` or `2026-11-01T12:00`, in UTC; None for anything else."""
    try:
        if ago := _AGO.fullmatch(text):
            return now - timedelta(days=int(ago.group(1)))
        if day := _DAY.fullmatch(text):
            year, month, number = (int(part or 1) for part in day.groups())
            return datetime(year, month, number, tzinfo=UTC)
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _after(limits: Limits, value: str, now: datetime) -> Limits | None:
    moment = read_moment(value, now)
    if moment is None:
        return None
    return Limits(max(moment, limits.after or moment), limits.before, limits.story)


def _before(limits: Limits, value: str, now: datetime) -> Limits | None:
    moment = read_moment(value, now)
    if moment is None:
        return None
    return Limits(limits.after, min(moment, limits.before or moment), limits.story)


def _story(limits: Limits, value: str, now: datetime) -> Limits | None:  # noqa: ARG001  as the others
    return Limits(limits.after, limits.before, int(value)) if _STORY.fullmatch(value) else None


_READERS: dict[str, Callable[[Limits, str, datetime], Limits | None]] = {
    "after": _after,
    "before": _before,
    "story": _story,
}
LIMITS = tuple(_READERS)
