"""What a scrape costs a service with a large history: `make bench-metrics`.

The history is only read. What it is asked hardly depends on its size, and the rest on how many sources it has.
"""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING

from monitor.jobs.health import Body, Health
from monitor.jobs.metering import Meter, Reported
from monitor.metrics import Metrics
from monitor.store.database import open_reader
from monitor.store.levels import levels
from monitor.store.tally import Tally
from tests.bench.table import Line, show

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitor.store.database import Database

TIMES = 20
ASKED = 0.020  # seconds of CPU for all that the history is asked, wanted
SCRAPED = 0.150  # seconds of CPU for a scrape of hundreds of sources, wanted


def cost(work: Callable[[], object]) -> tuple[float, float]:
    """The median of CPU and of waiting, in seconds."""
    measured = []
    for _ in range(TIMES):
        cpu, began = process_time(), perf_counter()
        work()
        measured.append((process_time() - cpu, perf_counter() - began))
    return tuple(sorted(values)[TIMES // 2] for values in zip(*measured, strict=True))


def line(what: str, work: Callable[[], object], wanted: float) -> Line:
    cpu, waited = cost(work)
    text = f"{cpu * 1e3:.1f} ms of CPU, {waited * 1e3:.1f} ms"
    return Line(what, text, f"<= {wanted * 1e3:.0f} ms of CPU", cpu <= wanted)


def measure(db: Database, path: Path) -> list[Line]:
    clock = lambda: datetime.now(UTC)  # noqa: E731  as short as it is
    health, tally = Health(clock), Tally(db)
    meter = Meter(Metrics(), health, path, clock=clock)
    meter.begin(tally, Reported(lambda: ("desk",), lambda: True))
    health.begin(Body(lambda: None, dict, timedelta, tuple))
    text = meter.text()
    lines = [
        Line("sources, lines of text", f"{len(levels(db).sources)}, {len(text.splitlines())}"),
        line("all that the history is asked", lambda: (levels(db), tally.added(db)), ASKED),
        line("a scrape", meter.text, SCRAPED),
    ]
    meter.end()
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("history", type=Path)
    path = parser.parse_args().history
    with closing(open_reader(path)) as db:
        return show(measure(db, path))


if __name__ == "__main__":
    sys.exit(main())
