"""What the service itself needs for very many sources, in virtual time: `make bench-coordinator`.

The service is real: its history on disk, watching, matching by the shipped pack, stories, upkeep, metrics, deliveries
and the timer. In its own process a web answers in place of crawl workers, each look and page after some virtual time,
and a channel takes every message; what the web uses of the processor is told apart. All sources are due every 15
minutes. The first interval, in which all of them are met, is told by itself.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from monitor import planning
from monitor.config import load_settings
from tests.bench.figures import Finding, Row, Sheet, add_option, report, row
from tests.bench.history_sizes import sizes
from tests.bench.virtual_run import INTERVAL, Run, Span
from tests.bench.virtual_time import Loop
from tests.bench.virtual_web import declared

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.planning import Plan

CORES, MEMORY = 0.5, 1_000.0  # of one core, and megabytes, at most
_SMALL = 0.0005  # of a core: parts that use less are told together


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_coordinator", description=__doc__)
    parser.add_argument("--sources", type=int, default=100_000)
    parser.add_argument("--intervals", type=int, default=2, help="that are measured, after the first")
    add_option(parser)
    given = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="tumen-coordinator-") as folder:
        plan = planned(Path(folder), given.sources)
        loop = Loop()
        asyncio.set_event_loop(loop)
        run = Run(loop, plan)
        first, then = loop.run_until_complete(live(run, given.intervals))
        history = plan.settings.history_path
        finding = found(run, first, then, given.sources, history)
    return report(finding, kept=given.keep)


def planned(folder: Path, sources: int) -> Plan:
    """A configuration with so many sources, which are not written down."""
    one = {"name": "one", "title": "One", "url": "https://one.example/", "kind": "feed", "language": "en"}
    settings = {
        "channels": {"desk": {"url": "json://127.0.0.1:9/"}},
        "sources": {"shipped": False, "own": [one]},
        "pace": {"fastest": "15m", "slowest": "15m", "failing": "15m"},
        "freshness": {"first_look": "15m"},
        "crawl": {"workers": 16, "contact": "desk@example.org"},
        "captures": {"enabled": False},
        "backup": {"enabled": False},
        "health": {"listen": "127.0.0.1:0"},
    }
    config = folder / "tumen.yaml"
    config.write_text(yaml.safe_dump(settings), encoding="utf-8")
    return replace(planning.plan(load_settings(config)), sources=tuple(declared(sources)))


async def live(run: Run, intervals: int) -> tuple[Span, Span]:
    """The first interval, and those after it."""
    await run.start()
    first = await run.span(1)
    then = await run.span(intervals)
    await run.end()
    return first, then


def found(run: Run, first: Span, then: Span, sources: int, history: Path) -> Finding:
    """All of it."""
    articles = then.added["articles"]
    taken = sizes(history)
    figures = {
        "coordinator_sources": sources,
        "coordinator_mb": then.memory,
        "coordinator_look_ms": then.look_ms,
        "coordinator_article_ms": then.article_ms,
        "articles_per_look": articles / then.looks,
        "articles_per_change": articles / max(1, then.changed),
        "commits_per_look": then.commits / then.looks,
        "source_kb": (then.memory - run.idle) * 1e3 / sources,
        "look_bytes": taken["look_bytes"],
        "source_bytes": taken["source_bytes"],
    }
    size = history.stat().st_size / 1e6
    return Finding(
        "coordinator",
        f"The service with {sources:,} sources",
        (
            Sheet("Processor, cores", ("first interval", "afterwards"), tuple(_cores(first, then))),
            Sheet("Lag", ("half", "99 of 100", "most"), tuple(_lag(then))),
            Sheet("What happened", ("first interval", "afterwards"), tuple(_happened(first, then))),
            Sheet(
                "Memory and disk",
                ("started", "first interval", "afterwards"),
                (
                    row("memory", run.idle, first.memory, then.memory, unit="MB", limit=MEMORY),
                    row("history at the end", None, None, size, unit="MB"),
                    row("a look in it", None, None, taken["look_bytes"], unit="bytes"),
                    row("a source in it", None, None, taken["source_bytes"], unit="bytes"),
                ),
            ),
        ),
        figures=figures,
        note=f"Every source is due each {INTERVAL.seconds // 60} minutes. Afterwards are {then.seconds / 60:.0f} "
        f"virtual minutes. Starting took {run.start_seconds:.1f} s of the processor.",
    )


def _cores(first: Span, then: Span) -> Iterator[Row]:
    small = {part for part, used in then.used.items() if used / then.seconds < _SMALL}
    for part in sorted(then.used, key=lambda name: -then.used[name]):
        if part not in small and part != "web":
            yield row(part, first.used.get(part, 0.0) / first.seconds, then.used[part] / then.seconds)
    rest = [sum(span.used.get(part, 0.0) for part in small) / span.seconds for span in (first, then)]
    yield row("all others", *rest)
    yield row("together", first.cores, then.cores, limit=CORES)
    yield row("a look and all besides articles", first.look_ms, then.look_ms, unit="ms")
    yield row("an article", first.article_ms, then.article_ms, unit="ms")


def _lag(then: Span) -> Iterator[Row]:
    most = INTERVAL.total_seconds()
    yield row("a look begins after its time, virtual", *_ranks(then.late), unit="s", limit=most)
    for part in sorted({part for _, part in then.held}):
        held = sorted(seconds * 1e3 for seconds, by in then.held if by == part)
        yield row(f"the loop is held by {part}", *_ranks(held), unit="ms")


def _ranks(values: list[float]) -> tuple[float, float, float]:
    return values[len(values) // 2], values[len(values) * 99 // 100], values[-1]


def _happened(first: Span, then: Span) -> Iterator[Row]:
    for name, values in (
        ("looks", (first.looks, then.looks)),
        ("of these, something was new", (first.changed, then.changed)),
        ("failed", (first.failed, then.failed)),
        ("articles", (first.added["articles"], then.added["articles"])),
        ("alerts", (first.added["alerts"], then.added["alerts"])),
        ("messages", (first.sent, then.sent)),
        ("transactions", (first.commits, then.commits)),
    ):
        yield row(name, *values)


if __name__ == "__main__":
    sys.exit(main())
