"""The newsroom as a process of its own: `python -m tests.bench.peers.serving OUTLETS ARTICLES LATENCY`.

Every outlet has an address of its own in 127.0.0.0/8, and one more address takes notifications. Each answer waits 2/3
to 4/3 of LATENCY (seconds). It prints a line of JSON when all are open, and answers each line of its input with one:
`counts`, `reset`, `papers`, `heard`, `publish OUTLET NUMBER`. It ends with its input. Moments are told by the
machine's monotonic clock.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
import logging
import socket
import sys
import time
import zlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import uvicorn

from tests.bench.peers.press import FEED, Outlet, Paper

_ROBOTS = b"User-agent: *\nDisallow: /search\nAllow: /\n"
_NET = 77  # the outlets are at 127.77.x.y


@dataclass
class Counts:
    """What was asked of the outlets, and what they sent. `bytes` are of bodies, as they went over the wire."""

    requests: int = 0
    bytes: int = 0
    feeds: int = 0
    unchanged: int = 0
    articles: set[str] = field(default_factory=set)
    missing: Counter[str] = field(default_factory=Counter)
    in_flight: Counter[str] = field(default_factory=Counter)
    most_in_flight: int = 0
    began: float = 0.0  # when the first was asked

    def told(self) -> dict[str, Any]:
        """As JSON takes it."""
        known = vars(self) | {"articles": len(self.articles)}
        del known["in_flight"]
        return known


@dataclass(frozen=True)
class Page:
    """What stands at an address, as it goes over the wire."""

    kind: str
    tag: str
    plain: bytes
    packed: bytes


class Newsroom:
    """An ASGI application: whoever is asked is told by the address that was called."""

    def __init__(self, outlets: dict[str, Outlet], latency: float) -> None:
        self.outlets, self._latency = outlets, latency
        self._pages: dict[tuple[str, str], Page] = {}
        self._papers: dict[tuple[str, str], tuple[Outlet, Paper]] = {}
        for outlet in outlets.values():
            self._pages[outlet.base, "/robots.txt"] = _page("text/plain", _ROBOTS)
            self.print(outlet)
        self.reset()

    def print(self, outlet: Outlet) -> None:
        """Take what the outlet shows now."""
        front = _page("text/html", outlet.front())
        self._pages[outlet.base, FEED] = _page("application/rss+xml", outlet.feed())
        self._pages |= {(outlet.base, path): front for path in outlet.fronts}
        self._papers |= {(outlet.base, article.path): (outlet, article) for article in outlet.articles}

    def print_articles(self) -> None:
        """Print all articles at once: else each is when it is first asked for."""
        for place in self._papers:
            self._find(*place)

    def reset(self) -> None:
        """Begin to count anew."""
        self.counts = Counts()
        self.heard: list[tuple[float, str]] = []

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Answer one request."""
        host, port = scope["server"]
        base = f"http://{host}:{port}"
        if base not in self.outlets:
            await self._listen(receive, send)
            return
        counts = self.counts
        counts.requests += 1
        counts.began = counts.began or time.monotonic()
        counts.in_flight[base] += 1
        counts.most_in_flight = max(counts.most_in_flight, counts.in_flight[base])
        chance = zlib.crc32(f"{base}{scope['path']} {counts.requests}".encode()) / 2**32
        await asyncio.sleep(self._latency * (2 + 2 * chance) / 3)
        counts.in_flight[base] -= 1
        await self._answer(base, scope, send, counts)

    async def _answer(self, base: str, scope: dict[str, Any], send: Any, counts: Counts) -> None:
        path, headers = scope["path"], dict(scope["headers"])
        page = self._find(base, path)
        counts.feeds += path == FEED
        if page is None:
            counts.missing[path] += 1
            await _send(send, 404, {"content-type": "text/html"}, b"<html><body>Not here</body></html>")
            return
        given = {"content-type": f"{page.kind}; charset=utf-8", "etag": page.tag, "vary": "Accept-Encoding"}
        if headers.get(b"if-none-match", b"").decode() == page.tag:
            counts.unchanged += path == FEED
            await _send(send, 304, given)
            return
        body = page.plain
        if b"gzip" in headers.get(b"accept-encoding", b""):
            body, given["content-encoding"] = page.packed, "gzip"
        if scope["method"] == "HEAD":
            await _send(send, 200, given | {"content-length": str(len(body))})
            return
        counts.bytes += len(body)
        if path.endswith(".html"):
            counts.articles.add(base + path)
        await _send(send, 200, given, body)

    def _find(self, base: str, path: str) -> Page | None:
        if (base, path) not in self._pages and (base, path) in self._papers:
            outlet, article = self._papers[base, path]
            self._pages[base, path] = _page("text/html", outlet.page(article))
        return self._pages.get((base, path))

    async def _listen(self, receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            event = await receive()
            body += event.get("body", b"")
            more = event.get("more_body", False)
        self.heard.append((time.monotonic(), body.decode("utf-8", "replace")))
        await _send(send, 200, {"content-type": "application/json"}, b"{}")


async def _send(send: Any, status: int, headers: dict[str, str], body: bytes = b"") -> None:
    length = {"content-length": str(len(body))} if body else {}
    named = [(name.encode(), value.encode()) for name, value in (headers | length).items()]
    await send({"type": "http.response.start", "status": status, "headers": named})
    await send({"type": "http.response.body", "body": body})


def _page(kind: str, body: bytes) -> Page:
    tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    return Page(kind, tag, body, gzip.compress(body, mtime=0))


def _opened(number: int) -> socket.socket:
    opened = socket.socket()
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    opened.bind((f"127.{_NET}.{number // 200}.{number % 200 + 1}", 0))
    return opened


def _base(opened: socket.socket) -> str:
    return "http://{}:{}".format(*opened.getsockname())


async def main(outlets: int, articles: int, latency: float) -> None:
    """Serve until the input ends."""
    doors = [_opened(number) for number in range(outlets + 1)]
    bases = [_base(door) for door in doors[:-1]]
    now = datetime.now(UTC).replace(microsecond=0)
    room = Newsroom({base: Outlet(at, base, articles, now) for at, base in enumerate(bases)}, latency)
    config = uvicorn.Config(room, log_level="error", access_log=False, lifespan="off", backlog=2048)
    server = uvicorn.Server(config)
    server.config.load()
    serving = asyncio.create_task(server.serve(sockets=doors))
    while not server.started:
        await asyncio.sleep(0.01)
    _say({"outlets": [(base, each.language) for base, each in room.outlets.items()], "ear": _base(doors[-1])})
    while line := await asyncio.to_thread(sys.stdin.readline):
        _say(_done(room, bases, *line.split()))
    server.should_exit = True
    await serving


def _done(room: Newsroom, bases: list[str], order: str, *rest: str) -> Any:
    match order:
        case "counts":
            return room.counts.told()
        case "reset":
            room.reset()
        case "heard":
            return room.heard
        case "papers":
            room.print_articles()
            return [
                {"url": base + article.path, "title": article.title, "text": article.text}
                for base in bases
                for article in room.outlets[base].articles
            ]
        case "publish":
            outlet = room.outlets[bases[int(rest[0])]]
            article = outlet.publish(int(rest[1]), datetime.now(UTC))
            room.print(outlet)
            return {"url": outlet.base + article.path, "title": article.title, "at": time.monotonic()}
    return None


def _say(what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
