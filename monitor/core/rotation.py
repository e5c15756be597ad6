"""When is the history backed up again, and which backups are kept?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

LEAST = timedelta(hours=1)
"""Between two backups: each reads the whole history."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """How many are kept: the newest `keep`, and the newest of each of the last `weeks` weeks that have one."""

    keep: int = 7
    weeks: int = 4


def is_due(last: datetime | None, every: timedelta, now: datetime) -> bool:
    """Whether it is time for a backup. `last` is the newest that is not of the future, None if there is none."""
    return last is None or now - last >= every


def surplus(made: Iterable[datetime], rotation: Rotation, now: datetime) -> frozenset[datetime]:
    """Which of the backups that were made at these times (UTC) go.

    Those of a time to come stay and do not count: a clock was wrong, perhaps that of now. The newest never goes.
    """
    past = sorted({at for at in made if at <= now}, reverse=True)
    kept = set(past[: max(1, rotation.keep)])
    weeks: dict[tuple[int, int], datetime] = {}
    for at in past:
        year, week, _ = at.isocalendar()
        weeks.setdefault((year, week), at)
    kept.update(list(weeks.values())[: rotation.weeks])
    return frozenset(past) - kept
