"""The service over thousands of sources in virtual time, and what it uses meanwhile."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.app import crawling, service, telling
from monitor.core.sources.state import SourceState
from monitor.jobs.watch import Watch
from monitor.notify.channels import Channels
from monitor.store import database
from tests.bench.virtual_time import APART, BEGIN, Loop, Shares, take_over
from tests.bench.virtual_web import Texts, Web

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.planning import Plan
    from monitor.store.database import Database
    from spiders.items import CrawlJob

INTERVAL = timedelta(minutes=15)
_SCRAPES = 60.0  # seconds between two questions for the metrics
_PAGE = os.sysconf("SC_PAGESIZE")
_COUNTED = ("articles", "alerts", "deliveries")


@dataclass
class Span:
    """What happened in some intervals. Seconds are of the processor if nothing else is said.

    Attributes:
        seconds: how long it was, in virtual time.
        used: by part; `web` is not the service's.
        held: for how long the loop was held each time, with the part that began it.
        late: seconds of virtual time between when a source was due and when a look at it was begun.
        added: rows by table.
        looks, changed, failed, sent: looks, those that found something, those that failed, and messages.
        commits: transactions of the history.
        memory: megabytes in memory at its end, without what the web takes.
    """

    seconds: float
    used: dict[str, float]
    held: list[tuple[float, str]]
    late: list[float]
    added: Counter[str]
    looks: int
    changed: int
    failed: int
    sent: int
    commits: int
    memory: float

    @property
    def own(self) -> float:
        """Of the service."""
        return sum(self.used.values()) - self.used.get("web", 0.0)

    @property
    def cores(self) -> float:
        """For each second."""
        return self.own / self.seconds

    @property
    def look_ms(self) -> float:
        """Milliseconds for a look with all that is done besides reading articles."""
        return (self.own - self.used.get("ingest", 0.0)) / max(1, self.looks) * 1e3

    @property
    def article_ms(self) -> float:
        """Milliseconds for an article."""
        return self.used.get("ingest", 0.0) / max(1, self.added["articles"]) * 1e3


class Taking(Channels):
    """Channels that take every message."""

    sent = 0

    async def send(self, *_: object, **__: object) -> None:
        """Nothing leaves."""
        Taking.sent += 1


@dataclass
class Noted:
    """What is counted beside the service."""

    late: list[float] = field(default_factory=list)
    commits: int = 0

    def begin(self, loop: Loop) -> None:
        """Count from now on."""
        begin, transaction = Watch._begin, database._within

        def begun(watch: Watch, job: CrawlJob, subjects: Mapping[str, Any]) -> None:
            now = loop.now()
            states = (one for one in subjects.values() if isinstance(one, SourceState))
            self.late += [(now - state.next_due).total_seconds() for state in states]
            begin(watch, job, subjects)

        def committed(db: Database, begin: str) -> Any:
            self.commits += begin == "BEGIN IMMEDIATE"
            return transaction(db, begin)

        Watch._begin = begun  # type: ignore[method-assign]
        database._within = committed


class Run:
    """The running service. Call `start` first and `end` last.

    Attributes:
        start_seconds: of the processor until it watched.
        idle: megabytes in memory then, without what the web takes.
    """

    def __init__(self, loop: Loop, plan: Plan) -> None:
        self._loop, self._plan = loop, plan
        self._shares, self._noted = Shares(), Noted()
        self._stop = asyncio.Event()
        before = resident()
        self._web = Web(
            plan.sources,
            Texts.made(plan.packs[0], BEGIN),
            loop.now,
            self._shares,
            plan.settings.crawl.workers,
        )
        gc.collect()
        self._texts = resident() - before
        self.start_seconds = self.idle = 0.0

    async def start(self) -> None:
        """Have it watch."""
        take_over(self._loop, self._shares)
        crawling.LocalCrawler = lambda *_, **__: self._web  # type: ignore[assignment,misc]
        telling.Channels = Taking  # type: ignore[misc]
        began = time.process_time()
        self._service = service.Service(self._plan, clock=self._loop.now)
        self._running = asyncio.create_task(self._service.run(self._stop))
        while not hasattr(self._service, "_timer") or not self._service._timer._scheduler.running:
            await asyncio.sleep(0)
        self.start_seconds = time.process_time() - began
        self._db = self._service._db
        self._db.execute("PRAGMA synchronous = OFF")  # the disk is not what is measured
        ingestor = self._service._watching.ingestor
        for name in ("take", "revise", "can_skip"):
            setattr(ingestor, name, self._shares.counted("ingest", getattr(ingestor, name)))
        self._noted.begin(self._loop)
        self._shares.watch()
        self._scraping = asyncio.create_task(self._scrape())
        self.idle = resident() - self._texts

    async def span(self, intervals: int) -> Span:
        """Let so many intervals pass."""
        web, noted, counts, sent = self._web, self._noted, self._counts(), Taking.sent
        looks, changed, failed, commits = web.looks, web.changed, web.failed, noted.commits
        noted.late.clear()
        self._shares.forget()
        for _ in range(3 * intervals):
            await asyncio.sleep(INTERVAL.total_seconds() / 3)
            print(f"{web.looks} looks, {web.read} pages, {resident():.0f} MB", file=sys.stderr, flush=True)
        return Span(
            seconds=intervals * INTERVAL.total_seconds(),
            used=dict(self._shares.used),
            held=list(self._shares.held),
            late=sorted(noted.late),
            added=self._counts() - counts,
            looks=web.looks - looks,
            changed=web.changed - changed,
            failed=web.failed - failed,
            sent=Taking.sent - sent,
            commits=noted.commits - commits,
            memory=resident() - self._texts,
        )

    async def end(self) -> None:
        """End it."""
        self._scraping.cancel()
        self._stop.set()
        with suppress(asyncio.CancelledError):
            await self._scraping
        await self._running

    async def _scrape(self) -> None:
        """Ask for the metrics now and then, as Prometheus does; in life a thread answers."""
        while True:
            await asyncio.sleep(_SCRAPES)
            with self._shares.of(APART[-1]):
                self._service._exposed.meter.text()

    def _counts(self) -> Counter[str]:
        many = {
            table: self._db.execute(f"SELECT ifnull(max(id), 0) FROM {table}").fetchone()[0]
            for table in _COUNTED
        }
        return Counter(many)


def resident() -> float:
    """Megabytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * _PAGE / 1e6
