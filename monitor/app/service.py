"""The running program."""

from __future__ import annotations

import asyncio
import gc
import logging
from contextlib import AsyncExitStack, closing, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from monitor import control
from monitor.app.backups import backup_plan
from monitor.app.commands import Commands
from monitor.app.configuration import Configuration
from monitor.app.damage import tell_of_damage, unless_damaged
from monitor.app.keeping import build_heartbeat, build_pruner
from monitor.app.supervising import build_supervision, describe
from monitor.app.telling import build_telling
from monitor.app.watching import build_watching
from monitor.core.delivery.notices import Notice, NoticeKind
from monitor.core.errors import StorageError
from monitor.core.matching import Matcher
from monitor.jobs.backups import Backups
from monitor.jobs.health import Body
from monitor.jobs.packs import Packs, Shelf
from monitor.jobs.searching import Indexer
from monitor.jobs.steps import Observer, ignore
from monitor.packs import find_pack
from monitor.planning import check_packs
from monitor.scheduler import Timer
from monitor.store import configured
from monitor.store.clock import forget_future
from monitor.store.database import open_history, open_reader, pin, probe
from monitor.store.feedback import Feedback
from monitor.store.history import History
from monitor.store.lock import WriterLock
from monitor.supervision import Manager

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitor.app.exposing import Exposed
    from monitor.config import Settings
    from monitor.core.liveness import Symptom
    from monitor.core.models import Remembered
    from monitor.jobs.heartbeat import Heartbeat
    from monitor.planning import Plan
    from monitor.store.database import Database

_log = logging.getLogger("tumen")
_TICK = timedelta(seconds=1)
_UPKEEP = timedelta(seconds=10)
_LAST_WORDS = 12.0  # seconds in which the channels are told that the history is damaged
_DRAIN = 3.0  # seconds that messages in flight are given when the service ends


def utc_now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


class Service:
    """The running program: one process, the only writer of its history, and its crawl workers.

    Args:
        plan: what to do.
        reread: the settings as they are written now, for a reload; those of the plan if left out.
        reloaded: is called when a reload changed something.
        clock: the time.
        manager: who supervises it, by default nobody.
        observe: is told each step of the road.
    """

    def __init__(
        self,
        plan: Plan,
        *,
        reread: Callable[[], Settings] | None = None,
        reloaded: Callable[[], object] = lambda: None,
        clock: Callable[[], datetime] = utc_now,
        manager: Manager | None = None,
        observe: Observer = ignore,
    ) -> None:
        self._plan = plan
        self._reread = reread or (lambda: plan.settings)
        self._reloaded = reloaded
        self._clock = clock
        self._manager = manager or Manager()
        self._observe = observe
        self._started = clock()
        self._exposed = self._make_exposed()

    async def run(self, stop: asyncio.Event) -> None:
        """Watch and tell until `stop` is set, then end within a few seconds.

        Raises:
            AlreadyRunning: another instance is the writer of the history.
            ConfigError: something else listens where `health` is to.
            StorageError: the history cannot be opened.
            DatabaseDamaged: it is damaged, which may be found while it runs.
        """
        path = self._plan.settings.history_path
        async with AsyncExitStack() as stack:
            stack.enter_context(WriterLock(path))
            if self._exposed:
                stack.enter_context(self._exposed.listening())
            with self._manager.opening():
                db = open_history(path)
            stack.callback(db.close)
            self._build(db)
            stack.push_async_callback(self._end)
            await stack.enter_async_context(control.listening(path, self._handlers()))
            self._begin()
            await unless_damaged(db, stop)
            _log.info("ending")

    def reload(self) -> None:
        """Take up the configuration as it is written now, in the background; the log says what came of it."""
        self.configuration.reload()

    def _build(self, db: Database) -> None:
        plan, clock, observe = self._plan, self._clock, self._observe
        self._db, self._indexer = db, Indexer(db)
        exposed = self._exposed
        timer = self._timer = Timer(exposed.metrics if exposed else None)
        self._telling = build_telling(
            plan, db, clock=clock, hurry=lambda: timer.hurry("deliver"), observe=observe
        )
        keeper = self._telling.keeper
        self._watching = build_watching(
            plan,
            db,
            keeper,
            clock=clock,
            hurry=timer.hurry,
            observe=observe,
            heed=exposed.meter.heed if exposed else None,
        )
        self._packs = Packs(
            _shelves(plan),
            check=partial(check_packs, plan.settings),
            take_up=self._take_up,
            keeper=keeper,
        )
        self.configuration = Configuration(
            plan,
            reread=self._reread,
            change=self._change,
            packs=self._packs,
            keeper=keeper,
            clock=clock,
            announce=self._manager.reloading,
            changed=self._reloaded,
        )
        self._pruner = build_pruner(plan, db, self._telling, self._watching, timer, clock)
        self._backups = Backups(db, backup_plan(plan.settings), keeper, clock=clock)
        self._heartbeat = self._make_heartbeat(plan)
        self._recover()

    def _make_exposed(self) -> Exposed | None:
        settings = self._plan.settings
        if settings.health is None:
            return None
        from monitor.app.exposing import Exposed  # noqa: PLC0415  its library takes memory where nobody asks

        return Exposed(settings.health, settings.history_path, self._clock)

    def _make_heartbeat(self, plan: Plan) -> Heartbeat | None:
        return build_heartbeat(
            plan,
            self._watching.sources,
            self._telling.ledger,
            self._timer,
            probe=partial(probe, self._db),
            more=self._more_symptoms,
            clock=self._clock,
        )

    def _more_symptoms(self) -> tuple[Symptom, ...]:
        return (*self._telling.canary.missing(), *self._telling.keeper.parked())

    def _expose(self) -> None:
        """Have machines see that it watches, if any are to."""
        if self._exposed is None:
            return
        timer = self._timer
        body = Body(partial(probe, self._db), timer.silent, timer.turned, self._more_symptoms)
        self._exposed.begin(
            self._db,
            body,
            channels=lambda: tuple(self._plan.settings.channels),
            reloaded=lambda: self._packs.is_sound and self.configuration.successful,
            backup=lambda: self._backups.last,
            cluster=self._watching.clustering.described,
        )
        timer.every(_UPKEEP, self._exposed.health.tick, "health")

    def _recover(self) -> None:
        """Go on where the last run ended."""
        now = self._clock()
        self._telling.recover(self._plan, now)
        self._packs.begin()
        self.configuration.begin()
        self._watching.recover(self._plan, self._db, now)

    async def _change(self, plan: Plan) -> None:
        """Do what another plan says from the end of this call on."""
        if plan.packs == self._packs.in_use:
            self._settle(plan)
        else:
            matcher = await asyncio.to_thread(Matcher, plan.packs)
            await self._take_up(matcher, partial(self._settle, plan))
        for name in ("deliver", "watch", "captures"):
            self._timer.hurry(name)
        with suppress(StorageError):  # what was said of receivers that are gone stands until the next start
            self._telling.deliver.begin(plan.recipients)
            self._packs.begin()

    def _settle(self, plan: Plan) -> None:
        """Give every part its part of another plan, between two steps of all others. Only the first line may fail."""
        configured.take_up(self._db, plan.sources, plan.recipients, self._clock())
        before, self._plan = self._plan, plan
        self._telling.take_up(before, plan)
        self._watching.take_up(plan)
        self._packs.replace(_shelves(plan), partial(check_packs, plan.settings))
        self._pruner.keep(plan.settings.retention.retention)
        self._backups.keep(backup_plan(plan.settings))
        if before.settings.heartbeat != plan.settings.heartbeat:
            self._heartbeat = self._make_heartbeat(plan)

    async def _take_up(self, matcher: Matcher, settle: Callable[[], None] = lambda: None) -> None:
        """Judge articles, and word messages, by other packs from the end of this call on."""
        reader = open_reader(self._plan.settings.history_path)
        pin(reader)  # what is stored from now on is not in it: the ingestor keeps that itself

        def past(since: datetime) -> tuple[Remembered, ...]:
            with closing(reader):
                return History(reader).remembered(since)

        await self._watching.ingestor.take_up(matcher, past, self._clock(), settle)
        self._telling.deliver.speak(self._plan.voices(matcher.packs))

    def _begin(self) -> None:
        self._schedule()
        self._expose()
        self._timer.start()
        self._telling.keeper.tell(Notice(NoticeKind.STARTED, "", "Tumen has started"))
        # Packs and libraries live as long as the service: no collection of garbage need look through them.
        gc.collect()
        gc.freeze()
        _log.info(
            "watching; sources: %d, rules: %d, channels: %d; history in %s",
            len(self._plan.sources),
            sum(len(pack.rules) for pack in self._plan.packs),
            len(self._plan.channels),
            self._plan.settings.history_path,
        )
        self._manager.ready(describe(self._plan, self._db))

    def _schedule(self) -> None:
        telling, watching, every = self._telling, self._watching, self._timer.every
        # First, so that nothing that a clock which was ahead has put off waits for its time.
        every(_UPKEEP, lambda: forget_future(self._db, self._clock()), "clock")
        every(_TICK, telling.deliver.tick, "deliver")
        every(_TICK, watching.watch.tick, "watch")
        every(_TICK, self._indexer.tick, "search")
        every(_UPKEEP, watching.upkeep.tick, "upkeep")
        every(_UPKEEP, watching.clustering.tick, "cluster")
        every(_UPKEEP, self._packs.tick, "packs")
        every(_UPKEEP, lambda: watching.capturing.tidy(self._db, self._clock()), "captures")
        every(_UPKEEP, telling.canary.tick, "canary")
        every(_UPKEEP, telling.weekly.tick, "report")
        every(_UPKEEP, self._pruner.tick, "pruning")
        every(_UPKEEP, self._backups.tick, "backup")
        every(_UPKEEP, telling.aftermath.tick, "restored")
        every(_UPKEEP, self._beat, "heartbeat")
        supervision = build_supervision(
            self._manager, self._timer, self._watching, self._telling, self._db, lambda: self._plan
        )
        every(supervision.every, supervision.tick, "supervision")

    def _beat(self) -> None:
        if self._heartbeat is not None:
            self._heartbeat.tick()

    async def _end(self) -> None:
        telling, watching = self._telling, self._watching
        self._manager.stopping()
        if self._exposed is not None:
            self._exposed.end()
        self._timer.stop()
        await asyncio.gather(
            watching.watch.stop(), self._packs.stop(), self.configuration.stop(), self._backups.stop()
        )
        if self._db.damage is not None:
            channels = telling.deliver.ways.channels
            await tell_of_damage(self._db.damage, channels, self._plan.listeners, seconds=_LAST_WORDS)
        else:
            with suppress(StorageError):  # it ends whether that can be said or not
                telling.keeper.tell(Notice(NoticeKind.STOPPED, "", "Tumen was stopped"))
                telling.deliver.tick()
        await asyncio.gather(watching.crawler.close(), telling.deliver.drain(_DRAIN))

    def _handlers(self) -> dict[str, control.Handler]:
        commands = Commands(
            started=self._started,
            configuration=self.configuration,
            packs=self._packs,
            watching=self._watching,
            ledger=self._telling.ledger,
            feedback=Feedback(self._db),
            clock=self._clock,
            hurry=self._timer.hurry,
        )
        return {
            **commands.handlers(),
            **self.configuration.handlers(),
            "prune": self._pruner.prune,
            "backup": self._backups.back_up,
            **self._watching.corrections.handlers(),
            **self._telling.silencing.handlers(),
            **self._indexer.handlers(),
        }


def _shelves(plan: Plan) -> tuple[Shelf, ...]:
    folders = (find_pack(name, plan.settings.folder) for name in dict.fromkeys(plan.settings.packs))
    return tuple(map(Shelf, folders, plan.packs))
