"""An event loop whose time is virtual, the service's timer in it, and whose processor time passes meanwhile.

Whenever nothing is left to do, time leaps to what comes next; threads are waited for. So hours pass as fast as the
machine does what the service does in them, and every wait has its length.
"""

from __future__ import annotations

import asyncio
import selectors
import threading
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import apscheduler.executors.base
import apscheduler.schedulers.base
import apscheduler.triggers.interval

from monitor import scheduler
from monitor.app import service
from monitor.jobs.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BEGIN = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
_POLL = 0.001  # real seconds that a thread is waited for before it is asked again
APART = ("web", "metering")  # are the bench's own, or work in a thread of theirs
_TASKS = {"crawl": "watch", "bundle": "deliver"}  # whose the tasks are whose names begin so


class Shares:
    """Who uses the processor: seconds of this thread by part. What is measured within a part is not counted to it.

    Attributes:
        used: seconds by part.
        held: seconds for which the loop was held, each time, with the part that began it.
    """

    def __init__(self) -> None:
        self.used: defaultdict[str, float] = defaultdict(float)
        self.held: list[tuple[float, str]] = []
        self._part = "other"
        self._since = time.thread_time()

    @contextmanager
    def of(self, part: str) -> Iterator[None]:
        """What the block uses is the part's."""
        before = self._turn(part)
        try:
            yield
        finally:
            self._turn(before)

    def counted(self, part: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """The call, counted to the part."""

        def run(*given: Any, **named: Any) -> Any:
            before = self._turn(part)
            try:
                return call(*given, **named)
            finally:
                self._turn(before)

        return run

    def forget(self) -> None:
        """Begin anew."""
        self._turn(self._part)
        self.used.clear()
        self.held.clear()

    def watch(self) -> None:
        """Count each step of the loop of this thread from now on."""
        run, shares, own = asyncio.Handle._run, self, threading.get_ident()

        def step(handle: asyncio.Handle) -> None:
            if threading.get_ident() != own:
                run(handle)
                return
            part = _part_of(getattr(handle._callback, "__self__", None))  # type: ignore[attr-defined]
            before, began = shares._turn(part), time.thread_time()
            apart = sum(shares.used[name] for name in APART)
            run(handle)  # type: ignore[arg-type]
            shares._turn(before)
            apart = sum(shares.used[name] for name in APART) - apart
            if apart >= 0:  # nothing was forgotten meanwhile
                shares.held.append((time.thread_time() - began - apart, part))

        asyncio.Handle._run = step  # type: ignore[method-assign]

    def _turn(self, part: str) -> str:
        now = time.thread_time()
        self.used[self._part] += now - self._since
        before, self._part, self._since = self._part, part, now
        return before


def _part_of(owner: object) -> str:
    """Whose a step of the loop is."""
    if isinstance(owner, Watch):
        return "watch"
    name = owner.get_name() if isinstance(owner, asyncio.Task) else ""
    return _TASKS.get(name.partition(" ")[0], "other")


class _Leaping(selectors.DefaultSelector):  # type: ignore[misc,valid-type]  # one of several classes
    """Waits in virtual time, unless a thread is at work."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.is_awaited: Callable[[], bool] = lambda: False

    def select(self, timeout: float | None = None) -> list[Any]:
        found = super().select(0)
        if timeout == 0:
            return found
        while not found and self.is_awaited():
            found = super().select(_POLL)
        if not found and timeout:
            self.now += timeout
        return found


class Loop(asyncio.SelectorEventLoop):
    """The loop; its time begins with 0."""

    def __init__(self) -> None:
        self._leaping = _Leaping()
        super().__init__(self._leaping)
        self._pool = ThreadPoolExecutor()
        self.set_default_executor(self._pool)
        self._threads: set[Any] = set()
        self._leaping.is_awaited = lambda: bool(self._threads)

    def time(self) -> float:
        """Virtual seconds since the begin."""
        return self._leaping.now

    def now(self) -> datetime:
        """The virtual time of the day."""
        return BEGIN + timedelta(seconds=self._leaping.now)

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> Any:
        """As it is; time stands still until it is done."""
        future = super().run_in_executor(executor, func, *args)
        self._threads.add(future)
        future.add_done_callback(self._threads.discard)
        return future


class CountedTimer(scheduler.Timer):
    """The timer, whose ticks are counted by their names."""

    shares: Shares

    def every(self, interval: timedelta, tick: Callable[[], object], name: str) -> None:
        """As it is."""
        super().every(interval, self.shares.counted(name, tick), name)


def take_over(loop: Loop, shares: Shares) -> None:
    """Have the service's timer live in this loop's time, whatever the clocks say."""

    class Now(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
            return loop.now().astimezone(tz or UTC)

    for module in (
        apscheduler.schedulers.base,
        apscheduler.executors.base,
        apscheduler.triggers.interval,
        scheduler,
    ):
        module.datetime = Now  # type: ignore[attr-defined]
    scheduler.time = SimpleNamespace(time=loop.time, monotonic=loop.time)  # type: ignore[assignment]
    CountedTimer.shares = shares
    service.Timer = CountedTimer  # type: ignore[misc]
