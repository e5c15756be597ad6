"""Runs of the whole service on a cluster in which something is killed or stopped, and what came of it."""

from __future__ import annotations

import signal
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Self

from tests.bench.scale import visits
from tests.bench.scale.cluster import Cluster, gone
from tests.bench.scale.hosts import Newsroom
from tests.bench.scale.ledger import Balance, balance
from tests.bench.scale.press import Press
from tests.bench.scale.service import Service

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tests.bench.scale.visits import Visit

_ENDING = 10.0  # seconds in which what a killed worker had started must be gone
_WORK = 4  # requests that wait for their answer when something is done to those who asked
_TELLING = 900.0  # seconds in which all must be told once it is published; the machine may be busy
_AFTER = 60.0  # seconds in which it is seen how work goes on
_COMING = 5.0  # seconds before the first article is published


@dataclass(frozen=True)
class Size:
    """Of a run.

    Attributes:
        sources: how many, each a host of its own.
        articles: published one after another, every second one on topic.
        seconds: in which they are published and the faults happen.
        latency: of a server, in seconds.
        pace: between two looks at a source.
        workers, threads: of the cluster, and of each worker.
        deadline: for one look or page.
        delay: that each host rests, in seconds.
    """

    sources: int
    articles: int
    seconds: float
    latency: float = 1.0
    pace: str = "1m"
    workers: int = 2
    threads: int = 2
    deadline: str = "10s"
    delay: float = 0.1


@dataclass(frozen=True)
class Fault:
    """Something that was done to the run, when (monotonic seconds), and what it had started that did not end."""

    what: str
    at: float
    left: int = 0


@dataclass(frozen=True)
class Outcome:
    """What became of a run.

    Attributes:
        sources: that were watched.
        faults: what was done, in its order.
        balance: what was lost, and what came twice.
        at_once: the most requests that a host had in hand at a time, of clients that were still there.
        rest: the shortest rest of a host after an answer, in seconds.
        torn: requests whose client was killed.
        tearing: faults that did that.
        again: seconds until their hosts were asked again, the middle and the longest; None if none was torn.
        lulls: for each fault, the longest time in the minute afterwards in which no host was asked at all.
        reread: pages that were read once more, although nobody knew that they had changed.
        seconds: from the first publication until everything was told.
    """

    sources: int
    faults: tuple[Fault, ...]
    balance: Balance
    at_once: int
    rest: float | None
    torn: int
    tearing: int
    again: tuple[float, float] | None
    lulls: tuple[float, ...]
    reread: int
    seconds: float


@dataclass
class Run:
    """The newsroom, the cluster and the service, from entering the context to leaving it."""

    size: Size
    folder: Path
    faults: list[Fault] = field(default_factory=list)

    def __enter__(self) -> Self:
        size, stack = self.size, ExitStack()
        self._stack = stack
        self.names = [f"worker-{number}" for number in range(size.workers)]
        self.cluster = stack.enter_context(Cluster(self.folder, threads=size.threads))
        self.cluster.start(*self.names)
        press = Press(size.sources, size.articles, time.time() + _COMING, size.seconds)
        self.newsroom = stack.enter_context(Newsroom(press, size.latency, self.folder))
        self.service = stack.enter_context(
            Service(
                self.folder,
                self.newsroom,
                self.cluster.address,
                pace=size.pace,
                delay=f"{size.delay}s",
                timeout="5s",
                deadline=size.deadline,
            )
        )
        return self

    def __exit__(self, *what: object) -> None:
        self._stack.__exit__(*what)

    def wait_for(self, condition: Callable[[], bool], seconds: float = 300.0) -> None:
        """Wait for something while the service runs and the workers are minded."""

        def is_so() -> bool:
            self.cluster.mend()
            return condition()

        self.service.program.wait_until(is_so, seconds)

    def wait(self, seconds: float) -> None:
        """Let time pass while the service runs."""
        until = time.monotonic() + seconds
        self.wait_for(lambda: time.monotonic() > until, seconds + 60)

    def begin(self) -> None:
        """Wait until articles come and are read."""
        self.wait_for(lambda: self.service.progress.read > 0)

    def kill_worker(self, name: str) -> None:
        """Kill a worker while there is work in hand, and see whether all that it had started ends."""
        self._wait_for_work()
        now = time.monotonic()
        left = self.cluster.kill(name)
        while not gone(left) and time.monotonic() < now + _ENDING:
            time.sleep(0.05)
        self.faults.append(Fault("worker killed", now, 0 if gone(left) else 1))

    def kill_scheduler(self) -> None:
        """Kill the scheduler while there is work in hand."""
        self._wait_for_work()
        self.faults.append(Fault("scheduler killed", time.monotonic()))
        self.cluster.scheduler.kill()

    def kill_service(self) -> None:
        """Kill the coordinator while there is work in hand, and start it again."""
        self._wait_for_work()
        self.faults.append(Fault("coordinator killed", time.monotonic()))
        self.service.program.kill()
        self.service.start()

    def stop_worker(self, name: str, seconds: float) -> None:
        """Have a worker and all that it had started stand still for so long, amid work."""
        self._wait_for_work()
        self.faults.append(Fault("worker stopped", time.monotonic()))
        worker = self.cluster.workers[name]
        worker.signal(signal.SIGSTOP)
        self.wait(seconds)
        worker.signal(signal.SIGCONT)

    def end(self) -> Outcome:
        """Wait until everything is read and told, end the service and judge."""
        press = self.newsroom.press
        self.wait_for(lambda: time.time() > press.ends, press.seconds + 300)
        self.wait_for(self._is_done, _TELLING)
        ended, seconds = time.monotonic(), time.time() - press.begin
        self.service.program.terminate()
        return self._judged(self.newsroom.visits(), ended, seconds)

    def _wait_for_work(self) -> None:
        self.wait_for(lambda: self.newsroom.waiting() >= _WORK)

    def _is_done(self) -> bool:
        now = self.service.progress
        return (
            now.known == self.size.sources and now.read >= self.size.articles and not now.unread + now.unsent
        )

    def _judged(self, came: Sequence[Visit], ended: float, seconds: float) -> Outcome:
        newsroom = self.newsroom
        wanted = {newsroom.url(number) for number in newsroom.press.on_topic}
        again = visits.asked_again(came)
        moments = [fault.at for fault in self.faults]
        until = [min(at + _AFTER, end) for at, end in zip(moments, [*moments[1:], ended], strict=False)]
        return Outcome(
            sources=self.size.sources,
            faults=tuple(self.faults),
            balance=balance(self.service.history, wanted, newsroom.messages()),
            at_once=visits.most_at_once(came),
            rest=visits.shortest_rest(came, torn=False),
            torn=sum(visit.torn for visit in came),
            tearing=sum(visits.tore(came, at, at + _ENDING) for at in moments),
            again=(median(again), max(again)) if again else None,
            lulls=tuple(visits.longest_lull(came, *pair) for pair in zip(moments, until, strict=True)),
            reread=visits.read_again(came),
            seconds=seconds,
        )


def many_kills(size: Size, kills: int, folder: Path) -> Outcome:
    """Workers are killed one after another, each while it has work in hand, and started again a moment later."""
    with Run(size, folder) as run:
        run.begin()
        pause = size.seconds / (kills + 1)
        for number in range(kills):
            name = run.names[number % len(run.names)]
            run.kill_worker(name)
            run.wait(pause / 4)
            run.cluster.start(name)
            run.wait(pause / 2)
        return run.end()


def everything_else(size: Size, folder: Path) -> Outcome:
    """The scheduler is killed and started again, twice; a worker stands still; the coordinator is killed."""
    with Run(size, folder) as run:
        run.begin()
        for _ in range(2):
            run.kill_scheduler()
            run.wait(5)
            run.cluster.start_scheduler()
            run.wait(20)
        run.stop_worker(run.names[0], 40)
        run.wait(10)
        run.kill_service()
        return run.end()
