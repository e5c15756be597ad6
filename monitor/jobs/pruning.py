"""Pruning the history: one run, slice by slice, and the service that makes a run each day between its other work."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from dataclasses import dataclass
from datetime import timedelta
from time import perf_counter
from typing import TYPE_CHECKING, Any

from monitor.core.delivery.notices import Notice, NoticeKind
from monitor.core.errors import MonitorError
from monitor.core.retention import (
    PruneReason,
    RetentionClass,
    by_age,
    by_size,
    is_small_enough,
    is_too_large,
    size_text,
)
from monitor.store.pruning import BEGIN

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from monitor.core.retention import Cut, Retention
    from monitor.jobs.keeper import Keeper
    from monitor.store.pruning import Place, Pruning, Space, Usage

_log = logging.getLogger("tumen.pruning")
_EVERY = timedelta(days=1)
_AGAIN = timedelta(hours=1)  # until a file that stayed too large is tried again
_STEADY = timedelta(
    minutes=10
)  # a clock that was just started or set is not believed: what goes is gone for good
_BREATH = timedelta(seconds=10)  # while there is other work, between two slices
_WANTED = 0.005  # seconds of a slice: nobody else writes meanwhile
_FIRST, _FEWEST, _MOST = (
    20,
    5,
    1000,
)  # rows or pages of a slice: fewer cost no less, for a commit has its price
_RESERVE = 20  # one part of so many of the file is left empty for what comes next
_LONGEST_LOG = 16 * 2**20  # bytes of the log that no reader has seen off, before pruning waits for it
_SUBJECT = "history size"
_TOO_LARGE = (
    "Evidence and what was told are kept whatever the limit: raise `size` under `retention`, or keep these for a "
    "shorter time."
)


@dataclass(frozen=True, slots=True)
class Pruned:
    """What a run removed of a class for a reason: how many, and by how many bytes the file was emptier."""

    what: RetentionClass
    why: PruneReason
    removed: int
    freed: int


class Run:
    """One run over all that may go; then the space of it is given back.

    Args:
        pruning: removes.
        space: of the file.
        retention: how long what is kept.
        begun: when it begins.
        reserve: one part of so many of the file is left empty, 0 for nothing.
        stopwatch: seconds of a clock that only ever grows; slices that take long become smaller.
    """

    def __init__(
        self,
        pruning: Pruning,
        space: Space,
        retention: Retention,
        begun: datetime,
        *,
        reserve: int = 0,
        stopwatch: Callable[[], float] = perf_counter,
    ) -> None:
        self._pruning = pruning
        self._space = space
        self._retention = retention
        self._stopwatch = stopwatch
        self._cuts = deque(by_age(retention, begun))
        self._by_size = False  # whether it is known if the file is too large
        self._place: Place = BEGIN
        self._rows = self._pages = _FIRST
        self._found: dict[tuple[RetentionClass, PruneReason], tuple[int, int]] = {}
        self.begun = begun
        self.before = space.usage()
        self.reserve = reserve

    @property
    def pruned(self) -> tuple[Pruned, ...]:
        """What it has removed so far."""
        return tuple(Pruned(*about, *counts) for about, counts in self._found.items())

    def keep(self, retention: Retention) -> None:
        """Begin anew, and keep so long."""
        self._retention = retention
        self._cuts, self._by_size, self._place = deque(by_age(retention, self.begun)), False, BEGIN

    def slice(self, now: datetime) -> bool:
        """Do a little, within some milliseconds; whether there may be more. Raises StorageError."""
        cut = self._next_cut()
        return self._give_back() if cut is None else self._prune(cut, now)

    def _next_cut(self) -> Cut | None:
        if not self._cuts and not self._by_size:
            self._by_size = True
            if is_too_large(self._space.usage().used, self._retention):
                self._cuts.extend(by_size(self.begun))
        if not self._cuts:
            return None
        if self._cuts[0].why is PruneReason.SIZE and is_small_enough(
            self._space.usage().used, self._retention
        ):
            self._cuts.clear()
            return None
        return self._cuts[0]

    def _prune(self, cut: Cut, now: datetime) -> bool:
        began = self._stopwatch()
        done = self._pruning.prune(cut, self._place, most=self._rows, begun=self.begun, now=now)
        if done.removed:
            many, freed = self._found.get((cut.what, cut.why), (0, 0))
            self._found[cut.what, cut.why] = many + done.removed, freed + done.freed
            self._rows = _fitting(self._rows, self._stopwatch() - began)
        if done.next is None:
            self._cuts.popleft()
        self._place = done.next or BEGIN
        return True

    def _give_back(self) -> bool:
        usage = self._space.usage()
        spare = usage.free - (usage.size // self.reserve if self.reserve else 0)
        if not usage.shrinks or spare <= 0:
            return False
        began = self._stopwatch()
        given = self._space.give_back(min(self._pages, -(-spare // usage.page)))
        self._pages = _fitting(self._pages, self._stopwatch() - began)
        return given > 0


class Pruner:
    """Prunes the history of the running service: once a day, when the file is too large, and when somebody asks.

    Args:
        pruning: removes.
        space: of the file.
        retention: how long what is kept.
        keeper: hears of a file that cannot be made small enough.
        clock: the time.
        is_busy: whether there is work that should not wait.
        on_more: is called when another slice can follow soon.
    """

    def __init__(
        self,
        pruning: Pruning,
        space: Space,
        retention: Retention,
        keeper: Keeper,
        *,
        clock: Callable[[], datetime],
        is_busy: Callable[[], bool],
        on_more: Callable[[], object],
    ) -> None:
        self._pruning = pruning
        self._space = space
        self._retention = retention
        self._keeper = keeper
        self._clock = clock
        self._is_busy = is_busy
        self._on_more = on_more
        self._run: Run | None = None
        self._waiting: list[asyncio.Future[Run]] = []
        self._seen: datetime | None = None  # the time at the last tick
        self._steady_since: datetime | None = None
        self._last: datetime | None = None  # when the last run began
        self._sliced: datetime | None = None  # when the last slice was made

    def keep(self, retention: Retention) -> None:
        """Keep so long from now on. A run that is under way begins anew."""
        if retention != self._retention and self._run is not None:
            self._run.keep(retention)
        self._retention = retention

    def tick(self) -> None:
        """Do a slice, if one is due. It returns within some milliseconds."""
        now = self._clock()
        self._watch_clock(now)
        if self._run is None:
            if not self._is_due(now):
                return
            self._begin(now)
        if self._waits(now):
            return
        self._sliced = now
        try:
            more = self._run is not None and self._run.slice(now)
        except MonitorError as error:  # the run goes on with the next tick; whoever waits is not kept
            failed = error
            self._answer(lambda waiting: waiting.set_exception(failed))
            raise
        if more:
            self._on_more()
        else:
            self._end()

    async def prune(self, _: dict[str, Any]) -> dict[str, Any]:
        """Make a run now, or join the one that is under way; what it came to."""
        run = self._run or self._begin(self._clock())
        run.reserve = 0
        ended = asyncio.get_running_loop().create_future()
        self._waiting.append(ended)
        self._on_more()
        return described(await ended, self._space.usage(), self._retention)

    def _begin(self, now: datetime) -> Run:
        self._last = now
        self._run = Run(self._pruning, self._space, self._retention, now, reserve=_RESERVE)
        return self._run

    def _end(self) -> None:
        run, self._run = self._run, None
        if run is None:
            return
        for one in run.pruned:
            _log.info("pruned: %d %s (%s)", one.removed, one.what.text, one.why)
        self._say_size()
        self._answer(lambda waiting: waiting.set_result(run))

    def _answer(self, give: Callable[[asyncio.Future[Run]], None]) -> None:
        for waiting in self._waiting:
            if not waiting.done():  # whoever asked may have hung up
                give(waiting)
        self._waiting.clear()

    def _watch_clock(self, now: datetime) -> None:
        if self._seen is None or abs(now - self._seen) > _STEADY:
            self._steady_since = now
        self._seen = now

    def _is_due(self, now: datetime) -> bool:
        if self._steady_since is None or now - self._steady_since < _STEADY:
            return False
        if self._last is None or abs(now - self._last) >= _EVERY:
            return True
        too_large = is_too_large(self._space.usage().used, self._retention)
        return too_large and abs(now - self._last) >= _AGAIN

    def _waits(self, now: datetime) -> bool:
        """Whether others go first: work that is due, or a reader that keeps the log from being emptied."""
        if not self._waiting and self._is_busy() and self._sliced and abs(now - self._sliced) < _BREATH:
            return True
        return self._space.usage().log > _LONGEST_LOG and self._space.checkpoint() > _LONGEST_LOG

    def _say_size(self) -> None:
        limit, used = self._retention.size, self._space.usage().used
        if limit is not None and used > limit:
            text = (
                f"the history is larger than its limit of {size_text(limit)}, and nothing more of it may go"
            )
            detail = f"It holds {size_text(used)}. {_TOO_LARGE}"
            self._keeper.begin(_SUBJECT, Notice(NoticeKind.HISTORY_TOO_LARGE, "", text, (detail,)))
        else:
            said = "the history is as small as it should be again"
            self._keeper.end(_SUBJECT, Notice(NoticeKind.HISTORY_FITS, "", said))


def described(run: Run, after: Usage, retention: Retention) -> dict[str, Any]:
    """What a run came to, as JSON has it; `after` is how the file is by now."""
    return {
        "pruned": [
            {"class": one.what.value, "why": one.why.value, "removed": one.removed, "freed": one.freed}
            for one in run.pruned
        ],
        "before": run.before.size,
        "after": after.size,
        "free": after.free,
        "shrinks": after.shrinks,
        "too_large": is_too_large(after.used, retention),
    }


def _fitting(count: int, seconds: float) -> int:
    """How many the next slice may have, after one of so many took so long."""
    if seconds > 2 * _WANTED:
        return max(_FEWEST, count // 2)
    return min(_MOST, count + max(1, count // 4)) if seconds < _WANTED else count
