"""The whole service, hour after virtual hour: `python patient.py CONFIG`.

After each cycle it prints a line of JSON with what it holds.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))
from monitor import app, planning
from monitor.config import load_settings
from monitor.crawl import LocalCrawler
from tests.soak.press import BEGIN, CYCLE, FOLDER, Press, begin
from tests.soak.vitals import Vitals, look_at

WORKER = (sys.executable, "-P", str(Path(__file__).with_name("worker.py")))
_ALWAYS = ("watch", "deliver", "search")
_UPKEEP = 5  # cycles: all else of a few looks is judged and tidied up at once
_ROUNDS = 200  # of ticks in a cycle, after which something does not come to rest
_MOMENT = 0.002  # seconds
_PATIENCE = 5.0  # seconds for what is about to end


class Pool(ThreadPoolExecutor):
    """The threads of asyncio, of which is known what they have in hand."""

    def __init__(self) -> None:
        super().__init__(thread_name_prefix="asyncio")
        self.in_hand: set[Future[Any]] = set()

    def submit(self, *work: Any, **given: Any) -> Future[Any]:
        """As it is, and noted until it is done."""
        future = super().submit(*work, **given)
        self.in_hand.add(future)
        future.add_done_callback(self.in_hand.discard)
        return future

    @property
    def size(self) -> int:
        """Threads so far; they stay, and there are few."""
        return len(self._threads)


class Hours:
    """A clock that stands still until somebody sets it."""

    now = BEGIN


class Passing:
    """Lets the hours pass over a running service: each time all that is due is done, an hour is over."""

    def __init__(self, service: app.Service, hours: Hours, pool: Pool, folder: Path) -> None:
        self.service = service
        self.hours = hours
        self._pool = pool
        self._folder = folder
        self._log_size = 0

    async def cycle(self, number: int) -> Vitals:
        """Let an hour begin, and do what is due in it."""
        begin(self._folder, number)
        self.hours.now = BEGIN + number * CYCLE
        self._log_size = 0
        for _ in range(_ROUNDS):
            await self._tick(every=number % _UPKEEP == 0)
            if self._is_at_rest():
                await self._let_end()
                return look_at(number, self._log_size, self._looks(), self._pool.size)
            self.hours.now += timedelta(seconds=1)
        raise RuntimeError(f"cycle {number} does not come to rest")

    async def _tick(self, *, every: bool) -> None:
        """What the timer calls, at once: everything, or only who looks and who sends; then wait for what it began."""
        for job in self.service._timer._scheduler.get_jobs():
            if every or job.id in _ALWAYS:
                await job.func()
        while not (self.service._watching.watch.idle and self.service._telling.deliver.idle):
            await asyncio.sleep(_MOMENT)
            self._log_size = max(self._log_size, self._log())

    async def _let_end(self) -> None:
        """Let come to an end what was begun beside the loop, in threads and by workers that are worn, if it does."""
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until and self._is_ending():
            await asyncio.sleep(_MOMENT)

    def _is_ending(self) -> bool:
        crawler = self.service._watching.crawler
        names = [thread.name for thread in threading.enumerate()]
        waiting = sum(name.startswith("asyncio-waitpid") for name in names)
        return bool(crawler._ending or self._pool.in_hand) or "send" in names or waiting > len(crawler.pids)

    def _is_at_rest(self) -> bool:
        sources, due = self.service._watching.sources, self.service._telling.ledger.next_due()
        return not (
            (due is not None and due <= self.hours.now)
            or sources.due(self.hours.now, 1)
            or sources.to_read(self.hours.now, 1)
        )

    def _log(self) -> int:
        path = self.service._plan.settings.history_path
        return path.with_name(path.name + "-wal").stat().st_size

    def _looks(self) -> int:
        (count,) = self.service._db.execute("SELECT max(id) FROM looks").fetchone()
        return count or 0


async def live(config: Path) -> None:
    """Run the service for all cycles of the press, and end it."""
    app.crawling.LocalCrawler = partial(LocalCrawler, command=WORKER)
    press, hours, stop = Press.of(config.parent), Hours(), asyncio.Event()
    service = app.Service(planning.plan(load_settings(config)), clock=lambda: hours.now)
    pool = Pool()
    asyncio.get_running_loop().set_default_executor(pool)
    passing = Passing(service, hours, pool, config.parent)
    begin(config.parent, 0)
    running = asyncio.create_task(service.run(stop))
    while not hasattr(service, "_timer") or not service._timer._scheduler.running:
        await asyncio.sleep(_MOMENT)
    service._timer._scheduler.pause()  # whose ticks are called here
    service._db.execute("PRAGMA synchronous = OFF")  # the disk is not what is measured
    # Pages of the history are kept up to a bound, which is reached soon, so that it does not look like growth.
    service._db.execute("PRAGMA cache_size = -6000")
    for number in range(press.cycles):
        print(json.dumps(asdict(await passing.cycle(number))), flush=True)
    stop.set()
    await running


def main() -> None:
    config = Path(sys.argv[1])
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    os.environ[FOLDER] = str(config.parent)
    asyncio.run(live(config))


if __name__ == "__main__":
    main()
