"""A station: the process of another machine that carries orders out, and what runs in it.

There is one for each coordinator in a process, made at its first order. It has a thread of its own, and the crawl
workers of a `LocalCrawler`, which end with the process however it ends, and when they have had nothing to do.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import tempfile
import threading
import time
from contextlib import aclosing, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from monitor import __version__
from monitor.core.errors import CrawlError
from monitor.crawl.cluster.fence import Fence, elapsed
from monitor.crawl.cluster.orders import Brought, OtherVersion, Run, read_order, write_brought
from monitor.crawl.local import LocalCrawler
from spiders.captures import NAME
from spiders.items import CrawlJob

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitor.crawl.cluster.orders import Order
    from spiders.items import CrawlReport, WorkerOptions
    from spiders.wire import Rules

BEGIN_WITHIN = (
    20.0  # seconds from the order to its begin, by the clocks of both machines: later it was given up
)
_HELD = 5.0  # seconds before a refusal is said, so that whoever refuses is not the first that is free for the next
_LAST = 10.0  # seconds in which what was under way at the end of an order may still report
_WATCHES = 0.5  # seconds between two looks at whether anybody could hear of what is done

_OVER = "it does not heed this run of the coordinator any more"

_stations: dict[str, Station] = {}
_lock = threading.Lock()


def perform(content: bytes, attached: Callable[[], bool] = lambda: True) -> bytes:
    """Carry an order out, and say what came of it. Called in any thread, several at a time.

    No request leaves any more once `attached` says that nobody could hear of what it brings.
    """
    try:
        order = read_order(content)
    except OtherVersion as error:
        return _refused(f"it has Tumen {__version__}, the coordinator {error}")
    except (ValueError, KeyError):
        return _refused(f"it has Tumen {__version__}, and the order is none that this one can read")
    age = (datetime.now(UTC) - order.issued).total_seconds()
    if age > BEGIN_WITHIN:
        late = f"the order is {age:.0f} s old by its clock"
        return write_brought(Brought(_name(), refusal=late, late=True))
    station = _station(order.run)
    if station is None:
        return write_brought(Brought(_name(), refusal=_OVER, late=True))
    return write_brought(station.carry_out(order, order.seconds - max(age, 0.0), attached))


def begin(coordinator: str, begun: str) -> tuple[str, float]:
    """Give up what earlier runs of a coordinator have ordered, for a new one.

    What is given: the version of Tumen here, and what its clock says, in seconds since 1970.
    """
    run = Run(coordinator, datetime.fromisoformat(begun))
    with _lock:
        before = _stations.get(coordinator)
        if before is None or before.run != run:
            _stations[coordinator] = Station(run)
    if before is not None and before.run != run:
        before.end()
    return __version__, datetime.now(UTC).timestamp()


def end(coordinator: str, begun: str) -> None:
    """Give up what this run of a coordinator has ordered."""
    with _lock:
        station = _stations.get(coordinator)
        if station is None or station.run.begun != datetime.fromisoformat(begun):
            return
        del _stations[coordinator]
    station.end()


def _station(run: Run) -> Station | None:
    """The station for a run, None if that is over."""
    with _lock:
        found = _stations.get(run.coordinator)
        if found is not None and found.run == run:
            return found
        if found is not None and found.run.begun > run.begun:
            return None
        station = _stations[run.coordinator] = Station(run)
    if found is not None:
        found.end()
    return station


class Station:
    """Carries the orders of one run out."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self._loop = asyncio.new_event_loop()
        self._crawler: LocalCrawler | None = None
        self._options: WorkerOptions | None = None
        self._spool: Path | None = None
        self._heard: Rules | None = None  # it came with an order, so it is no news
        self._news: dict[str, Rules] = {}
        self._orders: set[asyncio.Task[Brought]] = set()
        self._gate = threading.Lock()
        self._is_over = False
        threading.Thread(target=self._loop.run_forever, name="tumen-station", daemon=True).start()

    def carry_out(self, order: Order, seconds: float, attached: Callable[[], bool]) -> Brought:
        """Do the tasks; no request leaves after so many seconds, which also pass while the machine sleeps."""
        with self._gate:
            if self._is_over:
                return Brought(_name(), refusal=_OVER, late=True)
            ends = elapsed() + seconds
            fence = Fence(order.sites, lambda: elapsed() < ends and attached())
            work = asyncio.run_coroutine_threadsafe(
                self._carry_out(order, fence, seconds, attached), self._loop
            )
        return work.result()

    def end(self) -> None:
        """End the crawl workers at once, and whatever they do."""
        with self._gate:
            self._is_over = True
            ending = asyncio.run_coroutine_threadsafe(self._end(), self._loop)
        with suppress(TimeoutError):
            ending.result(_HELD)

    async def _carry_out(
        self, order: Order, fence: Fence, seconds: float, attached: Callable[[], bool]
    ) -> Brought:
        work = asyncio.current_task()
        assert work  # noqa: S101  for the type checker
        self._orders.add(work)
        watching = asyncio.create_task(self._watch(attached))
        try:
            return await self._do(order, fence, seconds)
        finally:
            watching.cancel()
            self._orders.discard(work)

    async def _watch(self, attached: Callable[[], bool]) -> None:
        """End what is under way once nobody could hear of it, since others may soon be ordered to do it."""
        while attached():  # noqa: ASYNC110  what Dask knows is no event
            await asyncio.sleep(_WATCHES)
        self._is_over = True
        if self._crawler is not None:
            await self._crawler.close()

    async def _do(self, order: Order, fence: Fence, seconds: float) -> Brought:
        crawler = self._settle(order.options)
        for rules in order.rules:
            self._heard = rules
            crawler.learn(rules)
        self._heard = None
        reports: list[CrawlReport] = []
        rests: dict[str, float] = {}
        refusal = ""
        try:
            async with asyncio.timeout(seconds + order.options.timeout + _LAST):
                async with aclosing(crawler.run(CrawlJob(order.id, order.tasks), fence.admits)) as arriving:
                    async for report in arriving:
                        rests[report.task] = report.rest
                        if not fence.touched(report.task):
                            reports.append(report)
        except TimeoutError:
            pass  # what has no report is ordered again
        except CrawlError as error:
            refusal = str(error)
            if not self._is_over:
                await asyncio.sleep(_HELD)
        news, self._news = tuple(self._news.values()), {}
        files = dict(filter(None, map(self._take_file, reports)))
        return Brought(
            _name(), tuple(reports), fence.elsewhere, rests, news, files, refusal, late=self._is_over
        )

    def _settle(self, options: WorkerOptions) -> LocalCrawler:
        """The crawler, which behaves so from now on."""
        workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        if options == self._options and self._crawler is not None:
            return self._crawler
        self._options = options
        if options.captures is not None:
            self._spool = self._spool or _make_spool()
            options = replace(options, captures=replace(options.captures, spool=str(self._spool)))
        if self._crawler is None:
            self._crawler = LocalCrawler(options, workers=workers, keep_rules=self._keep)
        self._crawler.change(options, workers=workers)
        return self._crawler

    def _keep(self, rules: Rules) -> None:
        if rules is not self._heard:
            self._news[rules.place] = rules

    def _take_file(self, report: CrawlReport) -> tuple[str, bytes] | None:
        name = report.capture.name if report.capture is not None else ""
        if self._spool is None or not NAME.fullmatch(name):
            return None
        path = self._spool / name
        try:
            return name, path.read_bytes()
        except OSError:
            return None  # the coordinator says that it was lost
        finally:
            with suppress(OSError):
                path.unlink(missing_ok=True)

    async def _end(self) -> None:
        if self._crawler is not None:
            await self._crawler.close()
        await asyncio.gather(*self._orders, return_exceptions=True)
        if self._spool is not None:
            await asyncio.to_thread(shutil.rmtree, self._spool, ignore_errors=True)
        self._loop.call_soon(self._loop.stop)


def _refused(why: str) -> bytes:
    time.sleep(_HELD)
    return write_brought(Brought(_name(), refusal=why))


def _name() -> str:
    return f"{socket.gethostname()} (process {os.getpid()})"


def _make_spool() -> Path:
    """A folder for captured pages; what stations that were killed have left there is removed."""
    begin = "tumen-station-"
    for left in Path(tempfile.gettempdir()).glob(f"{begin}*"):
        owner = left.name.removeprefix(begin).partition("-")[0]
        if owner.isdigit() and not _lives(int(owner)):
            shutil.rmtree(left, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{begin}{os.getpid()}-"))


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # it is somebody else's
    return True
