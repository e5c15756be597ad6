"""Metrics: what the history, the health and the parts of the service say, brought together when somebody asks."""

from __future__ import annotations

import shutil
import threading
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor import __version__
from monitor.core.errors import StorageError
from monitor.core.liveness import SymptomKind
from monitor.core.sources.state import Condition
from monitor.metrics import declared as known
from monitor.store.database import open_reader
from monitor.store.levels import SQLITE, levels
from spiders.items import Outcome, Read

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import datetime
    from pathlib import Path
    from typing import Any

    from monitor.jobs.health import Health
    from monitor.metrics import Metrics
    from monitor.store.database import Database
    from monitor.store.levels import Levels
    from monitor.store.tally import Added, Tally
    from spiders.items import CrawlReport, Task

BLOCKED = ("blocked_private_address", "blocked_scheme", "robots")
_UNTOLD = ("repeat", "same_text", "no_channel", "silence")
_ALL = ""  # stands for a source where there are too many to name each
_UNDER_WAY = ("pending", "held", "claimed")


@dataclass(frozen=True, slots=True)
class Reported:
    """What other parts of the service say about themselves. Called from another thread: each answers from memory.

    Attributes:
        channels: the names of those that are told.
        reloaded: whether what was edited last is in use.
        backup: when the last verified backup was made, None if that is not known.
        cluster: how it stands with it (see `Clustering.described`), None without one.
    """

    channels: Callable[[], Collection[str]]
    reloaded: Callable[[], bool]
    backup: Callable[[], datetime | None] = lambda: None
    cluster: Callable[[], Mapping[str, Any] | None] = lambda: None


class Meter:
    """Answers with all metrics. What it asks of the history it asks as a reader, in one short look.

    Args:
        metrics: where figures are kept.
        health: how the service is.
        path: the history.
        clock: the time.
    """

    def __init__(
        self, metrics: Metrics, health: Health, path: Path, *, clock: Callable[[], datetime]
    ) -> None:
        self._metrics = metrics
        self._health = health
        self._path = path
        self._clock = clock
        self._tally: Tally | None = None
        self._reported: Reported | None = None
        self._reader: Database | None = None
        self._named: set[str] = set()  # sources and channels whose counters have begun
        self._turn = threading.Lock()
        metrics.put(known.BUILD, 1, __version__, SQLITE)
        for metric, words in (
            (known.BLOCKED, BLOCKED),
            (known.SUPPRESSED, _UNTOLD),
            (known.PAGES, tuple(Outcome)),
        ):
            for word in words:
                metrics.add(metric, 0, word)

    def begin(self, tally: Tally, reported: Reported) -> None:
        """Ask the history from now on: it is open."""
        self._tally, self._reported = tally, reported

    def end(self) -> None:
        """Ask the history no more: it is about to be closed."""
        with self._turn:
            self._tally = None
            self._close()

    def heed(self, task: Task, report: CrawlReport) -> None:
        """Count how a task of the crawler ended."""
        if isinstance(task, Read):
            self._metrics.add(known.PAGES, 1, report.outcome)
        if report.reason in BLOCKED:
            self._metrics.add(known.BLOCKED, 1, report.reason)

    def text(self) -> bytes:
        """All metrics, as Prometheus reads them. Those that the history cannot be asked for stay as they were."""
        with self._turn:
            if self._tally is not None:
                self._ask(self._tally)
            self._tell_health()
            if self._reported is not None:
                self._tell_reported(self._reported)
            return self._metrics.text()

    def _ask(self, tally: Tally) -> None:
        try:
            if self._reader is None:
                self._reader = open_reader(self._path)
            found, standing = tally.added(self._reader), levels(self._reader)
        except StorageError:
            self._close()
            self._metrics.put(known.HISTORY_UP, 0)
            return
        self._metrics.put(known.HISTORY_UP, 1)
        self._begin_counters(standing)
        self._count(found if standing.are_named else found.summed(_ALL))
        self._tell_sources(standing)
        self._tell_deliveries(standing)
        self._tell_disk(standing)

    def _close(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def _begin_counters(self, standing: Levels) -> None:
        """With 0, so that the first that is counted is seen as an increase."""
        names = {source.name for source in standing.sources} if standing.are_named else {_ALL}
        for name in names - self._named:
            self._metrics.add(known.GAPS, 0, name)
            for outcome in Outcome:
                self._metrics.add(known.LOOKS, 0, name, outcome)
        channels = set(self._reported.channels()) if self._reported else set()
        marked = {f"channel {name}": name for name in channels}
        for mark, name in marked.items():
            if mark not in self._named:
                for metric in (known.SENT, known.DEAD, known.DUPLICATES):
                    self._metrics.add(metric, 0, name)
        self._named |= names | set(marked)

    def _count(self, found: Added) -> None:
        add, observe = self._metrics.add, self._metrics.observe
        for metric, pairs in (
            (known.LOOKS, found.looks),
            (known.MATCHES, found.matches),
            (known.ALERTS, found.alerts),
            (known.FAILED, found.failed),
        ):
            for labels, many in pairs.items():
                add(metric, many, *labels)
        for metric, counted in (
            (known.GAPS, found.gaps),
            (known.SUPPRESSED, found.untold),
            (known.SENT, found.sent),
            (known.DEAD, found.dead),
            (known.DUPLICATES, found.unknown),
        ):
            for label, many in counted.items():
                add(metric, many, label)
        add(known.ARTICLES, found.articles)
        add(known.EXPIRED, found.expired)
        add(known.SUPPRESSED, found.silenced, "silence")
        for seconds in found.look_seconds:
            observe(known.LOOK_SECONDS, seconds)
        for metric, times in ((known.LATENCY, found.latencies), (known.DETECT_TO_SEND, found.detections)):
            for time in times:
                observe(metric, max(0.0, time.total_seconds()))

    def _tell_sources(self, standing: Levels) -> None:
        put, sources = self._metrics.put_all, standing.sources
        put(known.LAST_OK, (((one.name,), one.last_ok.timestamp()) for one in sources if one.last_ok))
        put(known.LAST_NEW, (((one.name,), one.last_new.timestamp()) for one in sources if one.last_new))
        put(known.STATE, (((one.name, one.condition), 1) for one in sources))
        counted = standing.conditions
        put(known.SOURCES, (((condition,), counted.get(condition, 0)) for condition in Condition))
        self._metrics.put(known.DUE, self._age(standing.due))
        self._metrics.put(known.TO_READ, standing.to_read)

    def _tell_deliveries(self, standing: Levels) -> None:
        channels = {channel for channel, _ in standing.open}
        channels.update(self._reported.channels() if self._reported else ())
        self._metrics.put_all(
            known.DELIVERIES,
            (
                ((channel, state), standing.open.get((channel, state), 0))
                for channel in sorted(channels)
                for state in _UNDER_WAY
            ),
        )
        waiting = standing.waiting
        ages = (((channel,), self._age(waiting.get(channel))) for channel in sorted(channels))
        self._metrics.put_all(known.OLDEST, ages)

    def _tell_disk(self, standing: Levels) -> None:
        self._metrics.put(known.SIZE, standing.usage.size)
        self._metrics.put(known.FREE, standing.usage.free)
        self._metrics.put(known.WAL, standing.usage.log)
        with suppress(OSError):
            self._metrics.put(known.DISK_FREE, shutil.disk_usage(self._path.parent).free)

    def _tell_health(self) -> None:
        counted = Counter(symptom.kind for symptom in self._health.symptoms())
        self._metrics.put_all(known.SYMPTOMS, (((kind,), counted[kind]) for kind in SymptomKind))
        self._metrics.put(known.READY, not self._health.ready())
        silent = self._health.silent()
        self._metrics.put_all(
            known.SILENCE, (((name,), seconds.total_seconds()) for name, seconds in silent.items())
        )

    def _tell_reported(self, reported: Reported) -> None:
        self._metrics.put(known.RELOADED, reported.reloaded())
        if (at := reported.backup()) is not None:
            self._metrics.put(known.BACKUP, at.timestamp())
        if (cluster := reported.cluster()) is not None:
            self._metrics.put(known.CLUSTER_UP, not cluster["away"])
            self._metrics.put(known.CLUSTER_WORKERS, cluster["workers"])
            self._metrics.put(known.ORDERS, cluster["orders"])

    def _age(self, since: datetime | None) -> float:
        return max(0.0, (self._clock() - since).total_seconds()) if since else 0.0
