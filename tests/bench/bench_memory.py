"""What the service keeps in memory, idle and at work, and whether it grows: `make bench-memory`.

Idle is a service that has started and finds nothing due, over an empty history and over a large one, and one that has
read, told and come to rest. It grows if it has more after 10,000 polls than after 2,000.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import linear_regression
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from monitor import planning
from monitor.config import load_settings
from monitor.store.database import change, open_history, transaction
from monitor.store.sources import Sources
from tests.bench import figures
from tests.bench.figures import Finding, Plot, Sheet, report, row
from tests.bench.installed import install
from tests.bench.press_row import configure, deaf_channel, newsrooms, still_sources
from tests.bench.processes import Memory, Program
from tests.bench.watched import articles, counted, is_done, rounds

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HERE = Path(__file__).parent
IDLE_MB, BUSY_MB, GROWTH_KB = 90.0, 200.0, 100.0
READ = 100  # pages after which the service is weighed at work
SOURCES, WARM, POLLS = 100, 2_000, 10_000
_SETTLING = 3.0  # seconds after which a service without work is idle
_WATCHED = 20.0  # in which its CPU is counted, in steps of 10 ms
_UPKEEP = 12.0  # and in which whatever is done now and then was done once

Pair = tuple[Memory, Memory]
"""The service, and its workers together."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """The service in its states; `idle_cpu` is in ms per second, `read` how many pages it had read at work."""

    busy: Pair
    read: int
    resting: Pair
    restarted: Pair
    idle_cpu: float


@dataclass(frozen=True, slots=True)
class Growth:
    """The service at so many polls each, in a steady state; `history` is in MB."""

    polls: tuple[int, ...]
    sizes: tuple[Pair, ...]
    history: tuple[float, ...]

    @property
    def service(self) -> float:
        """KB that the service grows by in 1,000 polls."""
        return _slope(self.polls, [service.rss for service, _ in self.sizes])

    @property
    def worker(self) -> float:
        """The same of its worker, leaving out moments in which it had just been replaced."""
        there = [
            (polls, worker.rss)
            for polls, (_, worker) in zip(self.polls, self.sizes, strict=True)
            if worker.rss
        ]
        return _slope(*zip(*there, strict=True))

    @property
    def stored(self) -> float:
        """The same of the history, of which SQLite keeps up to 16 MB in memory."""
        return _slope(self.polls, self.history)


def _slope(polls: Sequence[float], sizes: Sequence[float]) -> float:
    return linear_regression(polls, sizes).slope * 1000 * 1024


def weigh(tumen: Path) -> Sizes:
    """Weigh a service that reads demo newsrooms, has read them, and is started again when nothing is due."""
    with newsrooms(2) as sources, deaf_channel() as channel, TemporaryDirectory() as name:
        folder = Path(name)
        config, log = configure(folder, sources, channel, first_look="30d"), folder / "log"
        with Program([tumen, "run", "--config", config], log) as service:
            service.wait_until(lambda: articles(folder) >= READ)
            busy, read = service.memory(), articles(folder)
            service.wait_until(lambda: is_done(folder, len(sources)))
            time.sleep(_SETTLING)
            resting = service.memory()
            service.terminate()
        with Program([tumen, "run", "--config", config], log) as service:
            service.wait_until(lambda: log.read_text(encoding="utf-8").count("watching; ") > 1)
            time.sleep(_SETTLING)
            restarted, before, since = service.memory(), service.cpu().total, time.monotonic()
            time.sleep(_WATCHED)
            idle_cpu = (service.cpu().total - before) / (time.monotonic() - since)
            if service.children():
                raise RuntimeError("a service without work has a worker")
            service.terminate()
        return Sizes(busy, read, resting, restarted, idle_cpu)


def weigh_idle(tumen: Path, history: Path | None = None) -> Memory:
    """Weigh a service with all shipped sources, none of which is due, over a copy of this history or an empty one."""
    with deaf_channel() as channel, TemporaryDirectory() as name:
        folder = Path(name)
        config, file, log = folder / "tumen.yaml", folder / "tumen.db", folder / "log"
        config.write_text(f'channels: {{deaf: {{url: "{channel}"}}}}\n', encoding="utf-8")
        if history:
            shutil.copy(history, file)
        _put_off(config, file)
        with Program([tumen, "run", "--config", config], log) as service:
            service.wait_until(lambda: "watching; " in log.read_text(encoding="utf-8"))
            time.sleep(_UPKEEP)
            found, workers = service.memory()
            service.terminate()
        if workers.rss:
            raise RuntimeError("a service without work has a worker")
        return found


def _put_off(config: Path, file: Path) -> None:
    """Leave nothing to do for a day."""
    sources, now = planning.plan(load_settings(config)).sources, datetime.now(UTC)
    with closing(open_history(file)) as db:
        Sources(db).sync(sources, now)
        with transaction(db):
            change(db, "UPDATE sources SET next_due = ?, looked_at = ?", (now + timedelta(days=1), now))
            change(db, "UPDATE entries SET state = 'skipped' WHERE state = 'to_read'")
            change(db, "UPDATE articles SET visit_at = NULL")
            change(db, "UPDATE deliveries SET state = 'sent' WHERE state IN ('pending', 'claimed')")


def grow(polls: int = POLLS) -> Growth:
    """Weigh a service again and again while it polls sources that do not change."""
    found: list[tuple[int, Pair, float]] = []
    with still_sources(SOURCES) as sources, deaf_channel() as channel, TemporaryDirectory() as name:
        folder = Path(name)
        config, log = configure(folder, sources, channel), folder / "log"
        with Program([sys.executable, HERE / "still_watch.py", config], log) as service:
            for wanted in range(WARM, polls + 1, WARM // 2):
                service.wait_until(lambda wanted=wanted: rounds(log)["looks"] >= wanted)
                found.append((rounds(log)["looks"], service.memory(), _stored(folder)))
            service.terminate()
    return Growth(*zip(*found, strict=True))


def _stored(folder: Path) -> float:
    (size,) = counted(folder, "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
    return size / 2**20


def memory_sheet(sizes: Sizes, empty: Memory | None = None, large: Memory | None = None) -> Sheet:
    """All states, each of which is held against its limit."""
    rows = []
    for name, (parent, worker), limit in (
        ("at work, so many pages read: " + str(sizes.read), sizes.busy, BUSY_MB),
        ("at rest after them, worker kept", sizes.resting, BUSY_MB),
        ("at rest after them, worker ended", (sizes.resting[0], Memory()), IDLE_MB),
        ("started again, nothing due", sizes.restarted, IDLE_MB),
        ("shipped sources, empty history", (empty, Memory()), IDLE_MB),
        ("shipped sources, large history", (large, Memory()), IDLE_MB),
    ):
        if parent is not None:
            both = parent + worker
            rows.append(row(name, both.pss, parent.rss, worker.rss, both.rss, unit="MB", limit=limit))
    rows.append(row("idle, CPU ms per second", None, None, None, sizes.idle_cpu))
    return Sheet("Memory resident", ("proportional", "service", "worker", "together"), tuple(rows))


def growth_sheet(growth: Growth) -> Sheet:
    """What is more in the end."""
    rows = (
        row("the service", growth.service, unit="KB"),
        row("the history, of which SQLite keeps up to 16 MB in memory", growth.stored, unit="KB"),
        row("the service beside it", growth.service - growth.stored, unit="KB", limit=GROWTH_KB),
        row("its worker", growth.worker, unit="KB", limit=GROWTH_KB),
    )
    return Sheet(f"Growth in 1,000 polls, over {growth.polls[-1]:,}", ("",), rows)


def growth_plot(growth: Growth) -> Plot:
    """Both over the polls, but for moments in which the worker had just been replaced."""
    there = [number for number, (_, worker) in enumerate(growth.sizes) if worker.rss]
    series = {
        name: tuple(round(growth.sizes[number][which].rss, 1) for number in there)
        for which, name in enumerate(("service", "worker"))
    }
    polls = tuple(growth.polls[number] for number in there)
    return Plot("Memory over polls", polls, series, unit="MB", shape="lines", below="polls")


def main() -> int:
    """Measure all of it; 1 if a limit does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--history", type=Path, help="A large history that `generated_history` made.")
    parser.add_argument("--polls", type=int, default=POLLS)
    figures.add_option(parser)
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that no program is left behind
    tumen = install()
    with TemporaryDirectory() as compiled:
        # As in an installed program, modules are compiled once; else what that leaves behind would be weighed.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = compiled
        weigh_idle(tumen)
        empty = weigh_idle(tumen)
        large = weigh_idle(tumen, asked.history) if asked.history else None
        sizes = weigh(tumen)
        growth = grow(asked.polls)
    idle = max(each.rss for each in _idle(sizes, empty, large))
    return report(
        Finding(
            name="memory",
            title="Memory",
            sheets=(memory_sheet(sizes, empty, large), growth_sheet(growth)),
            plots=(growth_plot(growth),),
            figures={"service_mb": idle, "worker_mb": sizes.resting[1].rss},
            note="Tumen is installed as by its users. Its channel is a chat, for which parts of Apprise are loaded.",
        ),
        kept=asked.keep,
    )


def _idle(sizes: Sizes, *others: Memory | None) -> Iterator[Memory]:
    yield sizes.restarted[0]
    yield from filter(None, others)


if __name__ == "__main__":
    sys.exit(main())
