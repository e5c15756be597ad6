"""Crawling on several machines: stations on them carry out orders, the coordinator here says which.

`crawler` is the coordinator's side, `station` a machine's; `orders` are what goes to and fro, as bytes; `desk` says
which tasks may go together, and `door` is the only way to Dask. Whatever else can be reached as a
`concurrent.futures.Executor` would do as well: see `Cluster`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from concurrent.futures import Future

    from monitor.crawl.cluster.orders import Run


@dataclass(frozen=True, slots=True)
class Size:
    """How large a cluster is.

    Attributes:
        workers: those that can do what we order.
        threads: the orders that they carry out at a time.
        why: there are none, if so.
    """

    workers: int = 0
    threads: int = 0
    why: str = ""


class Cluster(Protocol):
    """A way to machines that carry out orders."""

    async def open(self, run: Run) -> None:
        """Connect; whatever an earlier run ordered is given up by the stations. Raises CrawlError."""
        ...

    async def look(self) -> Size:
        """How large it is now. Raises CrawlError if it is away."""
        ...

    def submit(self, order: bytes) -> Future[bytes]:
        """Have an order carried out. The future is cancelled if the cluster is lost."""
        ...

    async def close(self) -> None:
        """Have the stations give up what was ordered, and disconnect."""
        ...
