"""What looks and articles cost the service and its worker, in rounds over a crowd of outlets."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.bench.crowd import NEW, Plan, crowd
from tests.bench.press_row import configure, deaf_channel
from tests.bench.processes import Cpu, Program
from tests.bench.watched import counted, rounds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.crowd import Crowd

_HERE = Path(__file__).parent
_WARM_UP, _STILL, _REWRITTEN = 2, 6, 2  # rounds
_LONGEST = 1800.0  # seconds for one phase
_MOST = 0.9  # of the articles must have been read; the others came too late for a busy machine


@dataclass(frozen=True, slots=True)
class Unit:
    """CPU milliseconds of one look or article, and bytes that its answer took on the wire."""

    cpu: Cpu
    bytes: float


@dataclass(frozen=True, slots=True)
class Units:
    """What was found out: a look that finds nothing new, by 304 or in a feed that lists what is known; an article.

    `batch` is how many looks went in a job, `worker_mb` what the worker held at the end.
    """

    unchanged: Unit
    changed: Unit
    article: Unit
    looks: int
    articles: int
    alerts: int
    batch: float
    worker_mb: float


def units(sources: int, news: int) -> Units:
    """Look at so many sources again and again, and read what they list anew in `news` of the rounds."""
    plan = Plan(known=_WARM_UP + _STILL, rewritten=_REWRITTEN, news=news)
    with crowd(sources, plan) as outlets, deaf_channel() as channel, TemporaryDirectory() as name:
        folder = Path(name)
        config = configure(folder, outlets.sources(), channel, first_look="1m")
        log = folder / "log"
        with Program([sys.executable, _HERE / "still_watch.py", config], log) as service:
            marks = [_Mark.of(log, service, outlets) for _ in _phases(service, log, news)]
            worker_mb = service.memory()[1].rss
            service.terminate()
        articles, alerts = counted(
            folder, "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM alerts)"
        )
    if articles < _MOST * NEW * sources * news:
        raise RuntimeError(f"of {NEW * sources * news} articles only {articles} were read")
    still, rewritten, found = (after - before for before, after in pairwise(marks))
    unchanged = _each(still.cpu, still.sent["unchanged"])
    changed = _each(rewritten.cpu - _times(unchanged, rewritten.sent["unchanged"]), rewritten.sent["feed"])
    looking = _times(unchanged, found.sent["unchanged"]) + _times(changed, found.sent["feed"])
    return Units(
        Unit(unchanged, outlets.mean("unchanged")),
        Unit(changed, outlets.mean("feed")),
        Unit(_each(found.cpu - looking, found.sent["page"]), outlets.mean("page")),
        looks=still.told["looks"],
        articles=found.sent["page"],
        alerts=alerts,
        batch=still.told["looks"] / still.told["jobs"],
        worker_mb=worker_mb,
    )


@dataclass(frozen=True, slots=True)
class _Mark:
    """What was said, answered and spent so far."""

    told: Counter[str]
    sent: Counter[str]
    cpu: Cpu

    @classmethod
    def of(cls, log: Path, service: Program, outlets: Crowd) -> _Mark:
        return cls(Counter(rounds(log)), Counter(outlets.sent), service.cpu())

    def __sub__(self, other: _Mark) -> _Mark:
        return _Mark(self.told - other.told, self.sent - other.sent, self.cpu - other.cpu)


def _phases(service: Program, log: Path, news: int) -> Iterator[int]:
    """Wait for the end of each phase."""
    until = 0
    for more in (_WARM_UP, _STILL, _REWRITTEN, news):
        until += more
        service.wait_until(partial(_has_passed, log, until), _LONGEST)
        yield until


def _has_passed(log: Path, wanted: int) -> bool:
    return rounds(log)["rounds"] >= wanted


def _each(cpu: Cpu, count: int) -> Cpu:
    return Cpu(cpu.own / count, cpu.children / count)


def _times(cpu: Cpu, count: int) -> Cpu:
    return Cpu(cpu.own * count, cpu.children * count)
