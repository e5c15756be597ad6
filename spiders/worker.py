"""`python -m spiders.worker`: the child process that reads the web.

It reads `Hello` and then jobs from its standard input, and answers on what was its standard output, in the lines of
`spiders.wire`; prints of libraries go to standard error. It ends when its input does, or when its parent dies.
"""

from __future__ import annotations

import asyncio
import ctypes
import faulthandler
import logging
import os
import resource
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from scrapy.utils.reactor import install_reactor

from spiders import settings as defaults
from spiders.downloader import Downloader
from spiders.fetch import Visit
from spiders.guard import GuardedResolver
from spiders.items import CrawlJob, Discover, Parse, Task, WorkerOptions, host
from spiders.robots import Robots
from spiders.tasks import perform
from spiders.turns import Turns
from spiders.wire import (
    Finished,
    FromWorker,
    Go,
    Hello,
    Refused,
    Rules,
    Started,
    ToWorker,
    from_worker,
    read_to_worker,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

logger = logging.getLogger(__name__)

_AT_ONCE = 32  # requests in flight


class Answers:
    """The way back to the parent: lines that wait, in order, while the parent is busy."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe
        self._transport: asyncio.WriteTransport | None = None
        self._lines: list[bytes] = []
        self._empty = asyncio.Event()

    async def open(self, lost: Callable[[], None]) -> None:
        """Begin; `lost` is called when the parent does not listen any more."""
        gate = _Gate(self._empty, lost)
        self._transport, _ = await asyncio.get_running_loop().connect_write_pipe(
            lambda: gate, os.fdopen(self._pipe, "wb", 0)
        )
        self._transport.set_write_buffer_limits(high=0)
        self._empty.set()

    def send(self, message: FromWorker) -> None:
        """Send, with whatever else is to be said in this turn of the loop, or as soon as the parent reads."""
        if not self._lines:
            asyncio.get_running_loop().call_soon(self._write)
        self._lines.append(from_worker(message))

    async def sent(self) -> None:
        """Wait until the parent has taken everything: nothing is begun while it cannot keep up.

        Whoever keeps the loop busy afterwards has been announced.
        """
        self._write()
        await self._empty.wait()

    def _write(self) -> None:
        assert self._transport  # noqa: S101  open() comes first
        if self._lines:
            self._transport.write(b"".join(self._lines))
            self._lines.clear()


class _Gate(asyncio.BaseProtocol):
    def __init__(self, empty: asyncio.Event, lost: Callable[[], None]) -> None:
        self._empty = empty
        self._lost = lost

    def pause_writing(self) -> None:
        self._empty.clear()

    def resume_writing(self) -> None:
        self._empty.set()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  the protocol's signature
        self._lost()


class Worker:
    """Runs jobs side by side."""

    def __init__(self, options: WorkerOptions, answers: Answers, downloader: Downloader) -> None:
        self._options = options
        self._answers = answers
        self._downloader = downloader
        self._turns = Turns(answers.send)
        self._robots = Robots(options.user_agent, answers.send) if options.obey_robots else None
        self._free = asyncio.Semaphore(_AT_ONCE)
        self._crawls = 0
        self._running: set[asyncio.Task[None]] = set()

    def hear(self, message: ToWorker) -> None:
        """Do what the parent says."""
        match message:
            case CrawlJob():
                self._take(message)
            case Go():
                self._turns.go(message.turn)
            case Refused():
                self._turns.refuse(message.turn)
            case Rules() if self._robots:
                self._robots.learn(message)

    def _take(self, job: CrawlJob) -> None:
        running = asyncio.get_running_loop().create_task(self._run(job))
        self._running.add(running)
        running.add_done_callback(self._running.discard)

    async def _run(self, job: CrawlJob) -> None:
        try:
            await asyncio.gather(*(self._lane(tasks) for tasks in _by_host(job.tasks)))
        except Exception:
            # The boundary of a job: the parent sees what did not report, and tries it again.
            logger.exception("a job failed")
        self._crawls += 1
        self._answers.send(Finished(job.id, self._crawls, _resident_mb()))

    async def _lane(self, tasks: Iterable[Task]) -> None:
        """The tasks of one host, one after another."""
        for task in tasks:
            await self._answers.sent()
            await self._one(task)

    async def _one(self, task: Task) -> None:
        started = False

        async def begun() -> None:
            nonlocal started
            if not started:
                started = True
                self._answers.send(Started(task.id))
                await self._answers.sent()

        async def parsing() -> None:
            self._answers.send(Started(task.id, parsing=True))
            await self._answers.sent()

        visit = Visit(
            task=task.id,
            download=self._downloader.fetch,
            turns=self._turns,
            robots=self._robots,
            free=self._free,
            begun=begun,
            rest=self._options.delay,
            access=None if isinstance(task, Parse | Discover) else self._options.access.get(task.source),
        )
        self._answers.send(await perform(task, visit, self._options, parsing))


def main() -> None:
    """Serve the parent until it closes the pipe."""
    lines, pipe = _take_streams()
    _protect()
    try:
        hello = read_to_worker(lines.readline())
    except ValueError:
        hello = None
    if not isinstance(hello, Hello):
        sys.exit("spiders.worker is started by Tumen, which speaks first: see spiders.wire")
    install_reactor(defaults.TWISTED_REACTOR)
    from twisted.internet import reactor  # noqa: PLC0415  it exists only now

    GuardedResolver(reactor, hello.options.allow_private).install_on_reactor()
    _limit_memory(hello.options.memory_mb)
    loop = asyncio.get_event_loop()
    loop.create_task(_serve(hello.options, lines, pipe))  # noqa: RUF006  it lives as long as the process
    run: Callable[..., None] = getattr(reactor, "run")  # noqa: B009  what its stub says fits no reactor
    run(installSignalHandlers=False)


async def _serve(options: WorkerOptions, lines: BinaryIO, pipe: int) -> None:
    loop = asyncio.get_running_loop()
    answers = Answers(pipe)
    await answers.open(lost=_end)
    downloader = Downloader(options)
    try:
        await downloader.open()
    except Exception:
        logger.exception("pages cannot be fetched")
        os._exit(1)
    worker = Worker(options, answers, downloader)

    def listen() -> None:
        # In a thread of its own, so that the end of the parent is seen even while a parser hangs.
        for line in lines:
            loop.call_soon_threadsafe(worker.hear, read_to_worker(line))
        _end()

    def guarded() -> None:
        try:
            listen()
        except ValueError:
            logger.exception("the parent wrote a line that is no message")
            os._exit(1)

    threading.Thread(target=guarded, daemon=True).start()


def _end() -> None:
    """End at once: nothing here outlives the parent, and a hung name look-up would hold up a polite exit."""
    sys.stderr.flush()
    os._exit(0)


def _by_host(tasks: Iterable[Task]) -> list[list[Task]]:
    lanes: dict[str, list[Task]] = {}
    for task in tasks:
        place = "" if isinstance(task, Parse) else host(task.url)
        lanes.setdefault(place, []).append(task)
    return list(lanes.values())


def _take_streams() -> tuple[BinaryIO, int]:
    """Keep standard input and output for the wire alone, whatever a library reads or prints."""
    lines = os.fdopen(os.dup(0), "rb")
    pipe = os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return lines, pipe


def _protect() -> None:
    """End with the parent, leave Ctrl-C to it, and say on standard error what goes wrong."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    faulthandler.enable()
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    # What they warn about (too large, data loss, broken TLS, no text) is in the reports.
    for name in ("scrapy", "trafilatura", "htmldate"):
        logging.getLogger(name).setLevel(logging.ERROR)
    logging.getLogger("twisted").setLevel(logging.CRITICAL)
    if sys.platform == "linux":
        set_parent_death_signal = 1  # PR_SET_PDEATHSIG in <linux/prctl.h>
        ctypes.CDLL(None, use_errno=True).prctl(set_parent_death_signal, signal.SIGKILL)


def _limit_memory(megabytes: int) -> None:
    """Let the process grow by so much; a parser that wants more gets a MemoryError. Linux only."""
    pages = _statm(0)
    if pages is not None:
        most = pages * resource.getpagesize() + megabytes * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _resident_mb() -> float:
    pages = _statm(1)
    if pages is not None:
        return round(pages * resource.getpagesize() / 1024 / 1024, 1)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1024 * 1024 if sys.platform == "darwin" else 1024), 1)


def _statm(column: int) -> int | None:
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[column])
    except OSError:
        return None


if __name__ == "__main__":
    main()
