"""What a hundred papers publish in the course of virtual hours, and what their servers answer.

The same for the same numbers, so that the crawl worker, which plays the servers, and whoever judges know the same.
"""

from __future__ import annotations

import json
import random
import shutil
from bisect import bisect_right
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import yaml

from tests.system import desk, town

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FOLDER = "LC_TUMEN_SOAK"  # names the folder to workers, which get little of their parent's environment
BEGIN = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
CYCLE = timedelta(hours=1)
QUIET = 5  # cycles at the end in which nothing is published, so that what failed is looked at once more
_EACH = 2  # cycles, in which something on topic and as many other articles are published
_KNOWN = (
    400  # cycles, after which names and figures come again: so long nothing is remembered of a development
)
_LISTED = 15  # articles of a feed
_SYLLABLES = (
    "Bal Dor Fen Gra Hol Kar Lum Mer Nor Tar",
    "ba de fi go hu ka le mi no ru",
    "beck dale ford ham ley mouth stead ton wick worth",
)
_FAILS = 50  # of so many looks at a source one fails
_BEFORE = timedelta(minutes=10)  # that an article is older than the look that may find it


def begin(folder: Path, cycle: int) -> None:
    """Let a cycle begin, for whoever asks by `current`."""
    new = folder / "cycle.new"
    new.write_text(f"{cycle}", encoding="ascii")
    new.replace(folder / "cycle")


def current(folder: Path) -> int:
    """Which cycle it is."""
    return int((folder / "cycle").read_text(encoding="ascii"))


def town_of(number: int) -> str:
    """The name of a town, none like another."""
    return "".join(part.split()[number // 10**at % 10] for at, part in enumerate(_SYLLABLES))


def write_pack(folder: Path, towns: int = _KNOWN) -> Path:
    """The topic of the whole program's tests, which knows so many towns besides; its folder."""
    pack = shutil.copytree(desk.PACK, folder / "pack")
    names = [town_of(number) for number in range(towns)]
    known = {
        name.lower(): {"kind": "place", "label": {"en": name}, "names": {"en": [name]}} for name in names
    }
    (pack / "concepts" / "towns.yaml").write_text(yaml.safe_dump(known), encoding="utf-8")
    return pack


def piece(number: int, published: datetime, towns: int = _KNOWN) -> town.Piece:
    """The article of this number. One on topic states figures that none of so many others states."""
    known = number % towns
    if number % _EACH:
        other = town.other(known)
        return town.Piece(f"{number}", other.title, other.lead, published)
    development = list(town.REPORTS)[number // _EACH % len(town.REPORTS)]
    title, _ = town.REPORTS[development][0]
    place, dockers = town_of(known), round(10 ** random.Random(known).uniform(2, 6))
    said = f"It concerns {dockers:,} dockers, as is said in {place}. Nobody in {place} knows more."
    return town.Piece(f"{number}", f"{place}: {title}", said, published, development)


@dataclass(frozen=True)
class Press:
    """So many papers over so many cycles; numbers begin with 0."""

    sources: int
    cycles: int

    def save(self, folder: Path) -> None:
        """Leave it for a worker to read."""
        (folder / "press.json").write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def of(cls, folder: Path) -> Press:
        """That which was left there."""
        return cls(**json.loads((folder / "press.json").read_text(encoding="utf-8")))

    def host(self, source: int) -> str:
        """Where a paper is read."""
        return f"paper-{source}.example"

    def declarations(self) -> list[dict[str, object]]:
        """The papers as the configuration declares them."""
        return [
            town.declaration(f"paper-{source}", f"http://{self.host(source)}/feed.xml")
            for source in range(self.sources)
        ]

    def on_topic(self) -> list[town.Piece]:
        """Everything that must be told, in the order of its publication."""
        return [piece for number in self._numbers() if (piece := self.piece(number)).development]

    def piece(self, number: int) -> town.Piece:
        """The article of this number."""
        return piece(number, BEGIN + number * CYCLE - _BEFORE)

    def source_of(self, number: int) -> int:
        """Which paper an article is in."""
        return number * 37 % self.sources

    def answer(self, host: str, path: str, headers: Mapping[str, str], cycle: int) -> tuple[int, str, bytes]:
        """Status, validator and body of what a server answers in a cycle."""
        source = int(host.removeprefix("paper-").removesuffix(".example"))
        if path == "/robots.txt":
            return 404, "", b""
        if path == "/feed.xml":
            return self._feed(source, headers.get("if-none-match", ""), cycle)
        number = int(path.strip("/").removesuffix(".html"))
        tag = f'"{number}"'
        if headers.get("if-none-match") == tag:
            return 304, tag, b""
        return 200, tag, town.page(self.piece(number))

    def _feed(self, source: int, known: str, cycle: int) -> tuple[int, str, bytes]:
        if (source + 7 * cycle) % _FAILS == 0:
            return 503, "", b""
        published = self._published(source)
        count = bisect_right(published, cycle)
        tag = f'"{count}"'
        if known == tag:
            return 304, tag, b""
        items = "".join(
            self._item(source, number) for number in reversed(published[max(0, count - _LISTED) : count])
        )
        return 200, tag, town.feed(items + _OLD % (self.host(source),)).body

    def _item(self, source: int, number: int) -> str:
        one = self.piece(number)
        return (
            f"<item><title>{one.title}</title><link>http://{self.host(source)}/{number}.html</link>"
            f"<pubDate>{format_datetime(one.published)}</pubDate></item>"
        )

    def _published(self, source: int) -> list[int]:
        """The numbers of a paper's articles."""
        found = _in_paper.get((self, source))
        if found is None:
            found = [number for number in self._numbers() if self.source_of(number) == source]
            _in_paper[self, source] = found
        return found

    def _numbers(self) -> range:
        """One for each cycle in which something is published. At the first look nothing is new yet."""
        return range(1, self.cycles - QUIET)


_in_paper: dict[tuple[Press, int], list[int]] = {}
_OLD = (
    "<item><title>A day at the sea</title><link>http://%s/0.html</link>"
    "<pubDate>Sat, 28 Feb 2026 09:00:00 GMT</pubDate></item>"
)
