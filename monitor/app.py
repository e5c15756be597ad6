"""The wiring: everything is built from `Settings` here, and only here."""

from __future__ import annotations

import asyncio
import logging
from contextlib import AsyncExitStack, ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor import __version__, control
from monitor.config import channel_urls, watched_sources
from monitor.core.alerting import Freshness, Route
from monitor.core.errors import ConfigError, InputError, RuleError
from monitor.core.matching import Matcher
from monitor.core.models import Recipient
from monitor.core.pacing import Pace
from monitor.crawl import LocalCrawler
from monitor.jobs.deliver import Deliver
from monitor.jobs.ingest import Ingestor
from monitor.jobs.steps import Observer, ignore
from monitor.jobs.upkeep import Upkeep
from monitor.jobs.watch import Watch
from monitor.notify.channels import Channel, Channels
from monitor.notify.voice import Voice
from monitor.packs import find_pack, load_pack
from monitor.scheduler import Timer
from monitor.store.database import open_history
from monitor.store.history import History
from monitor.store.ledger import Ledger
from monitor.store.lock import WriterLock
from monitor.store.notices import Notices
from monitor.store.sources import Sources
from spiders.items import WorkerOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from monitor.config import Settings
    from monitor.core.topic import Pack
    from monitor.store.database import Database
    from spiders.items import Source

_log = logging.getLogger("tumen")
_TICK = timedelta(seconds=1)
_UPKEEP = timedelta(seconds=10)
_DRAIN = 3.0  # seconds that messages in flight are given when the service ends


def utc_now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a configuration says, read and checked: nothing is opened or started yet."""

    settings: Settings
    packs: tuple[Pack, ...]
    sources: tuple[Source, ...]
    channels: tuple[Channel, ...]

    @property
    def freshness(self) -> Freshness:
        """How old news may be."""
        return Freshness(**self.settings.freshness.model_dump())

    @property
    def routes(self) -> tuple[Route, ...]:
        """What each channel wants to hear."""
        given = self.settings.channels
        return tuple(
            Route(
                channel=channel.name,
                recipients=channel.recipients,
                packs=frozenset(given[channel.name].packs),
                rules=frozenset(given[channel.name].rules),
                at_least=given[channel.name].at_least,
            )
            for channel in self.channels
        )

    @property
    def voices(self) -> dict[str, Voice]:
        """How each channel is spoken to."""
        packs = {pack.name: pack for pack in self.packs}
        return {channel.name: Voice(channel.language, channel.zone, packs) for channel in self.channels}


def plan(settings: Settings) -> Plan:
    """Read and check what the configuration names.

    Raises:
        ConfigError, RuleError: the first thing that is wrong, with its place and a remedy.
    """
    packs = _packs(settings.packs, settings.folder)
    channels = tuple(
        Channel(name, channel_urls(name, given, settings.folder), given.language, given.zone)
        for name, given in settings.channels.items()
    )
    _check_routes(settings, packs)
    for error in Channels(channels).validate():
        raise error
    return Plan(settings, packs, watched_sources(settings.sources), channels)


def worker_options(settings: Settings) -> WorkerOptions:
    """How the crawl worker behaves on the web."""
    crawl = settings.crawl
    contact = f"; {crawl.contact}" if crawl.contact else ""
    return WorkerOptions(
        user_agent=f"Tumen/{__version__} (news monitor{contact})",
        delay=crawl.delay.total_seconds(),
        timeout=crawl.timeout.total_seconds(),
        allow_private=tuple(crawl.allow_private),
        obey_robots=crawl.obey_robots,
    )


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

    def _build(self, db: Database) -> None:
        settings = self._plan.settings
        self._sources, self._history, self._ledger = Sources(db), History(db), Ledger(db)
        self._timer = Timer()
        self._channels = Channels(self._plan.channels)
        self._crawler = LocalCrawler(worker_options(settings), workers=settings.crawl.workers)
        ingestor = Ingestor(
            self._history,
            Matcher(self._plan.packs),
            self._plan.routes,
            self._plan.freshness,
            observe=self._observe,
        )
        self._watch = Watch(
            self._sources,
            ingestor,
            self._crawler,
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
        self._deliver = Deliver(
            self._ledger, self._channels, self._plan.voices, clock=self._clock, observe=self._observe
        )
        self._upkeep = Upkeep(self._sources, Notices(db), ingestor, self._clock)
        now = self._clock()
        self._sources.sync(self._plan.sources, now)
        self._ledger.recover(now)
        ingestor.remember(now)
        self._channels.load()

    def _begin(self) -> None:
        self._timer.every(_TICK, self._deliver.tick, "deliver")
        self._timer.every(_TICK, self._watch.tick, "watch")
        self._timer.every(_UPKEEP, self._upkeep.tick, "upkeep")
        self._timer.start()
        _log.info(
            "watching %d sources with %d rules, telling %d channels; history in %s",
            len(self._plan.sources),
            sum(len(pack.rules) for pack in self._plan.packs),
            len(self._plan.channels),
            self._plan.settings.history_path,
        )

    async def _end(self) -> None:
        self._timer.stop()
        await self._watch.stop()
        await asyncio.gather(self._crawler.close(), self._deliver.drain(_DRAIN))

    def _handlers(self) -> dict[str, control.Handler]:
        async def status(_: dict[str, Any]) -> dict[str, Any]:
            return {"started": self._started.isoformat(), "sources": len(self._plan.sources)}

        async def retry(arguments: dict[str, Any]) -> dict[str, Any]:
            count = self._ledger.retry(arguments.get("alert"), self._clock())
            self._timer.hurry("deliver")
            return {"retried": count}

        async def look(arguments: dict[str, Any]) -> dict[str, Any]:
            count = self._sources.look_now(str(arguments.get("source", "")), self._clock())
            if not count:
                raise InputError(f"no source is called {arguments.get('source')!r}", where="sources look")
            self._timer.hurry("watch")
            return {"due": count}

        return {"status": status, "retry": retry, "look": look}


def _packs(names: Sequence[str], beside: Path) -> tuple[Pack, ...]:
    """The packs, each with a name of its own: the history tells them apart by it."""
    found: dict[str, Pack] = {}
    for name in dict.fromkeys(names):
        pack = load_pack(find_pack(name, beside))
        if pack.name in found:
            raise RuleError(
                f"a pack named {pack.name} is loaded already, from {found[pack.name].where}",
                where=pack.where,
                remedy="give one of them another name in its pack.yaml, or leave it out",
            )
        found[pack.name] = pack
    return tuple(found.values())


def _check_routes(settings: Settings, packs: tuple[Pack, ...]) -> None:
    """Every pack and rule that a channel names exists."""
    known = {pack.name for pack in packs}
    rules = {rule.name for pack in packs for rule in pack.rules}
    for name, channel in settings.channels.items():
        for kind, wanted, there in (("pack", channel.packs, known), ("rule", channel.rules, rules)):
            for one in wanted:
                if one not in there:
                    raise ConfigError(
                        f"there is no {kind} {one}",
                        where=f"channel {name}",
                        remedy=f"known: {', '.join(sorted(there))}",
                    )


@contextmanager
def replaying(packs: Sequence[str], db: Path | None, now: datetime) -> Iterator[Ingestor]:
    """What decides about texts without a network, for one reader who wants everything.

    The history is kept only if `db` is given.
    """
    loaded = _packs(packs, Path())
    with ExitStack() as stack:
        if db is not None:
            stack.enter_context(WriterLock(db))
        history = stack.enter_context(closing(open_history(db)))
        reader = Route("reader", (Recipient("reader", "replay"),))
        ingestor = Ingestor(History(history), Matcher(loaded), (reader,), Freshness())
        ingestor.remember(now)
        yield ingestor


def describe_channels(plan: Plan) -> dict[str, list[str]]:
    """Who listens on each channel, without secrets."""
    doors = Channels(plan.channels)
    return {channel.name: [doors.describe(who) for who in channel.recipients] for channel in plan.channels}
