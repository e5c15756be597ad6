"""A town with a few newspapers: small web servers whose feeds and pages a test fills as it likes."""

from __future__ import annotations

import random
import socket
import threading
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from typing import TYPE_CHECKING, Self

from tests.crawl.site import Reply, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

# Two wordings of each development, title and lead, as two papers would have them.
REPORTS = {
    "strike": (
        (
            "Strike stops the port of Norwick",
            "A strike of 1,200 dockers has halted all work in the port of Norwick.",
        ),
        ("Walkout at Norwick harbour", "Nothing moves: 1,200 dockers joined a walkout over pay on Monday."),
    ),
    "ferry": (
        (
            "Ferry aground off the port of Norwick",
            "A ferry with 340 passengers ran onto a sandbank in thick fog.",
        ),
        (
            "Fog puts ferry on a bank at Norwick harbour",
            "All 340 passengers are safe, the ferry company says.",
        ),
    ),
    "crane": (
        (
            "Crane collapses in the port of Norwick",
            "A crane fell across two berths in a squall; nobody was under it.",
        ),
        ("Norwick harbour loses its oldest crane", "The crane of 1931 came down in the wind before dawn."),
    ),
    "fire": (
        ("Fire in a shed of the port of Norwick", "Flames destroyed a timber shed; the fire is out by now."),
        ("Blaze at Norwick harbour", "A blaze that began in a timber shed was put out after four hours."),
    ),
    "dredger": (
        (
            "Dredger begins work in the port of Norwick",
            "A dredger deepens the fairway by two metres until spring.",
        ),
        (
            "Norwick harbour to be deeper",
            "Dredging of the fairway has begun, and a second dredger is on its way.",
        ),
    ),
    "smuggling": (
        (
            "Smugglers caught in the port of Norwick",
            "Customs found cigarettes of smugglers in a load of tiles.",
        ),
        (
            "Tiles hid cigarettes at Norwick harbour",
            "A smuggling ring was broken up by customs at the weekend.",
        ),
    ),
    "lighthouse": (
        (
            "Lighthouse of the port of Norwick goes dark",
            "The lighthouse is switched off for good after 160 years.",
        ),
        (
            "Norwick harbour says goodbye to its light",
            "The old lighthouse was lit for the last time on Sunday.",
        ),
    ),
    "sale": (
        (
            "The port of Norwick is for sale",
            "The council looks for a buyer; the sale is to be closed within a year.",
        ),
        (
            "Norwick harbour wanted: a buyer",
            "A sale of all quays was agreed by the council on Thursday evening.",
        ),
    ),
}
_FILLING = """the harbour master says that nobody knows how long this will take while people on shore wait for news
from quays and offices where lights burn until late and telephones ring without an answer because those who could give
one sit together behind closed doors talking about money weather tides rules neighbours and what comes after winter"""


@dataclass(frozen=True)
class Piece:
    """An article. `development` is None if it is not on topic; `in_feed` says whether its feed gives its time."""

    name: str
    title: str
    lead: str
    published: datetime
    development: str | None = None
    in_feed: bool = True


def ago(**period: float) -> datetime:
    """A whole second in the past, in UTC: `ago(hours=2)`."""
    return datetime.now(UTC).replace(microsecond=0) - timedelta(**period)


def report(development: str, wording: int = 0, at: datetime | None = None, **more) -> Piece:
    """An article about a development, published five minutes ago unless said otherwise."""
    title, lead = REPORTS[development][wording]
    name = more.pop("name", f"{development}-{wording}")
    return Piece(name, title, lead, at or ago(minutes=5), development, **more)


def other(number: int, at: datetime | None = None) -> Piece:
    """An article about nothing of interest."""
    return Piece(
        f"other-{number}",
        f"Bakery number {number} opens",
        f"The {number}th bakery of the town sells rye bread and poppy seed rolls.",
        at or ago(minutes=5),
    )


class Paper:
    """One outlet: a feed at /feed and its pages."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.pieces: list[Piece] = []
        self.site = Site()
        self.site.put("/feed", lambda _: self._feed())

    def publish(self, *pieces: Piece) -> None:
        """Put the articles onto pages and then, newest first as given, into the feed."""
        for one in pieces:
            html = {"Content-Type": "text/html; charset=utf-8"}
            self.site.put(f"/{one.name}.html", Reply(page(one), headers=html))
        self.pieces = [*pieces, *self.pieces]

    def url(self, one: Piece) -> str:
        return self.site.url(f"/{one.name}.html")

    @property
    def source(self) -> dict[str, object]:
        """Its declaration in the configuration."""
        return declaration(self.name, self.site.url("/feed"))

    def _feed(self) -> Reply:
        items = "".join(
            f"<item><title>{escape(one.title)}</title><link>{self.url(one)}</link>"
            + (f"<pubDate>{format_datetime(one.published)}</pubDate>" if one.in_feed else "")
            + "</item>"
            for one in self.pieces
        )
        return feed(items)


class Town:
    """All papers of a test."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self.papers: list[Paper] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def paper(self, name: str, *pieces: Piece) -> Paper:
        """Found a paper with these articles."""
        one = Paper(name)
        self._stack.callback(one.site.close)
        one.publish(*pieces)
        self.papers.append(one)
        return one

    @property
    def pieces(self) -> dict[str, Piece]:
        """Every article that was published, by address."""
        return {paper.url(one): one for paper in self.papers for one in paper.pieces}

    @property
    def developments(self) -> dict[str, frozenset[str]]:
        """The addresses of the articles on topic, by development."""
        named = {one.development for one in self.pieces.values() if one.development}
        return {
            name: frozenset(url for url, one in self.pieces.items() if one.development == name)
            for name in named
        }

    def asked(self) -> int:
        """How many requests have been answered."""
        return sum(len(paper.site.hits) for paper in self.papers)


def small_town(town: Town) -> Town:
    """Three papers, eight articles about four developments and two other things, published minutes ago."""
    town.paper("courier", report("strike"), report("ferry", 1), other(1))
    town.paper("gazette", report("strike", 1), report("crane"))
    town.paper("herald", report("fire"), report("ferry"), other(2))
    return town


class Door:
    """A port that refuses everybody until it is opened, and then leads to another port."""

    def __init__(self, to: int) -> None:
        self._to = to
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))  # bound and not listening: nobody else gets it, and it refuses
        self._ends: list[socket.socket] = []
        self.port: int = self._socket.getsockname()[1]

    def open(self) -> None:
        self._socket.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        self._socket.close()
        for end in self._ends:
            end.close()

    def _serve(self) -> None:
        for here in self._callers():
            there = socket.create_connection(("127.0.0.1", self._to))
            self._ends += [here, there]
            for pair in ((here, there), (there, here)):
                threading.Thread(target=_pump, args=pair, daemon=True).start()

    def _callers(self) -> Iterator[socket.socket]:
        with suppress(OSError):
            while True:
                yield self._socket.accept()[0]


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


def declaration(name: str, url: str) -> dict[str, object]:
    """A feed as the configuration declares it."""
    return {"name": name, "title": name.title(), "url": url, "kind": "feed", "language": "en", "weight": 5}


def feed(items: str) -> Reply:
    text = f'<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>{items}</channel></rss>'
    return Reply(text.encode(), headers={"Content-Type": "application/rss+xml"})


def page(one: Piece) -> bytes:
    text = "".join(f"<p>{escape(part)}</p>" for part in (one.lead, *_filling(one.name)))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(one.title)}</title>'
        f'<meta property="article:published_time" content="{one.published.isoformat()}"></head>'
        f"<body><article><h1>{escape(one.title)}</h1>{text}</article></body></html>"
    ).encode()


def _filling(name: str) -> Iterator[str]:
    """Paragraphs that say nothing; each article's own, or all would be copies of one text."""
    chance = random.Random(name)
    for _ in range(3):
        sentences = (" ".join(chance.choices(_FILLING.split(), k=14)).capitalize() for _ in range(4))
        yield ". ".join(sentences) + "."
