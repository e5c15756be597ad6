"""Feeding the watchdog of the service manager: only while the work gets on."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from monitor.core.liveness import Motion, stuck

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from monitor.supervision import Manager

_log = logging.getLogger("tumen.supervision")
_SELDOM = timedelta(seconds=30)  # between two looks at most: the status is of use without a watchdog, too
_OFTEN = 3  # times within the watchdog's patience


@dataclass(frozen=True, slots=True)
class Work:
    """Something that goes on in the background.

    Attributes:
        done: how much of it is done so far, None while nothing is in hand.
        patience: the longest time in which a sound service gets nothing of it done.
    """

    done: int | None
    patience: timedelta


class Supervision:
    """Says what the service does, and feeds the watchdog while all of it gets on.

    A tick that hangs holds this one, too, so nothing is said any more; one that fails by a bug again and again, and
    work in hand of which nothing is ever done, are seen here. What ends with an error that explains itself, as on a
    full disk, is no hang: a restart would not mend it.

    Args:
        manager: who is told.
        stalled: the ticks that have not ended for longer than the given time.
        works: how what goes on in the background is, by name.
        status: a line about what the service does.
        steady: seconds that only ever grow.
    """

    def __init__(
        self,
        manager: Manager,
        *,
        stalled: Callable[[timedelta], tuple[str, ...]],
        works: Callable[[], Mapping[str, Work]],
        status: Callable[[], str],
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._manager = manager
        self._stalled = stalled
        self._works = works
        self._status = status
        self._steady = steady
        self._motions: dict[str, Motion] = {}
        self._named: tuple[str, ...] = ()

    @property
    def every(self) -> timedelta:
        """How often it is to be called."""
        return min(_SELDOM, self._manager.watchdog / _OFTEN) if self._manager.watchdog else _SELDOM

    def tick(self) -> None:
        """Feed the watchdog, or say why not."""
        if self._manager.watchdog is not None:
            still = (*self._stalled(self._manager.watchdog), *self._stuck())
            if still and still != self._named:
                _log.error(
                    "%s stands still; the service manager is not told that all is well", ", ".join(still)
                )
            self._named = still
            if still:
                self._manager.status(f"standing still: {', '.join(still)}")
                return
            self._manager.feed()
        self._manager.status(self._status())

    def _stuck(self) -> tuple[str, ...]:
        now, works = self._steady(), self._works()
        self._motions = {
            name: self._motions.get(name, Motion(None, now)).seen(work.done, now)
            for name, work in works.items()
        }
        return stuck(self._motions, {name: work.patience for name, work in works.items()}, now)
