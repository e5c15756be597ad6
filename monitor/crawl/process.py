"""One crawl worker as its parent sees it: a child process, what it has in hand, and how it ends."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
from collections import deque
from dataclasses import replace
from functools import partial
from itertools import count
from typing import TYPE_CHECKING

from monitor.core.errors import CrawlError
from monitor.crawl.child import ending, environment, lines
from monitor.crawl.flight import KEPT, Flight, admit_all
from monitor.crawl.manners import Manners, Turns
from monitor.crawl.patience import Patience
from monitor.crawl.rounds import Loss
from spiders.items import CrawlJob, CrawlReport, Task, WorkerOptions
from spiders.wire import (
    Asks,
    Finished,
    FromWorker,
    Go,
    Hello,
    Left,
    Refused,
    Rules,
    Started,
    read_from_worker,
    to_worker,
)

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable, Sequence

    from monitor.crawl.flight import Admits

START_SECONDS = 30.0  # in which a new worker must begin a task; it has libraries to load first
_TICK = 0.1  # seconds between two looks at the deadlines

logger = logging.getLogger("tumen.crawl")


class WorkerLost(Exception):
    """The worker is gone, and with it what it had not reported.

    Attributes:
        unfinished: ids of the round's tasks without a report.
        loss: how it went.
        spoke: whether the worker ever said anything.
    """

    def __init__(self, unfinished: frozenset[str], loss: Loss, *, spoke: bool) -> None:
        super().__init__(loss.why)
        self.unfinished = unfinished
        self.loss = loss
        self.spoke = spoke


class WorkerProcess:
    """A running worker. `options` are its manners, `crawls` and `memory` (MB) are what it last said about itself."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        options: WorkerOptions,
        manners: Manners,
        lull: float,
        on_idle: Callable[[WorkerProcess], None],
    ) -> None:
        self._process = process
        self.options = options
        self._manners = manners
        self._turns = Turns(manners)
        self._patience = Patience(START_SECONDS)
        self._lull = lull
        self._on_idle = on_idle
        self._flights: dict[str, Flight] = {}
        self._ids = count(1)
        self._stirred = asyncio.Event()  # there is something in hand, or it is gone
        self._overdue: frozenset[str] = frozenset()
        self._why = ""
        self._ended = False  # by us, on purpose
        self._stopped = 0.0  # seconds in which we did not read, because nobody took what we had
        self._stopped_since: float | None = None
        self.tail: deque[str] = deque(maxlen=20)  # last lines of its standard error
        self.crawls = 0
        self.memory = 0.0
        self.spoke = False
        self.alive = True
        self._send(to_worker(Hello(options)))
        manners.join(self._tell)
        self._reading = asyncio.create_task(self._read())
        self._watching = asyncio.create_task(self._watch())
        self._logging = asyncio.create_task(self._log())

    @classmethod
    async def start(
        cls,
        options: WorkerOptions,
        command: Sequence[str],
        manners: Manners,
        *,
        lull: float,
        on_idle: Callable[[WorkerProcess], None],
    ) -> WorkerProcess:
        """Start a worker; `on_idle` is called each time it has nothing left in hand, and when it is gone.

        It keeps `manners` together with all others that do.

        Raises CrawlError if the system does not let us.
        """
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                env=environment(os.environ),
                start_new_session=True,  # Ctrl-C is ours, and its whole group can be ended
            )
        except OSError as error:
            raise CrawlError(
                f"The crawl worker cannot be started: {error.strerror or error}.",
                where=command[0],
                remedy="Check that this Python can run other programs, and that memory and processes are free.",
            ) from error
        return cls(process, options, manners, lull, on_idle)

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self._process.pid

    @property
    def load(self) -> int:
        """How many rounds it has in hand."""
        return len(self._flights)

    async def run(
        self, tasks: Iterable[Task], admits: Admits = admit_all
    ) -> AsyncGenerator[CrawlReport, None]:
        """Do the tasks, giving reports as they arrive; `admits` is asked before each of their requests.

        Raises WorkerLost if the worker ends before it is done.
        """
        job = str(next(self._ids))
        renamed = {f"{job}/{number}": task for number, task in enumerate(tasks)}
        flight = self._flights[job] = Flight({wire: task.id for wire, task in renamed.items()}, admits)
        given = tuple(replace(task, id=wire) for wire, task in renamed.items())
        for task in given:
            self._patience.given(task, self._now())
        self._stirred.set()
        if self.alive:
            self._send(to_worker(CrawlJob(job, given)))
        else:
            self._settle()
        try:
            while (item := await flight.inbox.get()) is not None:
                if flight.inbox.qsize() < KEPT:
                    flight.room.set()
                if isinstance(item, Loss):
                    raise WorkerLost(frozenset(flight.names.values()), item, spoke=self.spoke)
                yield item
        finally:
            flight.abandoned = True
            flight.room.set()

    async def end(self, grace: float) -> None:
        """Let it end by itself within `grace` seconds, or end it. Nothing of it is left afterwards."""
        self._ended = True
        if self.load:
            grace = 0.0
        if self._process.stdin:
            self._process.stdin.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(grace):
                await self._process.wait()
        self.kill()
        for flight in self._flights.values():
            flight.bounded = False
            flight.room.set()
        await asyncio.gather(self._reading, self._logging, self._watching, return_exceptions=True)

    def kill(self) -> None:
        """End it and everything it started, now."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)

    def _send(self, line: bytes) -> None:
        assert self._process.stdin  # noqa: S101  it was started with a pipe
        with contextlib.suppress(ConnectionError, RuntimeError):  # its end is seen by the reader
            self._process.stdin.write(line)

    def _tell(self, rules: Rules) -> None:
        if self.alive:
            self._send(to_worker(rules))

    def _go(self, asked: Asks) -> bool:
        """Let a request go, if its job still may."""
        if not self._admits(asked):
            self._refuse(asked)
            return False
        self._patience.went(asked.task, self._now())
        self._send(to_worker(Go(asked.turn)))
        return True

    def _refuse(self, asked: Asks) -> None:
        self._patience.went(asked.task, self._now())
        self._send(to_worker(Refused(asked.turn)))

    def _admits(self, asked: Asks) -> bool:
        flight = self._flights.get(asked.task.partition("/")[0])
        name = flight and flight.names.get(asked.task)
        return not (flight and name) or flight.admits(name, asked.host)

    def _now(self) -> float:
        """Time as it counts for deadlines: it stands still while we do not read."""
        now = asyncio.get_running_loop().time()
        stopped = now - self._stopped_since if self._stopped_since is not None else 0.0
        return now - self._stopped - stopped

    async def _read(self) -> None:
        assert self._process.stdout  # noqa: S101  it was started with a pipe
        try:
            async for line in lines(self._process.stdout):
                await self._take(read_from_worker(line))
        except (ValueError, KeyError) as error:
            self._why = f"it wrote a line that is no message ({error!s:.100})"
        self.alive = False
        self._stirred.set()
        self._turns.end()
        self._manners.part(self._tell)
        self.kill()
        status = await self._process.wait()
        if not self._why:
            self._why = ending(status)
        if not self._ended and self._flights:
            logger.warning("a crawl worker (pid %d) was lost: %s", self.pid, self._why)
        self._settle()
        self._on_idle(self)

    async def _take(self, message: FromWorker) -> None:
        if not self.spoke:
            self.spoke = True
            self._patience.lull = self._lull
        match message:
            case Started():
                if self._patience.holds(message.task):
                    self._patience.begun(message.task, self._now(), parsing=message.parsing)
            case Asks() | Left() | Rules():
                self._heed(message)
            case CrawlReport():
                flight = self._flights[message.task.partition("/")[0]]
                self._patience.ended(message.task, self._now())
                flight.keep(replace(message, task=flight.names.pop(message.task)))
                await self._wait_for(flight)
            case Finished():
                self.crawls, self.memory = message.crawls, message.memory
                flight = self._flights[message.job]
                if flight.names:
                    raise ValueError("it finished a job without reporting on all of its tasks")
                del self._flights[message.job]
                flight.keep(None)
                if not self._flights:
                    self._on_idle(self)

    def _heed(self, message: Asks | Left | Rules) -> None:
        match message:
            case Asks():
                self._patience.asked(message.task, self._now())
                if self._admits(message):
                    self._turns.ask(message.turn, message.host, partial(self._go, message))
                else:  # its turn is not waited for, which may be long
                    self._turns.refuse(message.turn)
                    self._refuse(message)
            case Left():
                self._turns.leave(message.turn, message.rest)
            case Rules():
                self._manners.learn(message)

    async def _wait_for(self, flight: Flight) -> None:
        """Back-pressure: read nothing more while a consumer is behind, and stop the clock of all deadlines."""
        if flight.room.is_set():
            return
        loop = asyncio.get_running_loop()
        self._stopped_since = loop.time()
        await flight.room.wait()
        self._stopped += loop.time() - self._stopped_since
        self._stopped_since = None

    async def _watch(self) -> None:
        while self.alive:
            if not self._flights:  # at rest it costs nothing
                self._stirred.clear()
            await self._stirred.wait()
            await asyncio.sleep(_TICK)
            overdue = self._patience.overdue(self._now()) if self._flights else frozenset()
            if overdue and not self._overdue:
                self._overdue = overdue
                self._why = "a task was over its deadline"
                self.kill()

    def _settle(self) -> None:
        """Tell every flight that its worker is gone, and what that means for it."""
        killed = bool(self._overdue)
        suspects = frozenset() if killed else self._patience.suspects()
        for flight in self._flights.values():
            overdue, suspected = (
                frozenset(flight.names[wire] for wire in names if wire in flight.names)
                for names in (self._overdue, suspects)
            )
            ours = bool(overdue or suspected) or not (killed or suspects)
            flight.keep(Loss(overdue, suspected, ours=ours, why=self._why))
        self._flights.clear()

    async def _log(self) -> None:
        """Pass on what the worker says on standard error: its log as warnings, prints of libraries for debugging."""
        assert self._process.stderr  # noqa: S101  it was started with a pipe
        said = 0
        async for raw in lines(self._process.stderr, cut=500):
            line = raw.decode(errors="replace").rstrip()
            self.tail.append(line)
            loud = line.startswith(("WARNING ", "ERROR ", "CRITICAL ")) and said < 50  # noqa: PLR2004  of one worker
            said += loud
            logger.log(logging.WARNING if loud else logging.DEBUG, "worker %d: %s", self.pid, line)
