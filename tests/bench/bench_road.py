"""The cost of the road, from one run: `python -m tests.bench.bench_road` (`make bench`).

500 outlets on loopback, of whose entries nine in ten are known: CPU of the service and its crawl worker for a look
that finds nothing new, for a feed that was written anew, and for an article (read, extract, match, store, decide,
tell a channel that answers at once); then a fresh service beside bare Scrapy with the same extraction; and what all
that makes of a day.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.bench.crowd import LISTED, NEW
from tests.bench.figures import Finding, Plot, Sheet, add_option, report, row
from tests.bench.road_beside import DEMO, LIFE, beside
from tests.bench.road_day import day
from tests.bench.road_rounds import units

if TYPE_CHECKING:
    from tests.bench.road_beside import Cost, Press
    from tests.bench.road_day import Day
    from tests.bench.road_rounds import Units

_LOOK_MS, _LOOK_BYTES = 4.0, 300.0  # CPU of an unchanged look, and what its answer takes
_RATIO, _BEYOND_MS = 1.15, 3.0  # an article beside bare Scrapy


def main() -> int:
    """Measure, then print the tables."""
    parser = argparse.ArgumentParser(description="Measure the cost of the road.")
    parser.add_argument("--sources", type=int, default=500, help="Outlets that are watched.")
    parser.add_argument("--articles", type=int, default=20_000, help="Articles that they publish.")
    parser.add_argument("--rounds", type=int, default=2, help="How often both programs are run, in turns.")
    add_option(parser)
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that no program is left behind
    with TemporaryDirectory() as compiled:
        # As in an installed program, modules are compiled once; else that would be most of the cost of starting.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = compiled
        _say("a first run, which compiles modules")
        beside(DEMO, 1)
        _say(f"{asked.sources} sources, {asked.articles} articles")
        found = units(asked.sources, max(1, asked.articles // (asked.sources * NEW)))
        runs = {}
        for press in (LIFE, DEMO):
            _say(f"beside bare Scrapy: {press.name}")
            runs[press] = beside(press, asked.rounds)
        _say("a day")
        finding = _finding(asked.sources, found, runs, day(asked.sources, found))
    return report(finding, kept=asked.keep)


def _finding(sources: int, found: Units, runs: dict[Press, tuple[Cost, Cost]], a_day: Day) -> Finding:
    kinds = ("unchanged look", "changed look", "article")
    each = (found.unchanged, found.changed, found.article)
    return Finding(
        "road",
        "The cost of the road",
        (
            _rounds(sources, found),
            *(_beside(press, *costs) for press, costs in runs.items()),
            _day(a_day),
        ),
        plots=(
            Plot(
                "CPU of a look and of an article",
                kinds,
                {
                    "service": tuple(unit.cpu.own for unit in each),
                    "worker": tuple(unit.cpu.children for unit in each),
                },
                unit="ms",
            ),
        ),
        figures={
            **{
                f"worker_{name}_ms": unit.cpu.children
                for name, unit in zip(("unchanged", "changed", "article"), each, strict=True)
            },
            **{
                f"{name}_bytes": unit.bytes
                for name, unit in zip(("unchanged", "changed", "article"), each, strict=True)
            },
            "worker_mb": found.worker_mb,
        },
        note="Servers run in the process of the bench, whose own CPU is not counted.",
    )


def _rounds(sources: int, found: Units) -> Sheet:
    columns = ("bytes of the answer", "service", "worker", "together")
    still, changed, article = (
        (unit.bytes, unit.cpu.own, unit.cpu.children, unit.cpu.total)
        for unit in (found.unchanged, found.changed, found.article)
    )
    return Sheet(
        f"CPU ms with {sources} sources",
        columns,
        (
            row("an unchanged look", *still, limit=_LOOK_MS, unit="ms"),
            row("bytes of an unchanged look", found.unchanged.bytes, limit=_LOOK_BYTES, unit="bytes"),
            row("a feed written anew that lists what is known", *changed),
            row("an article beyond its look", *article),
            row("the worker at the end, MB resident", None, None, found.worker_mb),
        ),
        note=f"{found.looks} looks in a steady state, {found.batch:.0f} in a job. {found.articles} articles, "
        f"{NEW} at a look beside {LISTED - NEW} known ones; {found.alerts} alerts.",
    )


def _beside(press: Press, bare: Cost, tumen: Cost) -> Sheet:
    judged = press is LIFE
    return Sheet(
        f"CPU ms beside bare Scrapy: {press.name}",
        ("bare Scrapy", "Tumen", "ratio"),
        (
            row(
                "an article, start-up apart",
                bare.article,
                tumen.article,
                tumen.article / bare.article,
                limit=_RATIO if judged else None,
            ),
            row(
                "everything but download and extraction",
                None,
                tumen.article - bare.article,
                limit=_BEYOND_MS if judged else None,
                unit="ms",
            ),
            row("of an article in the service itself", None, tumen.parent),
            row("start-up, once", bare.start, tumen.start, tumen.start / bare.start),
            row("articles", bare.articles, tumen.articles),
            row("alerts decided, stored and told", None, tumen.alerts),
        ),
        note="Download and extraction are what bare Scrapy does with the same pages.",
    )


def _day(a_day: Day) -> Sheet:
    return Sheet(
        f"24 hours of {a_day.sources} sources",
        ("number", "CPU seconds"),
        (
            row("looks, of which most find nothing new", a_day.looks, a_day.looking),
            row("looks that find something", a_day.changed),
            row("articles", a_day.articles, a_day.reading),
            row("a service that has nothing to do", None, a_day.idling),
            row("together", None, a_day.cpu),
            row("of one core, percent", None, a_day.cpu / 864),
        ),
        note="As many looks as pacing makes in a virtual day, at what each was measured to cost.",
    )


def _say(what: str) -> None:
    sys.stderr.write(f"measuring: {what}\n")


if __name__ == "__main__":
    sys.exit(main())
