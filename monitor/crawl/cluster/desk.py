"""Which tasks may go into an order, so that a site is asked by one station at a time. Pure: no process, no clock.

A site is what one owner registered (`spiders.items.site_of`). A task that is known to be led to other sites wants all
of them at once, or waits: so nobody holds one while waiting for another. Whoever has waited for longer is not
overtaken by others who want the same site.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from spiders.items import Look, host, site_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from monitor.core.errors import CrawlError
    from spiders.items import CrawlReport, Discover, Read

OnTheWeb: TypeAlias = "Look | Discover | Read"
"""A task that asks a server; a file is read where it lies."""

T = TypeVar("T")
_REMEMBERED = 2000  # addresses that lead elsewhere, and slow sites
_LONG_REST = 5.0  # seconds between two requests; a site that wants more is not waited for by others
_LONG_TASK = 15.0  # seconds; the same of a site whose last task took longer


@dataclass(eq=False, slots=True)
class Ticket:
    """A task that waits for an order, or is in one.

    Attributes:
        number: names it in orders, since jobs may use the same ids.
        task: what to do.
        give: takes its report, or why there is none.
        sites: all of which it wants.
        losses: how often an order was lost with it.
        turns: how often it was led elsewhere.
    """

    number: str
    task: OnTheWeb
    give: Callable[[CrawlReport | CrawlError], None]
    sites: frozenset[str]
    losses: int = 0
    turns: int = 0


class Desk:
    """Tickets that wait, and the sites that are taken.

    Args:
        per_site: tasks of a site in one order, so that one with many pages keeps no others waiting.
    """

    def __init__(self, per_site: int = 3) -> None:
        self._per_site = per_site
        self._waiting: dict[str, Ticket] = {}
        self._taken: set[str] = set()
        self._free_at: dict[str, float] = {}
        self._slow: dict[str, float] = {}  # how long they rest
        self._leads: dict[str, frozenset[str]] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def sites_of(self, task: OnTheWeb) -> frozenset[str]:
        """The sites that a task is known to lead to."""
        return self._leads.get(_key(task), frozenset()) | {site_of(host(task.url))}

    def put(self, ticket: Ticket, *, first: bool = False) -> None:
        """Have a ticket wait, before all others if it waited already."""
        if first:
            self._waiting = {ticket.number: ticket} | self._waiting
        else:
            self._waiting[ticket.number] = ticket

    def withdraw(self, number: str) -> None:
        """Nobody wants a ticket any more. One that is in an order stays there."""
        self._waiting.pop(number, None)

    def clear(self) -> tuple[Ticket, ...]:
        """All tickets that wait; none waits any more."""
        waiting = tuple(self._waiting.values())
        self._waiting.clear()
        return waiting

    def next(self, now: float, most: int) -> tuple[Ticket, ...]:
        """Tickets for one order, whose sites are taken now; none if nothing may go.

        Slow sites have orders of their own, and so has what was lost more than once, which may be the cause.
        """
        chosen: list[Ticket] = []
        many: Counter[str] = Counter()
        for ticket, is_slow in self._ready(now, many):
            is_alone = ticket.losses > 1
            if chosen and (is_alone or is_slow != self._is_slow(chosen[0])):
                continue
            if max(many[site] for site in ticket.sites) >= (1 if is_slow else self._per_site):
                continue
            chosen.append(ticket)
            many.update(ticket.sites)
            if is_alone or len(chosen) >= most:
                break
        self._taken.update(many)
        for ticket in chosen:
            del self._waiting[ticket.number]
        return tuple(chosen)

    def release(self, until: Mapping[str, float], now: float) -> None:
        """An order has ended: nobody asks its sites until these moments."""
        if len(self._free_at) > _REMEMBERED:
            self._free_at = {site: at for site, at in self._free_at.items() if at > now}
        self._taken.difference_update(until)
        self._free_at.update(until)

    def rest_of(self, site: str) -> float:
        """Seconds that a slow site is known to rest between two requests, 0 for others."""
        return self._slow.get(site, 0.0)

    def note(self, ticket: Ticket, rest: float, seconds: float) -> None:
        """How long a site rests, and how long its task took."""
        for site in ticket.sites:
            self._slow.pop(site, None)
            if rest > _LONG_REST or seconds > _LONG_TASK:
                _remember(self._slow, site, rest)

    def lead(self, ticket: Ticket, sites: Iterable[str]) -> None:
        """A task leads to more sites than were known; that is remembered for the next of its kind."""
        ticket.sites |= frozenset(sites)
        ticket.turns += 1
        _remember(self._leads, _key(ticket.task), ticket.sites)

    def _ready(self, now: float, many: Mapping[str, int]) -> Iterator[tuple[Ticket, bool]]:
        """The tickets whose sites are free or in the order already, and that overtake nobody."""
        passed: set[str] = set()
        for ticket in self._waiting.values():
            if all(
                site in many or (site not in passed and self._is_free(site, now)) for site in ticket.sites
            ):
                yield ticket, self._is_slow(ticket)
            else:
                passed |= ticket.sites

    def _is_free(self, site: str, now: float) -> bool:
        return site not in self._taken and self._free_at.get(site, now) <= now

    def _is_slow(self, ticket: Ticket) -> bool:
        return any(site in self._slow for site in ticket.sites)


def _key(task: OnTheWeb) -> str:
    """What leads elsewhere again: a source's address, and any page of a host."""
    return task.url if isinstance(task, Look) else host(task.url)


def _remember(where: dict[str, T], key: str, value: T) -> None:
    where.pop(key, None)
    where[key] = value
    if len(where) > _REMEMBERED:
        del where[next(iter(where))]
