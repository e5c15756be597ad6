"""The timer: calls short ticks at intervals. The only door to APScheduler.

It knows nothing of what is due: that stands in the history, so a restart, a suspended machine or a stepped clock
loses nothing.
"""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from apscheduler.events import EVENT_JOB_ERROR
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from monitor.core.errors import MonitorError
from monitor.core.liveness import stalled

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from apscheduler.events import JobExecutionEvent

_log = logging.getLogger("tumen.scheduler")
_HEARTBEAT = 10.0  # seconds between two comparisons of the clocks
_MOMENT = timedelta(milliseconds=50)
_DRIFT = 5.0  # seconds by which they may differ


class Measures(Protocol):
    """Who hears how the timer does. It must return at once; seconds are those of a steady clock."""

    def ran(self, tick: str, seconds: float, late: float) -> None:
        """A tick took so long, whether it ended well or not, and began so long after its time."""

    def jumped(self, seconds: float) -> None:
        """The wall clock was set by so much."""


class Timer:
    """Runs ticks at intervals, each never twice at a time.

    APScheduler's defaults skip what is late by a second and wait for ever when the clock is set back; here a late
    tick is run once, and a stepped clock moves every tick to now.

    Args:
        measures: hears how it does, None for nobody.
    """

    def __init__(self, measures: Measures | None = None) -> None:
        self._measures = measures
        # In UTC, so that no night with a changed clock doubles or drops a tick.
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )
        self._scheduler.add_listener(_report, EVENT_JOB_ERROR)
        self._heartbeat: asyncio.Task[None] | None = None
        # When each tick last ended, in seconds that only ever grow: well, or with an error that explains itself too.
        self._ended_well: dict[str, float] = {}
        self._ended: dict[str, float] = {}
        self._intervals: dict[str, timedelta] = {}
        self._turned = time.monotonic()  # when the last of them ended, well or not

    def every(self, interval: timedelta, tick: Callable[[], object], name: str) -> None:
        """Call `tick` now and then at the interval, in the event loop. It must return soon."""
        due = time.monotonic()

        async def run() -> None:
            nonlocal due
            began = time.monotonic()
            late, due = max(0.0, began - due), began + interval.total_seconds()
            try:
                tick()
                self._ended[name] = self._ended_well[name] = time.monotonic()
            except MonitorError:
                self._ended[name] = time.monotonic()
                raise
            finally:
                self._turned = time.monotonic()
                if self._measures is not None:
                    self._measures.ran(name, self._turned - began, late)

        self._ended[name] = self._ended_well[name] = self._turned = time.monotonic()
        self._intervals[name] = interval
        trigger = IntervalTrigger(seconds=interval.total_seconds(), timezone=UTC)
        self._scheduler.add_job(run, trigger, id=name, name=name, next_run_time=datetime.now(UTC))

    def hurry(self, name: str) -> None:
        """Run the tick of this name soon: after a moment in which whoever else is in a hurry joins in."""
        if not self._scheduler.running:
            return
        soon = datetime.now(UTC) + _MOMENT
        job = self._scheduler.get_job(name)
        if job is None or job.next_run_time > soon:
            self._scheduler.modify_job(name, next_run_time=soon)

    def silent(self) -> dict[str, timedelta]:
        """How long ago each tick last ended without an error; one that never did, since when it is asked for."""
        return _ago(self._ended_well)

    def turned(self) -> timedelta:
        """How long ago any tick ended, well or not, or was asked for: long, and the event loop stands still."""
        return timedelta(seconds=time.monotonic() - self._turned)

    def stalled(self, patience: timedelta) -> tuple[str, ...]:
        """The ticks that have not ended for longer than `patience`; one that is stopped by a full disk has."""
        return stalled(_ago(self._ended), self._intervals, patience)

    def start(self) -> None:
        """Begin; needs the running event loop."""
        self._scheduler.start()
        self._heartbeat = asyncio.create_task(self._watch_clocks(), name="heartbeat")

    def stop(self) -> None:
        """Call no tick any more."""
        if self._heartbeat is not None:
            self._heartbeat.cancel()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def _watch_clocks(self) -> None:
        wall, steady = time.time(), time.monotonic()
        while True:
            await asyncio.sleep(_HEARTBEAT)
            stepped = (time.time() - wall) - (time.monotonic() - steady)
            wall, steady = time.time(), time.monotonic()
            if abs(stepped) > _DRIFT:
                _log.warning("the clock was set by %+.0f s; every tick is moved to now", stepped)
                if self._measures is not None:
                    self._measures.jumped(stepped)
                for job in self._scheduler.get_jobs():
                    self.hurry(job.id)


def _ago(times: Mapping[str, float]) -> dict[str, timedelta]:
    """How long ago these were."""
    now = time.monotonic()
    return {name: timedelta(seconds=now - at) for name, at in tuple(times.items())}  # threads ask, too


def _report(event: JobExecutionEvent) -> None:
    """A failed tick is told once, in words; the next tick tries again."""
    if isinstance(event.exception, MonitorError):
        _log.error("%s", event.exception)
    else:
        _log.error("a bug in %s", event.job_id, exc_info=event.exception)


logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # its errors are reported above, once
