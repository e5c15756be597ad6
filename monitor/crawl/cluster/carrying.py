"""Carrying orders out, here or by a station, and what becomes of those that are lost."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from monitor import __version__
from monitor.core.errors import CrawlError
from monitor.crawl.cluster.fence import Fence
from monitor.crawl.cluster.orders import Order, OtherVersion, read_brought, write_order
from monitor.crawl.cluster.spool import put_files
from spiders.items import CrawlJob, CrawlReport, Outcome, host

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitor.crawl.cluster.connection import Connection
    from monitor.crawl.cluster.desk import Desk, Ticket
    from monitor.crawl.local import LocalCrawler
    from spiders.items import WorkerOptions

logger = logging.getLogger("tumen.cluster")

_MOST_LOSSES = 5  # orders lost with a task before it is given up
_MOST_TURNS = 8  # sites to which a task may lead
CLOSED = CrawlError("The crawler was closed while it was at work.", remedy="Start the job again.")
_SLACK = 5.0  # seconds that an order may take on its way


@dataclass(slots=True)
class Flight:
    """An order under way: its tickets that have no report, and until when its sites rest, in seconds from its end."""

    order: Order
    open: dict[str, Ticket]
    rests: dict[str, float] = field(default_factory=dict)

    def close(self, number: str, rest: float) -> Ticket | None:
        """The ticket of a task that is done with, None if there is none; its sites rest for so long at least."""
        ticket = self.open.pop(number, None)
        if ticket is not None:
            self.rests.update({site: max(rest, self.rests.get(site, 0.0)) for site in ticket.sites})
        return ticket


class Carrier:
    """Has the tickets of an order done, and puts those back on the desk that were not.

    Args:
        desk: where tickets wait.
        cluster: the way to stations.
        local: what is run on this machine.
        options: how workers behave on the web.
    """

    def __init__(self, desk: Desk, cluster: Connection, local: LocalCrawler, options: WorkerOptions) -> None:
        self._desk = desk
        self._cluster = cluster
        self._local = local
        self.options = options

    async def carry_out(self, tickets: tuple[Ticket, ...], *, there: bool) -> frozenset[float]:
        """Have tickets done, on the cluster or here; in how many seconds sites may be asked again."""
        flight = Flight(self._order(tickets), {ticket.number: ticket for ticket in tickets})
        why = CLOSED
        try:
            await (self._there(flight) if there else self._here(flight))
        except CrawlError as error:
            why = error
        except Exception as error:
            logger.exception("a bug in a crawl order")
            why = CrawlError(f"there is a bug in a crawl order: {error!r}", remedy="see the log")
        finally:
            for ticket in flight.open.values():
                ticket.give(why)
            rests = self._release(flight)
        return rests

    def _order(self, tickets: tuple[Ticket, ...]) -> Order:
        sites = frozenset(site for ticket in tickets for site in ticket.sites)
        longest = max(ticket.task.deadline for ticket in tickets)
        rest = max(self._desk.rest_of(site) for site in sites)
        return Order(
            id=f"order-{tickets[0].number}",
            run=self._cluster.run,
            issued=datetime.now(UTC),
            seconds=1.5 * longest + 2 * rest,
            sites=sites,
            tasks=tuple(replace(ticket.task, id=ticket.number) for ticket in tickets),
            options=self.options,
            rules=self._local.rules_of({host(ticket.task.url) for ticket in tickets}),
        )

    def _release(self, flight: Flight) -> frozenset[float]:
        """Let the sites of an order rest, and then go to others."""
        now = asyncio.get_running_loop().time()
        rests = {site: flight.rests.get(site, self.options.delay) for site in flight.order.sites}
        self._desk.release({site: now + rest for site, rest in rests.items()}, now)
        return frozenset(rests.values())

    async def _here(self, flight: Flight) -> None:
        """Carry an order out on this machine."""
        order = flight.order
        fence = Fence(order.sites)
        async with aclosing(self._local.run(CrawlJob(order.id, order.tasks), fence.admits)) as reports:
            async for report in reports:
                if fence.touched(report.task):
                    self._lead(flight, report.task, fence.elsewhere[report.task], report.rest)
                else:
                    self._give(flight, report)

    async def _there(self, flight: Flight) -> None:
        """Have an order carried out by a station."""
        order = flight.order
        patience = order.seconds + order.options.timeout + _SLACK
        try:
            future = asyncio.wrap_future(self._cluster.submit(write_order(order)))
        except CrawlError:
            self._give_up(flight)
            return
        try:
            await asyncio.wait([future], timeout=patience)
        finally:
            answered = future.done()
            future.cancel()
        if not answered:
            self._again(flight, f"its station did not answer within {patience:.0f} s")
        elif future.cancelled():
            self._hold(flight, patience)
            self._give_up(flight)
        elif error := future.exception():
            self._again(flight, f"its station was lost: {type(error).__name__}: {error!s:.80}")
        else:
            await self._take(flight, future.result(), patience)

    async def _take(self, flight: Flight, content: bytes, patience: float) -> None:
        """Take in what came of an order."""
        try:
            brought = read_brought(content)
        except OtherVersion as version:
            self._again(flight, f"its station has Tumen {version}, this is {__version__}")
            return
        except (ValueError, KeyError, TypeError) as error:
            self._again(flight, f"its station answered what nobody can read: {error!r:.200}")
            return
        for rules in brought.rules:
            self._local.learn(rules)
        if brought.refusal:
            if brought.late:  # somebody else may have begun it
                self._hold(flight, patience)
            self._again(flight, f"{brought.station} refused it: {brought.refusal}")
            return
        reports = await asyncio.to_thread(put_files, brought, self.options.captures)
        for report in reports:
            self._give(flight, report)
        for number, sites in brought.elsewhere.items():
            self._lead(flight, number, sites, brought.rests.get(number, 0.0))
        for number, ticket in tuple(flight.open.items()):
            self._desk.note(ticket, brought.rests.get(number, 0.0), flight.order.seconds)
            self._lead(flight, number, (), brought.rests.get(number, 0.0))

    def _give(self, flight: Flight, report: CrawlReport) -> None:
        """A task has ended."""
        ticket = flight.close(report.task, report.rest)
        if ticket is not None:
            self._desk.note(ticket, report.rest, report.seconds)
            ticket.give(replace(report, task=ticket.task.id))

    def _lead(self, flight: Flight, number: str, sites: Iterable[str], rest: float) -> None:
        """A task is to be ordered again, with other sites as well."""
        ticket = flight.close(number, rest)
        if ticket is None:
            return
        self._desk.lead(ticket, sites)
        if ticket.turns > _MOST_TURNS:
            ticket.give(_failed(ticket, "redirects", f"it leads to more than {_MOST_TURNS} sites"))
        else:
            self._desk.put(ticket, first=True)

    def _hold(self, flight: Flight, patience: float) -> None:
        """Leave the sites of an order alone for as long as its station may be at work."""
        left = patience - (datetime.now(UTC) - flight.order.issued).total_seconds()
        flight.rests.update(dict.fromkeys(flight.order.sites, max(left, self.options.delay)))

    def _give_up(self, flight: Flight) -> None:
        """The cluster was lost, and no task is to blame."""
        self._cluster.lost()
        for ticket in flight.open.values():
            self._desk.put(ticket, first=True)
        flight.open.clear()

    def _again(self, flight: Flight, why: str) -> None:
        """An order was lost: what it had not brought is ordered again, or given up."""
        logger.warning(
            "%s of %d tasks is lost, and ordered again: %s", flight.order.id, len(flight.open), why
        )
        for ticket in flight.open.values():
            ticket.losses += 1
            if ticket.losses > _MOST_LOSSES:
                ticket.give(_failed(ticket, "worker_lost", f"given up for now: {why}"))
            else:
                self._desk.put(ticket, first=True)
        flight.open.clear()


def _failed(ticket: Ticket, reason: str, detail: str) -> CrawlReport:
    return CrawlReport(ticket.task.id, Outcome.FAILED, reason=reason, detail=detail, url=ticket.task.url)
