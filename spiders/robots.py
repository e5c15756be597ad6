"""Asking robots.txt (RFC 9309), once an hour for each host and not once for each crawl."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from protego import Protego

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from spiders.fetch import Page

FRESH = 3600.0  # seconds for which an answer is believed
LAST_KNOWN = 24 * 3600.0  # seconds for which it is believed if the server cannot answer any more
_PARSED = 512 * 1024  # bytes; RFC 9309 asks for 500 KiB at least


@dataclass(frozen=True, slots=True)
class _Answer:
    rules: Protego | None  # None: everything is allowed
    at: float


class Robots:
    """What hosts allow us, remembered for as long as the worker lives.

    Args:
        user_agent: its first word is the name that robots.txt may address.
    """

    def __init__(self, user_agent: str) -> None:
        found = re.match(r"[^/\s]+", user_agent)
        self._name = found[0] if found else "*"
        self._answers: dict[str, _Answer] = {}

    async def allow(self, url: str, fetch: Callable[[str], Awaitable[Page]]) -> bool | None:
        """Whether the page may be fetched; None if the server failed to say and has not said for a day.

        `fetch` gets robots.txt if it is not known; its errors pass through.
        """
        place = _place(url)
        now = asyncio.get_running_loop().time()
        known = self._answers.get(place)
        if known is None or now - known.at > FRESH:
            page = await fetch(f"{place}/robots.txt")
            if page.status < 500:  # noqa: PLR2004  a server error, which says nothing about what is allowed
                rules = _rules(page.body) if page.status < 300 else None  # noqa: PLR2004  any other: there is none
                known = self._answers[place] = _Answer(rules, now)
            elif known is None or now - known.at > LAST_KNOWN:
                return None
        return known.rules is None or bool(known.rules.can_fetch(url, self._name))

    def sitemaps(self, url: str) -> tuple[str, ...]:
        """The sitemaps that the host's robots.txt names; none if it was not asked yet."""
        known = self._answers.get(_place(url))
        return tuple(known.rules.sitemaps) if known is not None and known.rules is not None else ()


def _place(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _rules(body: bytes) -> Protego:
    return Protego.parse(body[:_PARSED].decode("utf-8-sig", errors="replace"))
