"""What happens inside a process that is going to be killed: the work of Tumen, and how it comes to its end."""

from __future__ import annotations

import asyncio
import ctypes
import logging
import os
import signal
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing.sharedctypes import RawValue
from typing import TYPE_CHECKING

from monitor import app
from monitor.crawl import LocalCrawler
from monitor.jobs.deliver import Deliver
from monitor.jobs.ingest import Ingestor
from monitor.jobs.keeper import Keeper
from monitor.notify.channels import Channels
from monitor.store.coverage import coverage
from monitor.store.database import open_history, rows
from monitor.store.history import History
from monitor.store.ledger import Ledger
from monitor.store.notices import Notices
from monitor.store.sources import Sources
from spiders.items import Article, CrawlReport, Entry, Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence
    from ctypes import c_bool, c_longlong
    from pathlib import Path

    from monitor.core.matching import Matcher
    from monitor.core.models import Pending
    from monitor.jobs.steps import Observer, Step
    from monitor.planning import Plan
    from monitor.store.database import Database
    from tests.torture.texts import Texts

_BREATH = 0.003  # seconds between two articles, in which messages leave
_WAIT = 0.01  # seconds between two looks whether something is left to do
_OPEN = """SELECT (SELECT count(*) FROM entries WHERE state = 'to_read') AS to_read,
    (SELECT count(*) FROM entries WHERE state != 'to_read') AS read,
    (SELECT count(*) FROM deliveries WHERE state = 'claimed') AS claimed,
    (SELECT count(*) FROM deliveries WHERE state = 'pending') AS pending"""


class Clock:
    """The wall clock, ahead by what was skipped; the same in all processes of a history, and never set back."""

    def __init__(self) -> None:
        self._ahead = RawValue("d", 0.0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self._ahead.value)

    def skip_to(self, then: datetime) -> None:
        """Be at least at this time."""
        self._ahead.value += max(0.0, (then - self()).total_seconds())


@dataclass
class Death:
    """How a process comes to its end.

    Attributes:
        step: at the nth passing of this step; or, if it has nothing left to do before that, at rest.
        statement: when it begins its nth statement of SQL, inside any transaction; or at rest. 0: at none.
        after: else after so many seconds, by the hand of its parent.
        drains: in peace, when it has nothing left to do, which is no death at all.
    """

    step: Step | None = None
    nth: int = 1
    statement: int = 0
    after: float = 0.0
    drains: bool = False
    _at_rest: c_bool = field(default_factory=lambda: RawValue("b", 0))  # told to the parent

    def __str__(self) -> str:
        if self._at_rest.value:
            return "at rest"
        return self.step or ("a statement" if self.statement else "any moment")

    @property
    def by_itself(self) -> bool:
        """Whether the process ends itself, sooner or later."""
        return self.drains or self.step is not None or self.statement > 0

    def observe(self, passed: Step, _subject: str) -> None:
        """Watch the steps pass, and die at the right one."""
        self.nth -= passed is self.step
        if self.step and not self.nth:
            die()

    def trace(self, _sql: str) -> None:
        """Watch statements begin, and die at the right one."""
        self.statement -= 1
        if not self.statement:
            die()

    async def at_rest(self) -> None:
        """Nothing is left to do."""
        if self.by_itself and not self.drains:
            self._at_rest.value = True
            die()
        if not self.drains:
            await asyncio.Event().wait()


def die() -> None:
    """End this process without a chance to tidy up."""
    os.kill(os.getpid(), signal.SIGKILL)


def end_with_parent() -> None:
    """Let no process outlive the one that started it, whatever ends that. Linux only."""
    if sys.platform == "linux":
        set_parent_death_signal = 1  # PR_SET_PDEATHSIG in <linux/prctl.h>
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)


class Road:
    """The real rooms from `ingest` on, wired as in the service, for articles that no crawler has to bring."""

    def __init__(
        self, plan: Plan, matcher: Matcher, clock: Clock, death: Death, order: type[Ledger] = Ledger
    ) -> None:
        db = open_history(plan.settings.history_path)
        if death.statement:
            db.conn.set_trace_callback(death.trace)
        self.db, self.clock, self.source = db, clock, plan.sources[0].name
        self.sources, self.ledger = Sources(db), order(db)
        self.ingestor = make_ingestor(db, plan, matcher, death.observe)
        channels = Channels(plan.channels)
        self.deliver = Deliver(
            self.ledger,
            channels,
            plan.voices(plan.packs),
            clock=clock,
            policies=plan.policies,
            keeper=Keeper(Notices(db), plan.listeners, clock=clock),
            coverage=partial(coverage, db),
            observe=death.observe,
        )
        now = clock()
        self.sources.sync(plan.sources, now)
        self.ledger.recover(now, (who for channel in plan.channels for who in channel.recipients))
        self.ingestor.remember(now)
        channels.load()

    async def travel(self, texts: Texts, stored: c_longlong, listed: int) -> None:
        """Find the articles up to a number, take in all that wait and deliver, at once, until nothing is left.

        `stored` is up to which number they are surely found already; that is known even after a death.
        """
        if listed > stored.value:
            list_entries(self.sources, self.source, texts, range(stored.value, listed))
            stored.value = listed
        while True:
            for pending in self.sources.to_read(self.clock(), 100):
                self.clock.skip_to(texts.found_at(number_of(pending)))
                take(self.ingestor, texts, pending)
                self.deliver.tick()
                await asyncio.sleep(_BREATH)
            self.deliver.tick()
            if is_done(self.db):
                await self.deliver.drain(1.0)
                self.db.close()
                return
            skip_idle_time(self.db, self.ledger, self.clock)
            await asyncio.sleep(_WAIT)


def make_ingestor(db: Database, plan: Plan, matcher: Matcher, observe: Observer) -> Ingestor:
    return Ingestor(History(db), matcher, plan.routes, plan.freshness, origins=plan.origins, observe=observe)


def list_entries(sources: Sources, source: str, texts: Texts, listed: range) -> None:
    """Store what a look found: these articles."""
    entries = tuple(Entry(f"https://norwick.example/{number}.html") for number in listed)
    now = texts.found_at(listed.start)
    report = CrawlReport("look", Outcome.OK, entries=entries)
    sources.save_look(source, report, next_due=now, now=now, baseline_before=None)


def take(ingestor: Ingestor, texts: Texts, pending: Pending) -> None:
    """Take in the page of an entry, always at the same time and with the same text."""
    number = number_of(pending)
    piece = texts.piece(number)
    article = Article(pending.entry.url, piece.title, piece.lead, "en", piece.published)
    ingestor.take(pending, article, texts.found_at(number))


def number_of(pending: Pending) -> int:
    return int(pending.entry.url.rpartition("/")[2].removesuffix(".html"))


def is_done(db: Database, articles: int = 0) -> bool:
    """Whether so many articles were read, and nothing waits to be read or sent."""
    (found,) = rows(db, _OPEN)
    return found["read"] >= articles and not found["to_read"] + found["pending"] + found["claimed"]


def skip_idle_time(db: Database, ledger: Ledger, clock: Clock) -> bool:
    """If nothing is on its way and nothing due, let the time pass until something is; whether that was so."""
    (found,) = rows(db, _OPEN)
    due = ledger.next_due()
    if due is None or found["claimed"] or found["to_read"]:
        return False
    clock.skip_to(due)
    return True


def serve(plan: Plan, clock: Clock, death: Death, articles: int, worker: Sequence[str]) -> None:
    """Run the whole service in this process until death, or until it has read so many articles and told all.

    `worker` is the command that starts a crawl worker.
    """
    app.crawling.LocalCrawler = partial(LocalCrawler, command=worker)

    async def work() -> None:
        stop = asyncio.Event()
        service = app.Service(plan, clock=clock, observe=death.observe)
        running = asyncio.create_task(service.run(stop))
        watching = asyncio.create_task(_wait_until_told(service, clock, articles))
        await asyncio.wait((running, watching), return_when=asyncio.FIRST_COMPLETED)
        if not running.done():
            await watching
            await death.at_rest()
            stop.set()
        await running

    asyncio.run(work())


async def _wait_until_told(service: app.Service, clock: Clock, articles: int) -> None:
    while not hasattr(service, "_packs"):
        await asyncio.sleep(_WAIT)
    ledger = service._telling.ledger
    while not is_done(ledger._db, articles):
        await asyncio.sleep(2 * _WAIT)
        if skip_idle_time(ledger._db, ledger, clock):
            service._timer.hurry("deliver")


def quieten(log: Path) -> None:
    """Send what this process says into a file."""
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(file, stream)
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, force=True, format="%(asctime)s %(message)s")
