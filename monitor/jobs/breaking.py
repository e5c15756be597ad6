"""Stories that are breaking: where more of them is likely, one looks sooner."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING

from monitor.core.sources.pacing import BREAKING, Stirs, hastened

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from monitor.core.sources.pacing import Pace
    from monitor.store.sources import Sources

_AGAIN = timedelta(seconds=10)  # between two questions of the history, unless there is an alert
_SLICE = 200  # sources that are hastened in one go: the loop stands still for some hundredths of a second


class Breaking:
    """Knows which sources have to do with stories that are breaking, and hastens those of which that is new.

    What is looked at while a story breaks is due accordingly, so each source is hastened once for it.

    Args:
        sources: which are hastened.
        on_more: is called when `tick` should be called again soon.
    """

    def __init__(self, sources: Sources, on_more: Callable[[], object]) -> None:
        self._sources = sources
        self._on_more = on_more
        self._asked_at: datetime | None = None
        self._new = Stirs()  # whom stories concern since lately, and who is not hastened yet from `_after` on
        self._after = ""
        self.stirs = Stirs()

    def alerted(self, now: datetime, pace: Pace) -> None:
        """There is an alert. Raises StorageError or a subclass."""
        self._ask(now)
        self._hasten(now, pace)

    def tick(self, now: datetime, pace: Pace) -> None:
        """Ask now and then: stories come to rest. Raises StorageError or a subclass."""
        if self._asked_at is None or not timedelta() <= now - self._asked_at < _AGAIN:
            self._ask(now)
        self._hasten(now, pace)

    def _ask(self, now: datetime) -> None:
        before, self.stirs = self.stirs, self._sources.stirs(now - BREAKING)
        is_first, self._asked_at = self._asked_at is None, now
        new = self.stirs.without(before)
        if new and not is_first:  # what was breaking when the service ended was hastened then
            self._new, self._after = self._new.joined(new), ""

    def _hasten(self, now: datetime, pace: Pace) -> None:
        if not self._new:
            return
        found = self._sources.stirred(self._new, pace.stirrable, now, _SLICE, after=self._after)
        sooner = {
            state.source.name: due
            for state in found
            if (due := hastened(state, self.stirs.of(state.source), now=now, pace=pace, chance=chance()))
            < state.next_due
        }
        self._sources.hasten_all(sooner)
        if len(found) < _SLICE:
            self._new, self._after = Stirs(), ""
        else:
            self._after = found[-1].source.name
            self._on_more()


def chance() -> float:
    """A number from 0 to 1."""
    return random.random()  # noqa: S311  spreads load, guards nothing
