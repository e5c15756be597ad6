"""Sources for some virtual days through the real `Watch`, core and store; a model answers instead of the web."""

from __future__ import annotations

import asyncio
import random
import resource
import tempfile
from bisect import bisect_right
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.core.alerting import Freshness
from monitor.core.matching import Matcher
from monitor.core.sources.pacing import Pace
from monitor.jobs.ingest import Ingestor
from monitor.jobs.terms import Terms
from monitor.jobs.visiting import Visiting
from monitor.jobs.watch import Watch
from monitor.store.database import open_history
from monitor.store.history import History
from monitor.store.sources import Sources
from monitor.store.visits import Visits
from spiders.items import CrawlReport, Entry, Kind, Look, Outcome, Source
from tests.bench.pace_streams import MONDAY, Stream, made_up

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from spiders.items import CrawlJob

_STEP = timedelta(minutes=1)
_LISTED = 30  # entries of one source
_FAILS = 0.02  # of all looks
_WEIGHTS = (1, 1, 2, 2, 2, 3, 3, 3, 4, 5)


@dataclass
class Week:
    """What happened.

    `changed` looks found something new; `waits` are minutes from publication to detection, `growth` megabytes after
    the first day.
    """

    hours: float
    ceiling: timedelta
    looks: int = 0
    changed: int = 0
    starved: int = 0
    longest_wait: timedelta = timedelta()
    growth: float = 0.0
    waits: list[float] = field(default_factory=list)
    looks_by_hour: defaultdict[datetime, int] = field(default_factory=lambda: defaultdict(int))

    def quantile(self, part: float) -> float:
        waits = sorted(self.waits)
        return waits[min(len(waits) - 1, int(part * len(waits)))]


class Model:
    """Answers looks from a stream, a few with a failure; pages are not there."""

    room = 64

    def __init__(self, stream: Stream, done: Week) -> None:
        self.now = stream.begin
        self._stream, self._done = stream, done
        self._random = random.Random(7)
        self._looked: dict[str, datetime] = {}
        self._found: dict[str, int] = defaultdict(int)

    async def run(self, job: CrawlJob) -> AsyncGenerator[CrawlReport, None]:
        for task in job.tasks:
            name = task.id.removeprefix("look ")
            yield (
                self._look(task.id, name)
                if isinstance(task, Look)
                else CrawlReport(task.id, Outcome.FAILED, "http_404")
            )

    async def close(self) -> None:
        """Nothing to do."""

    def waiting(self) -> Sequence[timedelta]:
        """How long ago each source was looked at."""
        return [self.now - self._looked.get(name, self._stream.begin) for name in self._stream.published]

    def unseen(self) -> int:
        return len(self._stream.published.keys() - self._looked.keys())

    def _look(self, task: str, name: str) -> CrawlReport:
        done, now = self._done, self.now
        done.looks += 1
        done.looks_by_hour[now.replace(minute=0)] += 1
        done.longest_wait = max(done.longest_wait, now - self._looked.get(name, self._stream.begin))
        self._looked[name] = now
        if self._random.random() < _FAILS:
            return CrawlReport(task, Outcome.FAILED, "timeout", "made up")
        published = self._stream.published[name]
        before, count = self._found[name], bisect_right(published, now)
        self._found[name] = count
        done.waits += [(now - at) / timedelta(minutes=1) for at in published[before:count]]
        if count == before:
            return CrawlReport(task, Outcome.UNCHANGED)
        done.changed += 1
        entries = tuple(
            Entry(f"https://{name}.example/{number}", published=published[number])
            for number in range(max(0, count - _LISTED), count)
        )
        return CrawlReport(task, Outcome.OK, entries=entries)


def week(sources: int, *, days: int, pace: Pace = Pace()) -> Week:  # noqa: B008  a frozen value
    """Watch so many sources for so many days, minute by minute."""
    stream = made_up("thin", sources=sources, weeks=1)
    done = Week(24.0 * days, pace.slowest * 1.1 + 2 * _STEP)  # a tenth is left to chance
    random_ = random.Random(3)
    declared = [
        Source(name, name, f"https://{name}.example/rss", Kind.FEED, "en", weight=random_.choice(_WEIGHTS))
        for name in stream.published
    ]
    model = Model(stream, done)
    with tempfile.TemporaryDirectory() as folder, closing(open_history(Path(folder) / "week.db")) as db:
        db.execute("PRAGMA synchronous = OFF")  # the disk is not what is measured
        store = Sources(db)
        store.sync(declared, stream.begin)
        ingestor = Ingestor(History(db), Matcher(()), (), Freshness())
        watch = Watch(
            store,
            ingestor,
            model,
            Visiting(Visits(db), ingestor),
            Terms(pace, timedelta(hours=24), batch=200, deadline=timedelta(seconds=60)),
            clock=lambda: model.now,
            on_alert=lambda: None,
            on_more=lambda: None,
        )
        asyncio.run(_pass(watch, model, done, days))
    done.starved = model.unseen()
    done.longest_wait = max(done.longest_wait, *model.waiting())
    return done


async def _pass(watch: Watch, model: Model, done: Week, days: int) -> None:
    first_day = 0.0
    until = MONDAY + timedelta(days=days)
    while model.now < until:
        watch.tick()
        while not watch.idle:
            await asyncio.sleep(0)
        model.now += _STEP
        if model.now == MONDAY + timedelta(days=1):
            first_day = _resident()
    done.growth = _resident() - first_day if first_day else 0.0


def _resident() -> float:
    """Megabytes at the highest so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
