"""Which requests of an order may leave: those to its sites, until its time is over."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from spiders.items import site_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def elapsed() -> float:
    """Seconds on a clock that goes on while the machine sleeps, if it has one."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Fence:
    """The requests of one order.

    Args:
        sites: to which they may go.
        counts: whether the order still does.
    """

    def __init__(self, sites: frozenset[str], counts: Callable[[], bool] = lambda: True) -> None:
        self._sites = sites
        self._counts = counts
        self._elsewhere: dict[str, set[str]] = {}
        self._late: set[str] = set()

    def admits(self, task: str, host: str) -> bool:
        """Whether a request of a task may leave now."""
        site = site_of(host)
        if not self._counts():
            self._late.add(task)
        elif site not in self._sites:
            self._elsewhere.setdefault(task, set()).add(site)
        else:
            return True
        return False

    def touched(self, task: str) -> bool:
        """Whether a request of the task did not leave, so that its report says nothing."""
        return task in self._late or task in self._elsewhere

    @property
    def elsewhere(self) -> Mapping[str, tuple[str, ...]]:
        """The sites to which tasks would have gone as well, if they had time."""
        return {
            task: tuple(sorted(sites)) for task, sites in self._elsewhere.items() if task not in self._late
        }
