"""What all workers keep together towards a host: one request at a time, a rest after it, and its robots.txt."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from monitor.core.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from spiders.wire import Rules

logger = logging.getLogger("tumen.crawl")

_PLACES = 2000  # hosts whose rest is remembered, and whose robots.txt a worker is told when it comes
_LONGEST_TEXT = 64 * 1024  # characters of a robots.txt that is remembered; 99 % have less than a tenth
_TEXTS = 64 * 1024 * 1024  # characters of all that are remembered: those of some 50,000 hosts


@dataclass(slots=True)
class _Place:
    """A host: who is there, how long it rests after each request, and until when it does."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    rest: float = 0.0
    until: float = 0.0


class Manners:
    """Shared by the workers of one crawler.

    Args:
        rest: seconds that a host rests, as long as no worker said more of it.
        known: what robots.txt of hosts said before.
        keep: is told what they say now; it may raise StorageError.
    """

    def __init__(
        self, rest: float, known: Iterable[Rules] = (), keep: Callable[[Rules], None] = lambda _: None
    ) -> None:
        self._rest = rest
        self._places: dict[str, _Place] = {}
        self._rules = {rules.place: rules for rules in known}
        self._length = sum(len(rules.text) for rules in self._rules.values())
        self._keep = keep
        self._workers: list[Callable[[Rules], None]] = []

    def change(self, rest: float) -> None:
        """Let hosts of which no worker says more rest so long from now on."""
        self._rest = rest

    async def visit(self, host: str, go: Callable[[], bool], left: asyncio.Future[float]) -> None:
        """Wait for the host's turn, call `go`, and hold it until `left` says how many seconds the host is to rest.

        `go` says whether a request leaves. Whoever is cancelled was at the host for all we know, and it rests as it
        did before.
        """
        loop = asyncio.get_running_loop()
        place = self._place(host, loop.time())
        async with place.lock:
            await asyncio.sleep(place.until - loop.time())
            if left.done() or not go():
                return
            try:
                place.rest = await left
            finally:
                place.until = loop.time() + place.rest

    def join(self, tell: Callable[[Rules], None]) -> None:
        """A worker is there: it is told what is known, and what others learn."""
        for rules in tuple(self._rules.values())[-_PLACES:]:
            tell(rules)
        self._workers.append(tell)

    def part(self, tell: Callable[[Rules], None]) -> None:
        """A worker is gone."""
        self._workers.remove(tell)

    def rules_of(self, hosts: Collection[str]) -> tuple[Rules, ...]:
        """What is known of these hosts."""
        places = (f"{scheme}://{host}" for host in hosts for scheme in ("https", "http"))
        return tuple(self._rules[place] for place in places if place in self._rules)

    def learn(self, rules: Rules) -> None:
        """Somebody has read a robots.txt. What is known already is heard once."""
        if self._rules.get(rules.place) == rules:
            return
        for tell in self._workers:
            tell(rules)
        self._forget(rules.place)
        if len(rules.text) > _LONGEST_TEXT:
            return
        self._rules[rules.place] = rules
        self._length += len(rules.text)
        while self._length > _TEXTS:
            self._forget(next(iter(self._rules)))
        try:
            self._keep(rules)
        except StorageError as error:
            logger.warning("the robots.txt of %s is not kept, it will be asked again: %s", rules.place, error)

    def _forget(self, place: str) -> None:
        if (rules := self._rules.pop(place, None)) is not None:
            self._length -= len(rules.text)

    def _place(self, host: str, now: float) -> _Place:
        if host not in self._places and len(self._places) >= _PLACES:
            self._places = {
                name: place
                for name, place in self._places.items()
                if place.lock.locked() or place.until > now
            }
        return self._places.setdefault(host, _Place(rest=self._rest))


class Turns:
    """The turns that one worker has asked for."""

    def __init__(self, manners: Manners) -> None:
        self._manners = manners
        self._left: dict[int, asyncio.Future[float]] = {}
        self._visits: set[asyncio.Task[None]] = set()

    def ask(self, turn: int, host: str, go: Callable[[], bool]) -> None:
        """The worker waits until `go` is called."""
        left = self.refuse(turn)
        visit = asyncio.get_running_loop().create_task(self._manners.visit(host, go, left))
        self._visits.add(visit)
        visit.add_done_callback(self._visits.discard)

    def refuse(self, turn: int) -> asyncio.Future[float]:
        """The worker does not wait, and says all the same that it has left; the future in which it will."""
        left = self._left[turn] = asyncio.get_running_loop().create_future()
        return left

    def leave(self, turn: int, rest: float) -> None:
        """The worker's request has ended. Raises KeyError if it never asked."""
        self._left.pop(turn).set_result(rest)

    def end(self) -> None:
        """The worker is gone."""
        for visit in self._visits:
            visit.cancel()
