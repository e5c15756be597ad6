"""Articles about the port of Norwick, as many as are wanted: most state a figure of their own, and are told."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

from tests.system import town

if TYPE_CHECKING:
    from pathlib import Path

_ON_TOPIC = 0.8  # of all articles
_REPEATED = 0.1  # of these state nothing new
_LATE = 0.1  # were published long before they are found
_UNITS = ("dockers", "passengers")


@dataclass(frozen=True)
class Texts:
    """The articles of a history by number, from 0; the same for the same seed. The first is found at `begin`."""

    seed: str
    begin: datetime

    def found_at(self, number: int) -> datetime:
        """When the article is found, if nobody else says when: ten a second, so that no lease runs out meanwhile."""
        return self.begin + timedelta(seconds=number / 10)

    def piece(self, number: int, found_at: datetime | None = None) -> town.Piece:
        """The article of this number."""
        chance = random.Random(f"{self.seed} {number}")
        age = timedelta(hours=5) if chance.random() < _LATE else timedelta(minutes=5)
        published = ((found_at or self.found_at(number)) - age).replace(microsecond=0)
        if chance.random() > _ON_TOPIC:
            return town.Piece(f"{number}", *_bakery(number), published)
        development = chance.choice(list(town.REPORTS))
        title, lead = chance.choice(town.REPORTS[development])
        if chance.random() > _REPEATED:
            lead += f" That concerns {10 + number} {chance.choice(_UNITS)}, it is said in town."
        return town.Piece(f"{number}", title, lead, published, development)


class Newspaper:
    """A feed and its pages as files; whoever reads it is served by the world outside."""

    def __init__(self, folder: Path, at: str) -> None:
        self._folder = folder
        self._at = at
        self._items: list[str] = []
        folder.mkdir(parents=True)
        self._write_feed()

    @property
    def feed_url(self) -> str:
        """Where the feed is read."""
        return f"{self._at}/feed.xml"

    def publish(self, one: town.Piece) -> str:
        """Put an article on a page, and then into the feed; its address."""
        url = f"{self._at}/{one.name}.html"
        (self._folder / f"{one.name}.html").write_bytes(town.page(one))
        self._items.insert(
            0,
            f"<item><title>{one.title}</title><link>{url}</link>"
            f"<pubDate>{format_datetime(one.published)}</pubDate></item>",
        )
        self._write_feed()
        return url

    def _write_feed(self) -> None:
        new = self._folder / "new"
        new.write_bytes(town.feed("".join(self._items)).body)
        new.replace(self._folder / "feed.xml")


def _bakery(number: int) -> tuple[str, str]:
    other = town.other(number)
    return other.title, other.lead
