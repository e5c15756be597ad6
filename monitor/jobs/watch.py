"""Watching: which sources are due, which pages are to be read, and what comes of it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from monitor.core.errors import CrawlError, MonitorError, StorageError
from monitor.core.models import Fetched
from monitor.core.sources.catchup import Gap
from monitor.core.sources.pacing import next_read
from monitor.core.sources.revisiting import Visit
from monitor.core.sources.state import SourceState
from monitor.core.tidying import from_entry
from monitor.crawl import batches
from monitor.jobs.agenda import Agenda
from monitor.jobs.breaking import Breaking
from monitor.jobs.looking import Looking, Seen
from monitor.jobs.steps import Observer, Step, ignore
from spiders.items import CrawlReport, Look, Outcome, Read, host

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime

    from monitor.core.models import Pending
    from monitor.crawl import Crawler
    from monitor.jobs.agenda import Subject
    from monitor.jobs.ingest import Ingestor
    from monitor.jobs.terms import Terms
    from monitor.jobs.visiting import Visiting
    from monitor.store.sources import Sources
    from spiders.items import CrawlJob, Source, Task

_log = logging.getLogger("tumen.watch")
_PAUSE = timedelta(seconds=30)  # after a fault of the crawler or the history, before more work is begun
_LONG_REST = timedelta(seconds=5)  # a host that wants more between two requests is not waited for by a job
# A look that comes alone is stored at once. Where many come, or the disk is slow, those are stored together that come
# within so many times as long as it took to store one of the last.
_GATHERING = 4
_AT_ONCE = (
    50  # looks that are stored together at most: the loop stands still for less than a tenth of a second
)


class Watch:
    """Hands due work to the crawler and stores what comes back.

    A host is in one job at a time. It is free again as soon as its tasks have reported, whatever else is in the job.
    """

    def __init__(  # noqa: PLR0913  these are its collaborators
        self,
        sources: Sources,
        ingestor: Ingestor,
        crawler: Crawler,
        visiting: Visiting,
        terms: Terms,
        *,
        clock: Callable[[], datetime],
        on_alert: Callable[[], None],
        on_more: Callable[[], None],
        observe: Observer = ignore,
    ) -> None:
        self._sources = sources
        self._ingestor = ingestor
        self._crawler = crawler
        self._visiting = visiting
        self._terms = terms
        self._clock = clock
        self._on_alert = on_alert
        self._on_more = on_more
        self._observe = observe
        self._busy: Counter[str] = Counter()
        self._flying: dict[
            str, Subject | None
        ] = {}  # by the id of its task; None if nobody wants it any more
        self._jobs: set[asyncio.Task[None]] = set()
        self._resume_at: datetime | None = None
        self._refused = False  # by the history, since the pause began: no look is stored
        # Hosts that want long rests: since when, and how long.
        self._slow: dict[str, tuple[datetime, timedelta]] = {}
        self._agenda = Agenda(sources, visiting)
        self._looking = Looking(sources, ingestor, on_more=on_more, observe=observe)
        self._breaking = Breaking(sources, on_more)
        self._arrived: list[tuple[Look, CrawlReport]] = []  # looks that are to be stored
        self._storing: asyncio.TimerHandle | None = None
        self._free_at = 0.0  # when others may be stored, in seconds of the event loop

    @property
    def idle(self) -> bool:
        """Whether nothing is in flight."""
        return not self._jobs and not self._arrived

    def tick(self) -> None:
        """Begin what is due and fits. Returns at once; the work goes on in the background."""
        now = self._clock()
        # A clock that is set back makes no pause longer.
        if self._resume_at is not None and timedelta() < self._resume_at - now <= _PAUSE:
            return
        self._resume_at, self._refused = None, False
        room = self._crawler.room - len(self._jobs)
        if room <= 0:
            return
        try:
            self._breaking.tick(now, self._terms.pace)
            due = dict(self._due(now, room))
        except StorageError as error:
            self._pause(error)
            return
        for job in batches(tuple(due), self._taken(now), size=self._terms.batch, slow=self._slow)[:room]:
            self._begin(job, {task.id: due[task] for task in job.tasks})

    def take_up(self, terms: Terms, declared: Iterable[Source]) -> None:
        """Watch on other terms from now on. A look that is under way at a former address will not be taken in."""
        self._terms = terms
        addresses = {source.name: source.url for source in declared}
        for task, subject in self._flying.items():
            if isinstance(subject, SourceState) and addresses.get(subject.source.name) != subject.source.url:
                self._flying[task] = None

    async def stop(self) -> None:
        """Drop what is in flight; it stays due in the history."""
        if self._storing is not None:
            self._storing.cancel()
        self._arrived.clear()
        for job in self._jobs:
            job.cancel()
        await asyncio.gather(*self._jobs, return_exceptions=True)

    def _due(self, now: datetime, room: int) -> Iterator[tuple[Task, Subject]]:
        """What is due for at most `room` jobs, and not being done."""
        looking = [one.source.name for one in self._flying.values() if isinstance(one, SourceState)]
        taken = self._taken(now)
        for task, subject in self._agenda.due(now, self._terms, room, looking=looking, taken=taken):
            if task.id not in self._flying:
                yield task, subject

    def _taken(self, now: datetime) -> tuple[str, ...]:
        """Hosts to which nobody is sent now: a job is there, or they rest."""
        resting = (name for name, (since, rest) in self._slow.items() if timedelta() <= now - since < rest)
        return (*self._busy, *resting)

    def _begin(self, job: CrawlJob, subjects: Mapping[str, Subject]) -> None:
        self._flying.update(subjects)
        self._busy.update(map(_host, job.tasks))
        running = asyncio.create_task(self._run(job), name=f"crawl job {job.id}")
        self._jobs.add(running)
        running.add_done_callback(self._jobs.discard)

    async def _run(self, job: CrawlJob) -> None:
        left = {task.id: task for task in job.tasks}
        looks = any(isinstance(task, Look) for task in job.tasks)
        self._observe(Step.LOOK_BEGUN if looks else Step.READ_BEGUN, job.id)
        storable = True
        try:
            async for report in self._crawler.run(job):
                task = left.pop(report.task)
                self._note_rest(task, report)
                if isinstance(task, Look) and not isinstance(self._flying[task.id], Gap):
                    self._gather(task, report)
                    continue
                try:
                    if storable:
                        self._take(task, report)
                except StorageError as error:
                    # The rest of the job is heard out, so that no host is free before the crawler is done with it.
                    storable = False
                    self._pause(error)
                finally:
                    self._ingestor.capturing.drop(report)
                    self._release(task)
        except CrawlError as error:
            self._pause(error)
        except Exception as error:  # noqa: BLE001  a job must not end unheard
            _log.exception("a bug in a crawl job")
            self._pause(error)
        finally:
            for task in left.values():
                self._release(task)
            if not looks:
                self._on_more()  # pages of the same hosts may wait

    def _pause(self, error: Exception) -> None:
        """Begin nothing for a while. Nothing is lost: what was not stored is still due."""
        self._resume_at = self._clock() + _PAUSE
        _log.error("nothing is read for %d s: %s", _PAUSE.total_seconds(), error)

    def _note_rest(self, task: Task, report: CrawlReport) -> None:
        rest = timedelta(seconds=report.rest)
        if rest > _LONG_REST:
            self._slow[_host(task)] = (self._clock(), rest)
        elif rest:
            self._slow.pop(_host(task), None)

    def _release(self, task: Task) -> None:
        key = _host(task)
        self._busy[key] -= 1
        if not self._busy[key]:
            del self._busy[key]
        del self._flying[task.id]

    def _gather(self, look: Look, report: CrawlReport) -> None:
        """Have a look stored: soon, with others that arrive until then."""
        self._arrived.append((look, report))
        loop = asyncio.get_running_loop()
        if self._storing is None:
            self._storing = loop.call_at(self._free_at, self._store_arrived)
        elif len(self._arrived) == _AT_ONCE:
            self._storing.cancel()
            self._storing = loop.call_at(0.0, self._store_arrived)

    def _store_arrived(self) -> None:
        arrived, self._arrived, self._storing = self._arrived[:_AT_ONCE], self._arrived[_AT_ONCE:], None
        loop, began = asyncio.get_running_loop(), time.monotonic()
        subjects = [(self._flying[look.id], look, report) for look, report in arrived]
        # What is at a former address, or cannot be stored now, is due again.
        seen = [
            Seen(state, report, look.validators)
            for state, look, report in subjects
            if isinstance(state, SourceState) and not self._refused
        ]
        try:
            if seen:
                self._looking.take(seen, self._breaking.stirs, self._terms, self._clock())
        except StorageError as error:
            self._refused = True
            self._pause(error)
        except Exception as error:  # noqa: BLE001  the looks must not keep their hosts for ever
            _log.exception("a bug while looks were stored")
            self._pause(error)
        finally:
            for look, _ in arrived:
                self._release(look)
        self._free_at = loop.time() + _GATHERING * (time.monotonic() - began) / len(arrived)
        if self._arrived:
            self._storing = loop.call_at(self._free_at, self._store_arrived)

    def _take(self, task: Task, report: CrawlReport) -> None:
        subject = self._flying[task.id]
        if subject is None:
            return
        try:
            if isinstance(subject, Gap):
                self._searched(subject, report)
            elif isinstance(subject, Visit):
                self._visited(subject, report)
            elif not isinstance(subject, SourceState):
                self._observe(Step.PAGE_READ, subject.entry.url)
                self._read(subject, report)
        except MonitorError:
            raise
        except Exception:  # noqa: BLE001  one article must not stop the others
            # Whatever it is about this one, it must neither stop the others nor be tried again at once.
            _log.exception("a bug while %s was taken in", task.id)
            failed = CrawlReport(task.id, Outcome.FAILED, "bug", "Tumen could not take it in; see the log")
            if isinstance(subject, Gap):
                self._searched(subject, failed)
            elif isinstance(subject, Visit):
                self._visited(subject, failed)
            elif not isinstance(subject, SourceState):
                self._not_read(subject, failed, self._again(subject, failed))

    def _searched(self, before: Gap, report: CrawlReport) -> None:
        """Take in a page of the archive of a source that may have brought more than it lists."""
        gap = self._sources.gaps.searched(before, report, self._clock())
        _log.info("%s: %d found in its archive", gap.source, gap.found - before.found)
        self._on_more()  # pages to be read, or the next page to be searched

    def _visited(self, visit: Visit, report: CrawlReport) -> None:
        if self._visiting.take(visit, report, self._clock()):
            self._on_alert()

    def _read(self, pending: Pending, report: CrawlReport) -> None:
        now = self._clock()
        article = report.article
        if article is None:
            again = self._again(pending, report)
            article = from_entry(pending) if again is None else None
            if article is None:
                self._not_read(pending, report, again)
                return
            _log.info("%s cannot be read (%s): its title and teaser are used", report.url, report.reason)
        fetched = None
        if report.article:
            fetched = Fetched(report.url or article.url, report.validators, report.capture)
        if self._ingestor.take(pending, article, now, fetched).ingest.alerts:
            self._on_alert()
            self._breaking.alerted(now, self._terms.pace)

    def _again(self, pending: Pending, report: CrawlReport) -> datetime | None:
        return next_read(report, pending.attempts + 1, now=self._clock(), pace=self._terms.pace)

    def _not_read(self, pending: Pending, report: CrawlReport, again: datetime | None) -> None:
        self._sources.reading_failed(
            pending.entry.url,
            reason=report.reason,
            detail=report.detail,
            now=self._clock(),
            retry_at=again,
        )


def _host(task: Task) -> str:
    return host(task.url or "") if isinstance(task, Look | Read) else ""
