"""On what terms sources are watched, as a configuration says it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import timedelta

    from monitor.core.sources.pacing import Pace


@dataclass(frozen=True, slots=True)
class Terms:
    """How soon, and how much at a time.

    Attributes:
        pace: how often sources are looked at.
        first_look: how old may be what is told of a source that nobody knew.
        batch: looks or reads in one job.
        deadline: for one page or source.
    """

    pace: Pace
    first_look: timedelta
    batch: int
    deadline: timedelta

    @property
    def seconds(self) -> float:
        """The deadline, as tasks carry it."""
        return self.deadline.total_seconds()
