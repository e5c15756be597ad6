"""Asking robots.txt (RFC 9309), once an hour for each host and not once for each crawl."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from protego import Protego

from spiders.wire import Rules

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from spiders.fetch import Page

FRESH = timedelta(hours=1)  # for which an answer is believed
LAST_KNOWN = timedelta(hours=24)  # for which it is believed if the server cannot answer any more
LONGEST_DELAY = 300.0  # seconds between two requests; a host that asks for more gets this
_PARSED = 512 * 1024  # bytes; RFC 9309 asks for 500 KiB at least
_TOO_MANY_REQUESTS = 429


def utc_now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


class Robots:
    """What hosts allow us.

    Args:
        user_agent: its first word is the name that robots.txt may address.
        learned: is told what was read, so that it outlives this worker.
        clock: the time.
    """

    def __init__(
        self,
        user_agent: str,
        learned: Callable[[Rules], None] = lambda _: None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        found = re.match(r"[^/\s]+", user_agent)
        self._name = found[0] if found else "*"
        self._learned = learned
        self._clock = clock
        self._known: dict[str, Rules] = {}
        self._parsed: dict[str, Protego] = {}

    def learn(self, rules: Rules) -> None:
        """Take over what was read before, or by another worker."""
        known = self._known.get(rules.place)
        if known is None or known.read_at < rules.read_at:
            self._take(rules)

    async def allow(self, url: str, fetch: Callable[[str], Awaitable[Page]]) -> bool | None:
        """Whether the page may be fetched; None if the server failed to say and has not said for a day.

        `fetch` gets robots.txt if it is not known. Its errors pass through, unless the host said something within
        the last day.
        """
        place = _place(url)
        if not self._is_known(place, FRESH):
            try:
                page = await fetch(f"{place}/robots.txt")
            except Exception:
                if not self._is_known(place, LAST_KNOWN):
                    raise
            else:
                # A server that fails, or is asked too often, says nothing about what is allowed.
                if page.status < 500 and page.status != _TOO_MANY_REQUESTS:  # noqa: PLR2004
                    text = _text(page.body) if page.status < 300 else ""  # noqa: PLR2004  any other: there is none
                    rules = Rules(place, text, self._clock())
                    self._take(rules)
                    self._learned(rules)
                elif not self._is_known(place, LAST_KNOWN):
                    return None
        return bool(self._rules(place).can_fetch(url, self._name))

    def delay(self, url: str) -> float:
        """The seconds between two requests that the host asks for, however many; 0 if it did not, or is not known."""
        place = _place(url)
        if place not in self._known:
            return 0.0
        rules = self._rules(place)
        rate = rules.request_rate(self._name)
        asked = (rules.crawl_delay(self._name), rate and rate.seconds / max(1, rate.requests))
        return max(seconds or 0.0 for seconds in asked)

    def _take(self, rules: Rules) -> None:
        self._known[rules.place] = rules
        self._parsed.pop(rules.place, None)

    def _is_known(self, place: str, age: timedelta) -> bool:
        """Whether something is known that is at most so old. What a clock that was ahead has dated is not."""
        rules = self._known.get(place)
        return rules is not None and timedelta() <= self._clock() - rules.read_at <= age

    def _rules(self, place: str) -> Protego:
        if place not in self._parsed:
            self._parsed[place] = Protego.parse(self._known[place].text)
        return self._parsed[place]

    def sitemaps(self, url: str) -> tuple[str, ...]:
        """The sitemaps that the host's robots.txt names; none if it was not asked yet."""
        place = _place(url)
        return tuple(self._rules(place).sitemaps) if place in self._known else ()


def _place(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _text(body: bytes) -> str:
    return body[:_PARSED].decode("utf-8-sig", errors="replace")
