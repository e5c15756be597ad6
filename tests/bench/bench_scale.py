"""The crawl on several machines, all of them this one: `make bench-scale`.

A scheduler and workers of Dask on loopback, `tumen run --cluster`, and a newsroom in one process whose papers are
hosts of their own and answer late. How much more do two and four workers read than one, and what does an order cost?
Then workers, the scheduler and the coordinator are killed while the newsroom publishes: what is lost or comes twice,
and is any host asked twice at a time, as its server counts?
"""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypeVar

from monitor.crawl.cluster.crawler import _FEWEST
from tests.bench import figures
from tests.bench.figures import Finding, Plot, Sheet, report
from tests.bench.scale import empty_orders, ordeals, tables, throughput
from tests.bench.scale.cluster import Cluster

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.bench.scale.empty_orders import Overhead
    from tests.bench.scale.throughput import Rate

Found = TypeVar("Found")
WORKERS = (1, 2, 4)


class Whole:
    """The sizes that are kept."""

    rates = throughput.Size(sources=2000, latency=4.0, window=60.0)
    ordeal = ordeals.Size(sources=2000, articles=1000, seconds=240.0, pace="80s")
    orders, kills = 1000, 10


class Quick:
    """A tenth of them, to see whether all goes well."""

    rates = throughput.Size(sources=600, latency=2.0, window=20.0)
    ordeal = ordeals.Size(sources=200, articles=100, seconds=60.0, pace="20s")
    orders, kills = 200, 2


def main() -> int:
    """Measure, then print the tables; 1 if a limit does not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_scale", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="A tenth of the sources and of the time.")
    parser.add_argument("--only", choices=("rates", "kills", "faults"), help="Measure only this.")
    figures.add_option(parser)
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that no program is left behind
    size = Quick if given.quick else Whole
    sheets: list[Sheet] = []
    plots: list[Plot] = []
    known: dict[str, float] = {}
    if given.only in {None, "rates"}:
        found = [_somewhere(f"{many} workers", throughput.measure, many, size.rates) for many in WORKERS]
        cost, megabytes = _somewhere("orders that do nothing", _overhead, size.orders)
        sheets += [tables.rates_sheet(found, size.rates), tables.overhead_sheet(cost, size.orders)]
        plots.append(tables.rates_plot(found))
        known = _for_the_cost_model(found, cost, megabytes)
    if given.only in {None, "kills"}:
        killed = _somewhere("workers are killed", ordeals.many_kills, size.ordeal, size.kills)
        sheets.append(tables.outcome_sheet("Workers killed", killed, size.ordeal))
    if given.only in {None, "faults"}:
        struck = _somewhere("scheduler and coordinator are killed", ordeals.everything_else, size.ordeal)
        sheets.append(tables.outcome_sheet("Scheduler and coordinator killed", struck, size.ordeal))
    return report(Finding("scale", "Several machines", tuple(sheets), tuple(plots), known), kept=given.keep)


def _overhead(orders: int, folder: Path) -> tuple[Overhead, float]:
    """What an order costs, and how large the scheduler is in megabytes."""
    with Cluster(folder) as cluster:
        cluster.start("worker-0", "worker-1")
        found = empty_orders.measure(cluster, orders)
        return found, cluster.scheduler.memory()[0].rss


def _for_the_cost_model(rates: Sequence[Rate], cost: Overhead, megabytes: float) -> dict[str, float]:
    return {
        "order_ms": cost.sender,
        "scheduler_order_ms": cost.scheduler,
        "scheduler_mb": megabytes,
        "station_mb": max(rate.station for rate in rates),
        "tasks_per_order": _FEWEST,  # more in a busy cluster, where an order costs the same
    }


def _somewhere(what: str, measure: Callable[..., Found], *given: object) -> Found:
    """Measure in a folder that is gone afterwards."""
    sys.stderr.write(f"measuring: {what}\n")
    with TemporaryDirectory(prefix="tumen-scale-") as folder:
        found = measure(*given, Path(folder))
    sys.stderr.write(f"{found}\n")  # what follows takes minutes, and may fail
    return found


if __name__ == "__main__":
    sys.exit(main())
