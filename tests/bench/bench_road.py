"""The cost of the road, from one run: `python tests/bench/bench_road.py`.

CPU per article of Tumen (the service and its crawl worker: look, read, extract, match, store, decide, tell a channel
that answers at once) against bare Scrapy with the same extraction; CPU per unchanged look; memory. Both programs read
the demo's pages from servers in this process, whose own cost is not counted.

The cost of starting is told apart by reading a few and many pages: what grows with the pages is the cost of a page,
what does not is the cost of starting.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sqlite3
import sys
import time
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from press_row import ARTICLES, DELAY, configure, deaf_channel, hosts, newsrooms, still_sources
from processes import Program
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processes import Cpu, Memory

    from spiders.items import Source

HERE = Path(__file__).parent
TUMEN = (Path(sys.executable).with_name("tumen"), "run", "--config")
SMALL, LARGE = 1, 4  # newsrooms
SOURCES, WARM_UP, ROUNDS = 50, 3, 12  # unchanged looks: feeds, and how often all are looked at
RATIO, IDLE_MB, BUSY_MB, READ = 1.3, 100.0, 220.0, 100
LOOK_MS, LOOK_BYTES = 5.0, 300.0  # CPU of an unchanged look, and what it downloads beyond headers
_SETTLING = 3.0  # seconds after which a service without work is idle


@dataclass(frozen=True)
class Run:
    """One program over some newsrooms: CPU milliseconds from first to last, and articles that it got."""

    cpu: float
    articles: int
    parent: float = 0.0
    alerts: int = 0


def run_tumen(sources: Sequence[Source], channel: str, folder: Path) -> Run:
    """A fresh service until everything is read, stored and told."""
    config = configure(folder, sources, channel, first_look="30d")
    with Program([*TUMEN, config], folder / "log") as service:
        service.wait_until(lambda: _is_done(folder, len(sources)))
        worker = service.cpu().children
        total = service.terminate()
    articles, alerts = _counted(
        folder, "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM alerts)"
    )
    return Run(total, articles, total - worker, alerts)


def run_bare(sources: Sequence[Source], folder: Path) -> Run:
    """Bare Scrapy over the same pages."""
    task, articles = folder / "task.json", folder / "articles.jsonl"
    given = {"sources": [asdict(source) for source in sources], "hosts": hosts(sources), "delay": DELAY}
    task.write_text(json.dumps(given), encoding="utf-8")
    with Program([sys.executable, HERE / "bare_scrapy.py", task, articles], folder / "log") as crawl:
        cpu = crawl.wait()
    with articles.open(encoding="utf-8") as lines:
        return Run(cpu, sum(1 for _ in lines))


def compare(rounds: int, sizes: Sequence[int] = (SMALL, LARGE)) -> dict[str, list[Run]]:
    """Runs of both programs over few and many pages, in turns."""
    runs: dict[str, list[Run]] = {}
    with ExitStack() as stack:
        channel = stack.enter_context(deaf_channel())
        for size in tuple(sizes) * rounds:
            _say(f"{size * ARTICLES} articles")
            with newsrooms(size) as sources, TemporaryDirectory() as folder:
                runs.setdefault(f"bare {size}", []).append(run_bare(sources, Path(folder)))
            with newsrooms(size) as sources, TemporaryDirectory() as folder:
                runs.setdefault(f"tumen {size}", []).append(run_tumen(sources, channel, Path(folder)))
    return runs


def look_again() -> tuple[Cpu, int, float, float]:
    """CPU of unchanged looks in a steady state, how many, how many on average in a job, and bytes of body of each."""
    with still_sources(SOURCES) as sources, deaf_channel() as channel, TemporaryDirectory() as name:
        folder = Path(name)
        config = configure(folder, sources, channel)
        log = folder / "log"
        with Program([sys.executable, HERE / "still_watch.py", config], log) as service:
            service.wait_until(lambda: _rounds(log)["rounds"] >= WARM_UP)
            before, warm = service.cpu(), _rounds(log)
            service.wait_until(lambda: _rounds(log)["rounds"] >= WARM_UP + ROUNDS)
            used, then = service.cpu() - before, _rounds(log)
            service.terminate()
        (unchanged,) = _counted(folder, "SELECT count(*) FROM looks WHERE outcome = 'unchanged'")
        looks, jobs = then["looks"] - warm["looks"], then["jobs"] - warm["jobs"]
        if unchanged < looks:
            raise RuntimeError(f"of {looks} looks only {unchanged} were unchanged")
        (size,) = _counted(folder, "SELECT sum(size) FROM looks WHERE outcome = 'unchanged'")
        return used, looks, looks / jobs, size / unchanged


@dataclass(frozen=True)
class Sizes:
    """Memory of the service in its states; `idle_cpu` is in ms per second."""

    busy: tuple[Memory, Memory]
    read: int
    resting: tuple[Memory, Memory]
    restarted: tuple[Memory, Memory]
    idle_cpu: float


def weigh() -> Sizes:
    """Weigh a service that has read, and one that was started when nothing was due."""
    with newsrooms(2) as sources, deaf_channel() as channel, TemporaryDirectory() as name:
        folder = Path(name)
        config = configure(folder, sources, channel, first_look="30d")
        with Program([*TUMEN, config], folder / "log") as service:
            service.wait_until(lambda: _articles(folder) >= READ)
            busy, read = service.memory(), _articles(folder)
            service.wait_until(lambda: _is_done(folder, len(sources)))
            time.sleep(_SETTLING)
            resting = service.memory()
            service.terminate()
        with Program([*TUMEN, config], folder / "log") as service:
            service.wait_until(
                lambda: folder.joinpath("log").read_text(encoding="utf-8").count("watching; ") > 1
            )
            time.sleep(_SETTLING)
            restarted, before, since = service.memory(), service.cpu().total, time.monotonic()
            time.sleep(_SETTLING)
            idle_cpu = (service.cpu().total - before) / (time.monotonic() - since)
            if service.children():
                raise RuntimeError("a service without work has a worker")
            service.terminate()
        return Sizes(busy, read, resting, restarted, idle_cpu)


def main() -> None:
    """Measure, then print the tables."""
    parser = argparse.ArgumentParser(description="Measure the cost of the road.")
    parser.add_argument("--rounds", type=int, default=3, help="How often both programs are run, in turns.")
    rounds: int = parser.parse_args().rounds
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that no program is left behind
    with TemporaryDirectory() as compiled:
        # As in an installed program, modules are compiled once; else that would be most of the cost of starting.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = compiled
        compare(1, sizes=(SMALL,))
        runs = compare(rounds)
        _say(f"{SOURCES} sources that do not change")
        looks = look_again()
        _say("memory")
        sizes = weigh()
    console = Console(width=None if sys.stdout.isatty() else 120, highlight=False)
    for table in (_articles_table(runs), _looks_table(*looks), _memory_table(sizes)):
        console.print(table, "")
    console.print(
        f"{os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f} at the end; medians of {rounds} rounds"
    )


def _articles_table(runs: dict[str, list[Run]]) -> Table:
    few, many = SMALL * ARTICLES, LARGE * ARTICLES
    table = _table(f"CPU ms per article ({few} and {many} of the demo's)", "bare Scrapy", "Tumen", "ratio")
    costs = {name: median(run.cpu for run in found) for name, found in runs.items()}
    counts = {name: median(run.articles for run in found) for name, found in runs.items()}
    bare, tumen = (
        (costs[f"{name} {LARGE}"] - costs[f"{name} {SMALL}"])
        / (counts[f"{name} {LARGE}"] - counts[f"{name} {SMALL}"])
        for name in ("bare", "tumen")
    )
    large = runs[f"tumen {LARGE}"]
    parent = (median(run.parent for run in large) - median(run.parent for run in runs[f"tumen {SMALL}"])) / (
        counts[f"tumen {LARGE}"] - counts[f"tumen {SMALL}"]
    )
    started = [
        costs[f"{name} {SMALL}"] - each * counts[f"{name} {SMALL}"]
        for name, each in (("bare", bare), ("tumen", tumen))
    ]
    with_start = [costs[f"{name} {LARGE}"] / counts[f"{name} {LARGE}"] for name in ("bare", "tumen")]
    table.add_row("per article, start-up apart", f"{bare:.1f}", f"{tumen:.1f}", *_judged(tumen / bare, RATIO))
    table.add_row("  of these in the parent", "", f"{parent:.1f}")
    table.add_row(
        f"per article of {many}, start-up included",
        *(f"{each:.1f}" for each in with_start),
        *_judged(with_start[1] / with_start[0], RATIO),
    )
    table.add_row("start-up, once", *(f"{each:.0f}" for each in started), f"{started[1] / started[0]:.2f}")
    table.add_row("articles", *(f"{counts[f'{name} {LARGE}']:.0f}" for name in ("bare", "tumen")))
    table.add_row("alerts decided, stored and told", "", f"{median(run.alerts for run in large):.0f}")
    for name, size in (("few", SMALL), ("many", LARGE)):
        spread = (
            f"{min(r.cpu for r in runs[f'{n} {size}']):.0f}-{max(r.cpu for r in runs[f'{n} {size}']):.0f}"
            for n in ("bare", "tumen")
        )
        table.add_row(f"whole runs over {name}, least to most", *spread)
    return table


def _looks_table(used: Cpu, looks: int, batch: float, size: float) -> Table:
    table = _table(
        f"CPU ms per unchanged look ({looks} looks, {batch:.0f} in a job)", "parent", "worker", "together"
    )
    table.add_row(
        "per look, start-up apart",
        *(f"{each / looks:.2f}" for each in (used.own, used.children)),
        *_judged(used.total / looks, LOOK_MS, "ms"),
    )
    table.add_row("bytes of body", "", "", *_judged(size, LOOK_BYTES))
    return table


def _memory_table(sizes: Sizes) -> Table:
    table = _table("Memory, MB resident (proportional)", "parent", "worker", "together")
    for name, (parent, worker), limit in (
        ("started, nothing due, no worker", sizes.restarted, IDLE_MB),
        (f"idle after {2 * ARTICLES} pages, worker kept", sizes.resting, None),
        (f"at work, {sizes.read} pages read", sizes.busy, BUSY_MB),
    ):
        both = parent + worker
        cells = [f"{each.rss:.0f} ({each.pss:.0f})" for each in (parent, worker, both)]
        table.add_row(name, *cells, *(_judged(both.rss, limit, "MB")[1:] if limit else ()))
    table.add_row(
        "parent idle after reading, its worker ended",
        f"{sizes.resting[0].rss:.0f} ({sizes.resting[0].pss:.0f})",
        "",
        "",
        *_judged(sizes.resting[0].rss, IDLE_MB, "MB")[1:],
    )
    table.add_row("idle, CPU ms per second", f"{sizes.idle_cpu:.1f}")
    return table


def _judged(value: float, limit: float, unit: str = "") -> tuple[str, str]:
    told = f"at most {limit:g} {unit}".strip()
    return f"{value:.2f}", f"[green]ok[/] ({told})" if value <= limit else f"[red]over[/] ({told})"


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    table.add_column("")
    for column in columns:
        table.add_column(column, justify="right")
    table.add_column("")
    return table


def _is_done(folder: Path, sources: int) -> bool:
    """Whether everything was tried once. What failed waits for minutes, and is missing in the count of articles."""
    found = _counted(
        folder,
        "SELECT (SELECT count(*) FROM sources WHERE looked_at IS NOT NULL),"
        " (SELECT count(*) FROM entries WHERE state = 'to_read' AND attempts = 0),"
        " (SELECT count(*) FROM deliveries WHERE state = 'claimed' OR state = 'pending' AND attempts = 0)",
    )
    return found == (sources, 0, 0)


def _articles(folder: Path) -> int:
    return next(iter(_counted(folder, "SELECT count(*) FROM articles")), 0)


def _counted(folder: Path, query: str) -> tuple[int, ...]:
    """The numbers a query gives, read without a lock that lasts; none while there is no history yet."""
    file = folder / "tumen.db"
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as db:
            return tuple(db.execute(query).fetchone())
    except sqlite3.OperationalError:
        return ()


def _rounds(log: Path) -> dict[str, int]:
    found = [line for line in log.read_text(encoding="utf-8").splitlines() if line.startswith("{")]
    return json.loads(found[-1]) if found else {"rounds": 0, "looks": 0, "jobs": 0}


def _say(what: str) -> None:
    sys.stderr.write(f"measuring: {what}\n")


if __name__ == "__main__":
    main()
