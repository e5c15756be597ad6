"""The way of a story: its reports before the one that is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.core.statements import Fact, Novelty


@dataclass(frozen=True, slots=True)
class Earlier:
    """A report that was there before the one that an alert tells of, on the same story.

    Attributes:
        at: when it was published, or read if that is unknown; `day_only` if the page names no time of day.
        outlet: who published it, as a reader knows it.
        title: of its newest text, in its own language.
        new: what it was told for; empty if it was the first report, or was not told.
        figures: what it counts, those of the title first; empty if `new` has it.
    """

    at: datetime
    day_only: bool
    outlet: str
    language: str | None
    title: str
    url: str
    new: tuple[Novelty, ...] = ()
    figures: tuple[Fact, ...] = ()
