"""Crawling on this machine: a few worker processes, started when there is work, replaced when lost or worn."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from monitor.core.errors import CrawlError
from monitor.crawl.child import COMMAND
from monitor.crawl.flight import admit_all
from monitor.crawl.manners import Manners
from monitor.crawl.process import START_SECONDS, WorkerLost, WorkerProcess
from monitor.crawl.rounds import Round, Rounds, Try

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Iterable, Sequence

    from monitor.crawl.flight import Admits
    from spiders.items import CrawlJob, CrawlReport, WorkerOptions
    from spiders.wire import Rules

_AT_ONCE = 4  # jobs in hand for each worker
_SILENT_DEATHS = 2  # workers that die without a word before we believe that none can be started


class LocalCrawler:
    """Runs crawl jobs in worker processes of this machine.

    Several jobs may run at once. Workers go to a host one after another, whatever jobs lead there; jobs that share
    no host (see `batches`) do not wait for each other. Whoever iterates over a job's reports must go on doing so,
    since a worker is not read while one of its jobs has many reports waiting.

    Args:
        options: how workers behave on the web.
        workers: processes at most, besides one in which suspects are tried alone.
        recycle_after: jobs after which a worker is replaced.
        recycle_mb: resident megabytes after which a worker is replaced.
        idle_seconds: how long a worker without work is kept.
        grace: seconds a worker has to end by itself.
        lull: seconds in which a worker with tasks in hand must begin one, once it is up.
        command: how a worker is started.
        known, keep_rules: what robots.txt of hosts said before, and who keeps what they say now.
    """

    def __init__(  # noqa: PLR0913  each is a promise of its own, and all have a good default
        self,
        options: WorkerOptions,
        *,
        workers: int = 1,
        recycle_after: int = 200,
        recycle_mb: int = 400,
        idle_seconds: float = 300,
        grace: float = 2.0,
        lull: float = START_SECONDS,
        command: Sequence[str] = COMMAND,
        known: Iterable[Rules] = (),
        keep_rules: Callable[[Rules], None] = lambda _: None,
    ) -> None:
        self._options = options
        self._manners = Manners(options.delay, known, keep_rules)
        self._most = workers
        self._recycle_after = recycle_after
        self._recycle_mb = recycle_mb
        self._idle_seconds = idle_seconds
        self._grace = grace
        self._lull = lull
        self._command = tuple(command)
        self._workers: list[WorkerProcess] = []
        self._isolated: WorkerProcess | None = None
        self._picking = asyncio.Lock()
        self._isolation = asyncio.Lock()
        self._idle: dict[WorkerProcess, asyncio.TimerHandle] = {}
        self._ending: dict[asyncio.Task[None], WorkerProcess] = {}
        self._closed = False
        self._in_hand = self._reported = 0

    @property
    def done(self) -> int | None:
        """How many reports there were so far, None while no job is in hand."""
        return self._reported if self._in_hand else None

    @property
    def pids(self) -> tuple[int, ...]:
        """The process ids of the workers that live."""
        return tuple(worker.pid for worker in self._all() if worker.alive)

    @property
    def room(self) -> int:
        """How many jobs it can have in hand."""
        return _AT_ONCE * self._most

    async def run(self, job: CrawlJob, admits: Admits = admit_all) -> AsyncGenerator[CrawlReport, None]:
        """Do a job: exactly one report per task, as they arrive.

        Args:
            job: what to do.
            admits: is asked before each request. A task that was refused one ends with reason `elsewhere`, unless it
                can do without.

        Raises:
            CrawlError: no worker can be started, or the crawler was closed meanwhile.
        """
        self._in_hand += 1
        try:
            async with contextlib.aclosing(self._reports(job, admits)) as reports:
                async for report in reports:
                    self._reported += 1
                    yield report
        finally:
            self._in_hand -= 1

    async def _reports(self, job: CrawlJob, admits: Admits) -> AsyncGenerator[CrawlReport, None]:
        rounds = Rounds(job.tasks)
        silent = 0
        while following := rounds.next():
            try:
                async with (
                    self._worker(following) as worker,
                    contextlib.aclosing(worker.run(following.tasks, admits)) as done,
                ):
                    async for report in done:
                        yield report
                continue
            except WorkerLost as lost:
                self._refuse_if_closed()
                silent = 0 if lost.spoke or lost.loss.overdue else silent + 1
                if silent >= _SILENT_DEATHS:
                    raise _cannot_start(worker, lost) from lost
                reports = rounds.lost(following, lost.unfinished, lost.loss)
            for report in reports:
                yield report

    def change(self, options: WorkerOptions, *, workers: int) -> None:
        """Behave so from now on. Workers that behave otherwise finish what they have in hand, and end."""
        self._most = workers
        if options == self._options:
            return
        self._options = options
        self._manners.change(options.delay)
        for worker in self._all():
            if not worker.load:
                self._let_end(worker)

    def rules_of(self, hosts: Collection[str]) -> tuple[Rules, ...]:
        """What robots.txt of these hosts say, as far as it is known."""
        return self._manners.rules_of(hosts)

    def learn(self, rules: Rules) -> None:
        """Go by this robots.txt from now on."""
        self._manners.learn(rules)

    async def close(self) -> None:
        """End all workers, at once those that are at work. Jobs in flight raise CrawlError."""
        self._closed = True
        for timer in self._idle.values():
            timer.cancel()
        self._idle.clear()
        workers = self._all()
        self._workers, self._isolated = [], None
        for worker in self._ending.values():
            worker.kill()
        await asyncio.gather(*(worker.end(min(self._grace, 0.3)) for worker in workers), *self._ending)

    @contextlib.asynccontextmanager
    async def _worker(self, following: Round) -> AsyncIterator[WorkerProcess]:
        """The worker for a round: any for a first try, one without other jobs for suspects."""
        if following.how is Try.SHARED:
            yield await self._pick()
            return
        async with self._isolation:
            if self._isolated and (self._isolated.load or not self._is_usable(self._isolated)):
                self._let_end(self._isolated)
            worker = self._isolated = self._isolated or await self._start()
            self._keep(worker)
            yield worker

    async def _pick(self) -> WorkerProcess:
        async with self._picking:
            usable = [worker for worker in self._workers if self._is_usable(worker)]
            lightest = min(usable, key=lambda worker: worker.load, default=None)
            if lightest is None or (lightest.load and len(usable) < self._most):
                lightest = await self._start()
                self._workers.append(lightest)
            self._keep(lightest)
            return lightest

    async def _start(self) -> WorkerProcess:
        self._refuse_if_closed()
        worker = await WorkerProcess.start(
            self._options, self._command, self._manners, lull=self._lull, on_idle=self._put_back
        )
        if self._closed:
            await worker.end(0.0)
        self._refuse_if_closed()
        return worker

    def _is_usable(self, worker: WorkerProcess) -> bool:
        is_worn = worker.crawls >= self._recycle_after or worker.memory >= self._recycle_mb
        return worker.alive and worker.options == self._options and not is_worn

    def _keep(self, worker: WorkerProcess) -> None:
        if timer := self._idle.pop(worker, None):
            timer.cancel()

    def _put_back(self, worker: WorkerProcess) -> None:
        """The worker has nothing in hand: it waits for more, or ends if it is worn or lost."""
        if self._closed:
            return
        if not self._is_usable(worker):
            self._let_end(worker)
        elif worker not in self._idle:
            loop = asyncio.get_running_loop()
            self._idle[worker] = loop.call_later(self._idle_seconds, self._let_end, worker)

    def _let_end(self, worker: WorkerProcess) -> None:
        self._keep(worker)
        if worker in self._workers:
            self._workers.remove(worker)
        if worker is self._isolated:
            self._isolated = None
        ending = asyncio.get_running_loop().create_task(worker.end(self._grace))
        self._ending[ending] = worker
        ending.add_done_callback(self._ending.pop)

    def _all(self) -> list[WorkerProcess]:
        return [*self._workers, *([self._isolated] if self._isolated else [])]

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise CrawlError("The crawler was closed while it was at work.", remedy="Start the job again.")


def _cannot_start(worker: WorkerProcess, lost: WorkerLost) -> CrawlError:
    said = "\n    ".join(worker.tail) or "it said nothing"
    return CrawlError(
        f"The crawl worker cannot be started: {lost.loss.why}. Its last words:\n    {said}",
        remedy="Mend what it says, or install Tumen again; `python -m spiders.worker < /dev/null` shows it too.",
    )
