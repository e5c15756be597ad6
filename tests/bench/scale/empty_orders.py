"""What the cluster itself costs: orders that do nothing, and weigh as much as those of fifty looks."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.bench.scale.cluster import Cluster

THERE, BACK = 20_000, 40_000  # bytes of an order and of what comes back
_AT_ONCE = 8


@dataclass(frozen=True)
class Overhead:
    """Milliseconds for an order: until it is done, and CPU of who sends it, of the scheduler and of the worker."""

    passed: float
    sender: float
    scheduler: float
    worker: float


def measure(cluster: Cluster, orders: int) -> Overhead:
    """Send so many orders, a few at a time."""
    from distributed import Client  # noqa: PLC0415  it changes how the process logs

    with Client(cluster.address) as client:
        executor = client.get_executor(retries=3, pure=False)

        def send(many: int) -> None:
            for _ in range(many // _AT_ONCE):
                sent = [executor.submit(bytes.ljust, bytes(THERE), BACK) for _ in range(_AT_ONCE)]
                for future in sent:
                    future.result()

        send(_AT_ONCE * 4)
        scheduler, worker = cluster.scheduler.cpu().total, cluster.cpu().own
        began, cpu = time.perf_counter(), time.process_time()
        send(orders)
        passed, sender = time.perf_counter() - began, time.process_time() - cpu
        return Overhead(
            passed * 1000 / orders,
            sender * 1000 / orders,
            (cluster.scheduler.cpu().total - scheduler) / orders,
            (cluster.cpu().own - worker) / orders,
        )
