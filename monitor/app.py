"""The wiring: everything is built from `Settings` here, and only here."""

from __future__ import annotations

import asyncio
import gc
import logging
from contextlib import AsyncExitStack, ExitStack, closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor import control
from monitor.config import worker_options
from monitor.core.alerting import Freshness, Route
from monitor.core.delivery.deliveries import Recipient
from monitor.core.delivery.notices import Notice, NoticeKind
from monitor.core.errors import InputError, StorageError
from monitor.core.matching import Matcher
from monitor.core.models import Verdict
from monitor.core.sources.pacing import Pace
from monitor.crawl import LocalCrawler
from monitor.jobs.canary import Canary
from monitor.jobs.capturing import Capturing
from monitor.jobs.deliver import Deliver
from monitor.jobs.heartbeat import Heartbeat
from monitor.jobs.ingest import Ingestor
from monitor.jobs.keeper import Keeper
from monitor.jobs.packs import Packs, Shelf
from monitor.jobs.pruning import Pruner
from monitor.jobs.searching import Indexer
from monitor.jobs.silences import Silencing
from monitor.jobs.steps import Observer, ignore
from monitor.jobs.stories import Corrections
from monitor.jobs.upkeep import Upkeep
from monitor.jobs.visiting import Visiting
from monitor.jobs.watch import Watch
from monitor.jobs.weekly import Weekly
from monitor.notify.channels import Channels
from monitor.packs import find_pack
from monitor.planning import check_packs, load_packs, pinger, translator
from monitor.publish.report.letter import letter_about
from monitor.scheduler import Timer
from monitor.store.capture_files import CaptureFiles
from monitor.store.clock import forget_future
from monitor.store.coverage import coverage
from monitor.store.database import open_history, open_reader, pin, probe
from monitor.store.feedback import Feedback
from monitor.store.history import History
from monitor.store.ledger import Ledger
from monitor.store.lock import WriterLock
from monitor.store.notices import Notices
from monitor.store.pruning import Pruning, Space
from monitor.store.regrouping import Regrouping
from monitor.store.robots import RobotsTexts
from monitor.store.silences import Silences
from monitor.store.sources import Sources
from monitor.store.visits import Visits
from monitor.store.wellness import Wellness

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from monitor.core.models import Remembered
    from monitor.planning import Plan
    from monitor.store.database import Database

_log = logging.getLogger("tumen")
_TICK = timedelta(seconds=1)
_UPKEEP = timedelta(seconds=10)
_DRAIN = 3.0  # seconds that messages in flight are given when the service ends


def utc_now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


class Service:
    """The running program: one process, the only writer of its history, and its crawl workers.

    Args:
        plan: what to do.
        clock: the time.
        observe: is told each step of the road.
    """

    def __init__(
        self, plan: Plan, *, clock: Callable[[], datetime] = utc_now, observe: Observer = ignore
    ) -> None:
        self._plan = plan
        self._clock = clock
        self._observe = observe
        self._started = clock()

    async def run(self, stop: asyncio.Event) -> None:
        """Watch and tell until `stop` is set, then end within a few seconds.

        Raises:
            AlreadyRunning: another instance is the writer of the history.
            StorageError: the history cannot be opened.
        """
        path = self._plan.settings.history_path
        async with AsyncExitStack() as stack:
            stack.enter_context(WriterLock(path))
            db = open_history(path)
            stack.callback(db.close)
            self._build(db)
            stack.push_async_callback(self._end)
            await stack.enter_async_context(control.listening(path, self._handlers()))
            self._begin()
            await stop.wait()
            _log.info("ending")

    def reload(self) -> None:
        """Take up the packs as their folders hold them now, in the background; the log says what came of it."""
        self._packs.reload()

    def _build(self, db: Database) -> None:
        self._db, self._indexer = db, Indexer(db)
        self._sources, self._ledger, self._feedback = Sources(db), Ledger(db), Feedback(db)
        self._timer = Timer()
        self._build_telling(db)
        self._build_watching(db)
        settings = self._plan.settings
        folders = (find_pack(name, settings.folder) for name in dict.fromkeys(settings.packs))
        self._packs = Packs(
            tuple(map(Shelf, folders, self._plan.packs)),
            check=partial(check_packs, settings),
            take_up=self._take_up,
            keeper=self._keeper,
        )
        self._pruner = Pruner(
            Pruning(db, CaptureFiles(settings.captures_path)),
            Space(db),
            settings.retention.retention,
            self._keeper,
            clock=self._clock,
            is_busy=lambda: not self._deliver.idle or bool(self._sources.to_read(self._clock(), 1)),
            on_more=lambda: self._timer.hurry("pruning"),
        )
        self._heartbeat = self._make_heartbeat(db)
        self._recover()

    def _build_telling(self, db: Database) -> None:
        """Everything from a stored alert or notice to its receivers."""
        plan = self._plan

        def hurry() -> None:
            self._timer.hurry("deliver")

        self._channels = Channels(plan.channels)
        self._keeper = Keeper(Notices(db), plan.listeners, clock=self._clock, on_notice=hurry)
        self._canary = Canary(self._keeper, plan.listeners, self._clock)
        self._silencing = Silencing(Silences(db), self._clock, hurry)
        self._deliver = Deliver(
            self._ledger,
            self._channels,
            plan.voices(plan.packs),
            clock=self._clock,
            policies=plan.policies,
            keeper=self._keeper,
            coverage=partial(coverage, db),
            translator=translator(plan.settings),
            weekly=lambda week, voice: letter_about(plan.settings.history_path, week, voice, self._clock()),
            observe=self._observe,
        )

    def _build_watching(self, db: Database) -> None:
        """Everything from a source to a stored alert."""
        settings = self._plan.settings
        robots = RobotsTexts(db)
        files = CaptureFiles(settings.captures_path) if settings.captures.enabled else None
        self._capturing = Capturing(files, self._observe, self._keeper)
        self._crawler = LocalCrawler(
            worker_options(settings, files.spool if files else None),
            workers=settings.crawl.workers,
            known=robots.known(self._clock()),
            keep_rules=robots.keep,
        )
        self._ingestor = Ingestor(
            History(db),
            Matcher(self._plan.packs),
            self._plan.routes,
            self._plan.freshness,
            origins=self._plan.origins,
            capturing=self._capturing,
            observe=self._observe,
        )
        self._corrections = Corrections(Regrouping(db), self._ingestor, self._clock)
        self._upkeep = Upkeep(self._sources, Wellness(db), self._keeper, self._ingestor, self._clock)
        self._watch = Watch(
            self._sources,
            self._ingestor,
            self._crawler,
            Visiting(Visits(db), self._ingestor),
            clock=self._clock,
            pace=Pace(**settings.pace.model_dump()),
            first_look=settings.freshness.first_look,
            batch=settings.crawl.batch,
            workers=settings.crawl.workers,
            deadline=settings.crawl.deadline,
            on_alert=lambda: self._timer.hurry("deliver"),
            on_more=lambda: self._timer.hurry("watch"),
            observe=self._observe,
        )

    def _make_heartbeat(self, db: Database) -> Heartbeat | None:
        given, told = self._plan.settings.heartbeat, pinger(self._plan.settings)
        if given is None or told is None:
            return None
        return Heartbeat(
            told,
            self._sources,
            self._ledger,
            probe=partial(probe, db),
            silent=self._timer.silent,
            more=lambda: (*self._canary.missing(), *self._keeper.parked()),
            clock=self._clock,
            every=given.every,
        )

    def _recover(self) -> None:
        """Go on where the last run ended."""
        now = self._clock()
        self._sources.sync(self._plan.sources, now)
        recipients = [who for channel in self._plan.channels for who in channel.recipients]
        self._ledger.recover(now, recipients)
        self._deliver.begin(recipients)
        self._packs.begin()
        self._capturing.prepare(self._db)
        self._ingestor.remember(now)
        self._channels.load()

    async def _take_up(self, matcher: Matcher) -> None:
        """Judge articles, and word messages, by other packs from the end of this call on."""
        reader = open_reader(self._plan.settings.history_path)
        pin(reader)  # what is stored from now on is not in it: the ingestor keeps that itself

        def past(since: datetime) -> tuple[Remembered, ...]:
            with closing(reader):
                return History(reader).remembered(since)

        await self._ingestor.take_up(matcher, past, self._clock())
        self._deliver.speak(self._plan.voices(matcher.packs))

    def _begin(self) -> None:
        # First, so that nothing that a clock which was ahead has put off waits for its time.
        self._timer.every(_UPKEEP, lambda: forget_future(self._db, self._clock()), "clock")
        self._timer.every(_TICK, self._deliver.tick, "deliver")
        self._timer.every(_TICK, self._watch.tick, "watch")
        self._timer.every(_TICK, self._indexer.tick, "search")
        self._timer.every(_UPKEEP, self._upkeep.tick, "upkeep")
        self._timer.every(_UPKEEP, self._packs.tick, "packs")
        self._timer.every(_UPKEEP, lambda: self._capturing.tidy(self._db, self._clock()), "captures")
        self._timer.every(_UPKEEP, self._canary.tick, "canary")
        self._timer.every(_UPKEEP, Weekly(self._keeper, self._plan.listeners, self._clock).tick, "report")
        self._timer.every(_UPKEEP, self._pruner.tick, "pruning")
        if self._heartbeat is not None:
            self._timer.every(_UPKEEP, self._heartbeat.tick, "heartbeat")
        self._timer.start()
        self._keeper.tell(Notice(NoticeKind.STARTED, "", "Tumen has started"))
        # Packs and libraries live as long as the service: no collection of garbage need look through them.
        gc.collect()
        gc.freeze()
        plan, rules = self._plan, sum(len(pack.rules) for pack in self._plan.packs)
        said = "watching %d sources with %d rules, telling %d channels; history in %s"
        _log.info(said, len(plan.sources), rules, len(plan.channels), plan.settings.history_path)

    async def _end(self) -> None:
        self._timer.stop()
        await asyncio.gather(self._watch.stop(), self._packs.stop())
        with suppress(StorageError):  # it ends whether that can be said or not
            self._keeper.tell(Notice(NoticeKind.STOPPED, "", "Tumen was stopped"))
            self._deliver.tick()
        await asyncio.gather(self._crawler.close(), self._deliver.drain(_DRAIN))

    def _handlers(self) -> dict[str, control.Handler]:
        return {
            "status": self._status,
            "retry": self._retry,
            "look": self._look,
            "reload": self._reload,
            "feedback": self._say,
            "prune": self._pruner.prune,
            **self._corrections.handlers(),
            **self._silencing.handlers(),
            **self._indexer.handlers(),
        }

    async def _status(self, _: dict[str, Any]) -> dict[str, Any]:
        packs = {pack.name: pack.version for pack in self._packs.in_use}
        return {"started": self._started.isoformat(), "sources": len(self._plan.sources), "packs": packs}

    async def _retry(self, arguments: dict[str, Any]) -> dict[str, Any]:
        count = self._ledger.retry(arguments.get("alert"), self._clock())
        self._timer.hurry("deliver")
        return {"retried": count}

    async def _look(self, arguments: dict[str, Any]) -> dict[str, Any]:
        count = self._sources.look_now(str(arguments.get("source", "")), self._clock())
        if not count:
            raise InputError(f"no source is called {arguments.get('source')!r}", where="sources look")
        self._timer.hurry("watch")
        return {"due": count}

    async def _reload(self, _: dict[str, Any]) -> dict[str, Any]:
        return (await self._packs.look(asked=True)).described()

    async def _say(self, arguments: dict[str, Any]) -> dict[str, Any]:
        verdict = Verdict(arguments.pop("verdict"))
        return {"id": self._feedback.add(verdict, now=self._clock(), **arguments)}


@contextmanager
def replaying(packs: Sequence[str], db: Path | None, now: datetime) -> Iterator[Ingestor]:
    """What decides about texts without a network, for one reader who wants everything.

    The history is kept only if `db` is given.
    """
    loaded = load_packs(packs, Path())
    with ExitStack() as stack:
        if db is not None:
            stack.enter_context(WriterLock(db))
        history = stack.enter_context(closing(open_history(db)))
        reader = Route("reader", (Recipient("reader", "replay"),))
        ingestor = Ingestor(History(history), Matcher(loaded), (reader,), Freshness())
        ingestor.remember(now)
        yield ingestor
