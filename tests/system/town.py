"""A town with a few newspapers: small web servers whose feeds and pages a test fills as it likes."""

from __future__ import annotations

import socket
import threading
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from typing import TYPE_CHECKING, Self

from monitor.demo.script import load
from tests.crawl.site import Reply, Site

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True)
class Piece:
    """An article. `development` is None if it is not on topic; `in_feed` says whether its feed gives its time."""

    name: str
    title: str
    text: str
    language: str
    published: datetime
    development: str | None = None
    in_feed: bool = True

    def __str__(self) -> str:
        return self.name


def piece(name: str, ago: timedelta = timedelta(minutes=5), **more) -> Piece:
    """An article of the demonstration, published some time ago."""
    one = next(article for article in load() if article.id == name)
    at = datetime.now(UTC).replace(microsecond=0) - ago
    found = Piece(one.id, one.title, one.text, one.language, at, one.development)
    return replace(found, **more)


class Paper:
    """One outlet: a feed at /feed and its pages."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.pieces: list[Piece] = []
        self.site = Site()
        self.site.put("/feed", lambda _: self._feed())

    def publish(self, *pieces: Piece) -> None:
        for one in pieces:
            self.site.put(
                f"/{one.name}.html", Reply(_page(one), headers={"Content-Type": "text/html; charset=utf-8"})
            )
        self.pieces = [*pieces, *self.pieces]

    def url(self, one: Piece) -> str:
        return self.site.url(f"/{one.name}.html")

    def source(self, **more) -> dict[str, object]:
        """Its declaration in the configuration."""
        declared = {"name": self.name, "title": self.name.title(), "url": self.site.url("/feed")}
        return {**declared, "kind": "feed", "weight": 5, **more}

    def _feed(self) -> Reply:
        items = "".join(
            f"<item><title>{escape(one.title)}</title><link>{self.url(one)}</link>"
            + (f"<pubDate>{format_datetime(one.published)}</pubDate>" if one.in_feed else "")
            + "</item>"
            for one in self.pieces
        )
        text = f'<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>{items}</channel></rss>'
        return Reply(text.encode(), headers={"Content-Type": "application/rss+xml"})


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
    """Three papers, eight articles about three developments and two other things, published minutes ago."""
    town.paper("hangang", piece("troops-ko-first"), piece("noise-ko-baseball"), piece("workers-ko-copy"))
    town.paper("minato", piece("shells-ja-first"), piece("troops-ja-copy"))
    town.paper("meridian", piece("shells-en-copy"), piece("miss-en-missile"), piece("troops-uk-twelve"))
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


def hosts(declared: list[Mapping[str, object]]) -> list[str]:
    """The hosts of declared sources, as `crawl: allow_private` wants them."""
    return [str(source["url"]).split("/")[2] for source in declared]


def _page(one: Piece) -> bytes:
    paragraphs = "".join(f"<p>{escape(part)}</p>" for part in one.text.split("\n\n"))
    return (
        f'<!doctype html><html lang="{one.language}"><head><meta charset="utf-8"><title>{escape(one.title)}</title>'
        f'<meta property="article:published_time" content="{one.published.isoformat()}"></head>'
        f"<body><article><h1>{escape(one.title)}</h1>{paragraphs}</article></body></html>"
    ).encode()
