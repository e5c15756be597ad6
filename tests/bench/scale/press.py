"""What the papers of the cluster's newsroom publish, and when: the same for their servers and for whoever judges."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache

from tests.soak.press import piece
from tests.system import town

TOWNS = 1000  # as many articles can be told apart: each is about a town of its own
_STRIDE = 7919  # a prime, so that neighbours in time are no neighbours in their papers
_OLD = "<item><title>A day at the sea</title><link>%s/old.html</link><pubDate>%s</pubDate></item>"
_BEFORE = timedelta(
    hours=30
)  # too old to be told at a first look, too new for a paper that has fallen silent


@dataclass(frozen=True)
class Press:
    """So many papers, and so many articles one after another in the course of `seconds`.

    Papers and articles have numbers from 0; `begin` is Unix time. Every second article is on topic, and each of these
    is a development of its own.
    """

    sources: int
    articles: int
    begin: float
    seconds: float

    def __post_init__(self) -> None:
        if self.articles > TOWNS:
            raise ValueError(f"at most {TOWNS} articles can be told apart")

    @property
    def ends(self) -> float:
        """When all is published."""
        return self.begin + self.seconds

    @property
    def on_topic(self) -> frozenset[int]:
        """The articles that must be told."""
        return frozenset(number for number in range(self.articles) if self.piece(number).development)

    def source_of(self, number: int) -> int:
        """Which paper an article is in."""
        return number * _STRIDE % self.sources

    def piece(self, number: int) -> town.Piece:
        """The article of this number."""
        return piece(number, self._moment(number), TOWNS)

    def feed(self, source: int, address: str, now: float) -> tuple[str, bytes]:
        """The validator and the text of a paper's feed; `address` is where the paper stands, `http://…`."""
        numbers = _in_papers(self).get(source, [])
        count = bisect_right(numbers, now, key=self._at)
        items = "".join(self._item(address, number) for number in reversed(numbers[:count]))
        old = _OLD % (address, format_datetime(self._moment(0) - _BEFORE))
        return f'"{count}"', town.feed(items + old).body

    def page(self, source: int, number: int, now: float) -> bytes | None:
        """The page of an article, None if the paper has none of this number, or not yet."""
        is_there = number < self.articles and self.source_of(number) == source and self._at(number) <= now
        return town.page(self.piece(number)) if is_there else None

    def _at(self, number: int) -> float:
        return self.begin + self.seconds * number / max(1, self.articles)

    def _moment(self, number: int) -> datetime:
        return datetime.fromtimestamp(self._at(number), UTC)

    def _item(self, address: str, number: int) -> str:
        one = self.piece(number)
        return (
            f"<item><title>{one.title}</title><link>{address}/{number}.html</link>"
            f"<pubDate>{format_datetime(one.published)}</pubDate></item>"
        )


@cache
def _in_papers(press: Press) -> dict[int, list[int]]:
    """The numbers of each paper's articles, in the order of their publication."""
    found: dict[int, list[int]] = {}
    for number in range(press.articles):
        found.setdefault(press.source_of(number), []).append(number)
    return found
