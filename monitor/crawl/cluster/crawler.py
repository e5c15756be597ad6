"""The coordinator's side of a cluster: whose turn it is, what is ordered where, and what becomes of lost orders."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from monitor.core.errors import CrawlError
from monitor.crawl.cluster.carrying import CLOSED, Carrier
from monitor.crawl.cluster.connection import Connection
from monitor.crawl.cluster.desk import Desk, Ticket
from spiders.items import CrawlReport, Parse

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from monitor.crawl.cluster import Cluster
    from monitor.crawl.cluster.connection import Standing
    from monitor.crawl.local import LocalCrawler
    from spiders.items import CrawlJob, WorkerOptions

logger = logging.getLogger("tumen.cluster")

_AT_ONCE = 4  # jobs in hand for each thread of the cluster
_FEWEST = 10  # tasks of an order, if so many wait: fewer are shared out when many threads are free


class ClusterCrawler:
    """Runs crawl jobs on a cluster, and as configured on this machine while that is away.

    A site is asked by one order at a time, wherever that is carried out, and rests after it. What a lost order has
    touched is left alone until its time is over, since its station may live.

    Args:
        cluster: the way there.
        local: what is run on this machine.
        options: how workers behave on the web.
        coordinator: names this service to the stations, always by the same word.
        otherwise_local: whether jobs are run on this machine while the cluster is away; else they wait.
        batch: tasks in one order.
    """

    def __init__(
        self,
        cluster: Cluster,
        local: LocalCrawler,
        options: WorkerOptions,
        *,
        coordinator: str,
        otherwise_local: bool = True,
        batch: int = 50,
    ) -> None:
        self._cluster = Connection(cluster, coordinator, self._stands)
        self._local = local
        self._otherwise_local = otherwise_local
        self._batch = batch
        self._desk = Desk()
        self._carrier = Carrier(self._desk, self._cluster, local, options)
        self._numbers = count(1)
        self._flights: dict[asyncio.Task[frozenset[float]], bool] = {}  # whether they are on the cluster
        self._in_hand = self._reported = 0
        self._closed = False

    @property
    def done(self) -> int | None:
        """How many reports there were so far, None while no job is in hand."""
        return self._reported if self._in_hand else None

    @property
    def standing(self) -> Standing:
        """How it stands with the cluster."""
        return self._cluster.standing

    @property
    def orders(self) -> int:
        """How many orders are under way on the cluster."""
        return sum(self._flights.values())

    @property
    def room(self) -> int:
        """How many jobs it can have in hand now."""
        if self.standing.size is not None:
            return _AT_ONCE * self.standing.size.threads
        return self._local.room if self._goes_on_here else 0

    @property
    def pids(self) -> tuple[int, ...]:
        """The process ids of the workers on this machine."""
        return self._local.pids

    def begin(self) -> None:
        """Connect to the cluster, and stay connected. To be called once the event loop runs."""
        self._cluster.begin()

    async def run(self, job: CrawlJob) -> AsyncGenerator[CrawlReport, None]:
        """Do a job: exactly one report per task, as they arrive.

        Raises:
            CrawlError: there is no way to do it, or the crawler was closed meanwhile.
        """
        inbox: asyncio.Queue[CrawlReport | CrawlError] = asyncio.Queue()
        files = tuple(task for task in job.tasks if isinstance(task, Parse))
        if self._waits_for_cluster:
            raise self._away()
        tickets = [
            Ticket(str(next(self._numbers)), task, inbox.put_nowait, self._desk.sites_of(task))
            for task in job.tasks
            if not isinstance(task, Parse)
        ]
        self._in_hand += 1
        try:
            for ticket in tickets:
                self._desk.put(ticket)
            self._hand_out()
            if files:
                async with aclosing(self._local.run(replace(job, tasks=files))) as reports:
                    async for report in reports:
                        yield report
            for _ in tickets:
                item = await inbox.get()
                if isinstance(item, CrawlError):
                    raise item
                self._reported += 1
                yield item
        finally:
            self._in_hand -= 1
            for ticket in tickets:
                self._desk.withdraw(ticket.number)

    def change(self, options: WorkerOptions, *, workers: int, batch: int) -> None:
        """Behave so from now on, with so many workers on this machine."""
        self._carrier.options, self._batch = options, batch
        self._local.change(options, workers=workers)

    async def close(self) -> None:
        """Give up what is ordered, and end all workers of this machine. Jobs in flight raise CrawlError."""
        self._closed = True
        self._refuse_waiting(CLOSED)
        flights = tuple(self._flights)
        for flight in flights:
            flight.cancel()
        await asyncio.gather(*flights, return_exceptions=True)
        await asyncio.gather(self._cluster.close(), self._local.close())

    @property
    def _goes_on_here(self) -> bool:
        return self.standing.is_away and self._otherwise_local

    @property
    def _waits_for_cluster(self) -> bool:
        return self.standing.is_away and not self._otherwise_local

    def _away(self) -> CrawlError:
        return CrawlError(self.standing.why, remedy="it is tried again every few seconds")

    def _stands(self, before: Standing, now: Standing) -> None:
        if now.is_away and not before.is_away:
            then = "jobs run on this machine" if self._otherwise_local else "nothing is read"
            logger.warning("%s; until it can, %s", now.why, then)
        if self._waits_for_cluster:
            self._refuse_waiting(self._away())
        self._hand_out()

    def _refuse_waiting(self, error: CrawlError) -> None:
        for ticket in self._desk.clear():
            ticket.give(error)

    def _hand_out(self) -> None:
        """Have as much carried out as there is room for."""
        while not self._closed and (free := self._free()) > 0 and len(self._desk):
            most = min(self._batch, max(_FEWEST, -(-len(self._desk) // free)))
            tickets = self._desk.next(_now(), most)
            if not tickets:
                return
            there = self.standing.size is not None
            flying = asyncio.create_task(self._carrier.carry_out(tickets, there=there))
            self._flights[flying] = there
            flying.add_done_callback(self._landed)

    def _landed(self, flight: asyncio.Task[frozenset[float]]) -> None:
        del self._flights[flight]
        if self._closed:
            return
        if self._waits_for_cluster:
            self._refuse_waiting(self._away())
        for rest in flight.result():
            asyncio.get_running_loop().call_later(rest, self._hand_out)
        self._hand_out()

    def _free(self) -> int:
        """How many more orders there is room for."""
        if self.standing.size is not None:
            return self.standing.size.threads - self.orders
        if self._goes_on_here:
            return self._local.room - (len(self._flights) - self.orders)
        return 0


def _now() -> float:
    return asyncio.get_running_loop().time()
