"""A fresh service beside bare Scrapy with the same extraction, over few and over many pages.

What grows with the pages is the cost of a page, what does not is the cost of starting. Both read from servers in this
process, whose own cost is not counted.
"""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.bench.crowd import Plan, crowd
from tests.bench.press_row import DELAY, configure, deaf_channel, hosts, newsrooms
from tests.bench.processes import Program
from tests.bench.watched import counted, is_done

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from spiders.items import Source

_HERE = Path(__file__).parent
TUMEN = (Path(sys.executable).with_name("tumen"), "run", "--config")
_LONGEST = 600.0  # seconds for one run


@dataclass(frozen=True, slots=True)
class Run:
    """One program over some pages: CPU milliseconds from first to last, of these in the service, and what it did."""

    cpu: float
    articles: int
    parent: float = 0.0
    alerts: int = 0


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one program: CPU milliseconds of an article (in the service alone: `parent`), and of starting."""

    article: float
    start: float
    parent: float
    articles: int
    alerts: int


@dataclass(frozen=True, slots=True)
class Press:
    """What is read: `few` and `many` are numbers that `open_` takes."""

    name: str
    few: int
    many: int
    open_: Callable[[int], AbstractContextManager[Sequence[Source]]]


@contextmanager
def _crowd(count: int) -> Iterator[Sequence[Source]]:
    with crowd(count, Plan()) as outlets:
        yield outlets.sources()


LIFE = Press("ordinary news, one in fifty on topic", 12, 60, _crowd)
DEMO = Press("the demo's articles, most of them on topic", 1, 4, newsrooms)


def beside(press: Press, rounds: int) -> tuple[Cost, Cost]:
    """Bare Scrapy and Tumen, run in turns so many times; medians."""
    bare: dict[int, list[Run]] = {}
    tumen: dict[int, list[Run]] = {}
    with deaf_channel() as channel:
        for size in (press.few, press.many) * rounds:
            with press.open_(size) as sources, TemporaryDirectory() as folder:
                bare.setdefault(size, []).append(run_bare(sources, Path(folder)))
            with press.open_(size) as sources, TemporaryDirectory() as folder:
                tumen.setdefault(size, []).append(run_tumen(sources, channel, Path(folder)))
    return _cost(bare, press), _cost(tumen, press)


def run_tumen(sources: Sequence[Source], channel: str, folder: Path) -> Run:
    """A fresh service until everything is read, stored and told."""
    config = configure(folder, sources, channel, first_look="30d")
    with Program([*TUMEN, config], folder / "log") as service:
        service.wait_until(lambda: is_done(folder, len(sources)), _LONGEST)
        worker = service.cpu().children
        total = service.terminate()
    articles, alerts = counted(
        folder, "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM alerts)"
    )
    return _heard(Run(total, articles, total - worker, alerts), "Tumen", folder)


def run_bare(sources: Sequence[Source], folder: Path) -> Run:
    """Bare Scrapy over the same pages."""
    task, articles = folder / "task.json", folder / "articles.jsonl"
    given = {"sources": [asdict(source) for source in sources], "hosts": hosts(sources), "delay": DELAY}
    task.write_text(json.dumps(given), encoding="utf-8")
    with Program([sys.executable, _HERE / "bare_scrapy.py", task, articles], folder / "log") as crawl:
        cpu = crawl.wait()
    with articles.open(encoding="utf-8") as lines:
        return _heard(Run(cpu, sum(1 for _ in lines)), "bare Scrapy", folder)


def _heard(run: Run, program: str, folder: Path) -> Run:
    """The run, if it read anything at all."""
    if not run.articles:
        said = (folder / "log").read_text(encoding="utf-8", errors="replace")[-3000:]
        raise RuntimeError(f"{program} has read nothing:\n{said}")
    return run


def _cost(runs: dict[int, list[Run]], press: Press) -> Cost:
    few, many = (
        Run(
            median(run.cpu for run in runs[size]),
            round(median(run.articles for run in runs[size])),
            median(run.parent for run in runs[size]),
            round(median(run.alerts for run in runs[size])),
        )
        for size in (press.few, press.many)
    )
    more = many.articles - few.articles
    article = (many.cpu - few.cpu) / more
    start = few.cpu - article * few.articles
    return Cost(article, start, (many.parent - few.parent) / more, many.articles, many.alerts)
