"""How much a cluster of so many workers reads while the newsroom's latency dominates, and what that costs whom."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.bench.scale import visits
from tests.bench.scale.cluster import Cluster
from tests.bench.scale.hosts import Newsroom
from tests.bench.scale.press import Press
from tests.bench.scale.service import Service

if TYPE_CHECKING:
    from pathlib import Path

_STARTING = 120.0  # seconds until the first looks are stored
_WARMING = 8.0  # seconds after the first report, in which workers start and fill


@dataclass(frozen=True)
class Size:
    """Of a measurement.

    Attributes:
        sources: how many, each a host of its own.
        latency: of a server, in seconds; it must dominate, or the cores of this machine limit what is done.
        window: how long is measured, in seconds.
        batch: looks in an order; no more than a worker does at a time, so that no look waits for another.
        threads: orders that a worker carries out at a time.
    """

    sources: int
    latency: float
    window: float
    batch: int = 16
    threads: int = 2


@dataclass(frozen=True)
class Costs:
    """CPU milliseconds of everybody who takes part; `crawling` is that of the crawl workers on the cluster."""

    service: float
    scheduler: float
    stations: float
    crawling: float
    newsroom: float

    def __sub__(self, other: Costs) -> Costs:
        return Costs(
            self.service - other.service,
            self.scheduler - other.scheduler,
            self.stations - other.stations,
            self.crawling - other.crawling,
            self.newsroom - other.newsroom,
        )

    @property
    def cores(self) -> float:
        """All of it together."""
        return self.service + self.scheduler + self.stations + self.crawling + self.newsroom


@dataclass(frozen=True)
class Rate:
    """What so many workers did in a window of `seconds`.

    Attributes:
        workers: how many.
        looks, a_second: that servers answered, and how many of them in a second.
        seconds: how long.
        costs: of everybody.
        station: megabytes resident of the largest Dask worker, apart from its crawl workers.
    """

    workers: int
    looks: int
    a_second: float
    seconds: float
    costs: Costs
    station: float

    @property
    def cores(self) -> float:
        """How many cores were busy with it, those of the newsroom included."""
        return self.costs.cores / self.seconds / 1000


def measure(workers: int, size: Size, folder: Path) -> Rate:
    """Have so many workers look at sources of which more are due than they can do."""
    press = Press(size.sources, articles=0, begin=time.time(), seconds=1.0)
    with ExitStack() as stack:
        newsroom = stack.enter_context(Newsroom(press, size.latency, folder))
        cluster = stack.enter_context(Cluster(folder, threads=size.threads))
        cluster.start(*(f"worker-{number}" for number in range(workers)))
        service = stack.enter_context(
            Service(folder, newsroom, cluster.address, pace="1s", delay="0.05s", batch=size.batch)
        )

        def costs() -> Costs:
            stations = cluster.cpu()
            return Costs(
                service.program.cpu().total,
                cluster.scheduler.cpu().total,
                stations.own,
                stations.children,
                newsroom.program.cpu().total,
            )

        service.program.wait_until(lambda: service.progress.looks > 0, _STARTING)
        time.sleep(_WARMING)
        began, before = time.monotonic(), costs()
        time.sleep(size.window)
        ended, used = time.monotonic(), costs() - before
        station = max(worker.memory()[0].rss for worker in cluster.workers.values())
        looks = visits.answered(newsroom.visits(), began, ended)
        return Rate(workers, len(looks), visits.a_second(looks), ended - began, used, station)
