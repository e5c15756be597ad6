"""The newsroom of the cluster: many papers in one process, each a host of its own, that answer after a while.

`python -m tests.bench.scale.hosts PRESS LATENCY CONTACT` prints where it listens as a line of JSON, and serves until
it is ended. It costs little, so that it does not slow down those who ask, and notes every request of whoever gives
this contact: when it came, and when it was answered or its client was gone. A port of its own takes messages
(`POST /told`) and says what was seen.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from contextlib import closing
from dataclasses import asdict
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any, Self
from uuid import uuid4

from tests.bench.processes import Program
from tests.bench.scale.press import Press
from tests.bench.scale.visits import Visit
from tests.system.town import declaration

if TYPE_CHECKING:
    from pathlib import Path

HOST = "127.0.0.1"
_HTML, _RSS, _JSON = "text/html; charset=utf-8", "application/rss+xml", "application/json"
_OK, _UNCHANGED, _MISSING = "200 OK", "304 Not Modified", "404 Not Found"
_BACKLOG = 64
_LATEST = 1000  # requests among which are all that wait


class Newsroom:
    """The process of the newsroom, from entering the context to leaving it."""

    def __init__(self, press: Press, latency: float, folder: Path) -> None:
        self.press = press
        self.contact = f"{uuid4().hex}@example.org"  # what whoever is to be answered says of itself
        self._said = folder / "newsroom.txt"
        given = (json.dumps(asdict(press)), str(latency), self.contact)
        self.program = Program((sys.executable, "-m", "tests.bench.scale.hosts", *given), self._said)

    def __enter__(self) -> Self:
        self._said.unlink(missing_ok=True)
        self.program.__enter__()
        self.program.wait_until(lambda: self._said.read_bytes().endswith(b"\n"))
        where = json.loads(self._said.read_text(encoding="utf-8"))
        self.ports: list[int] = where["ports"]
        self._door: int = where["door"]
        return self

    def __exit__(self, *what: object) -> None:
        self.program.__exit__(*what)

    @property
    def channel(self) -> str:
        """The address that messages are posted to."""
        return f"webhook://{HOST}:{self._door}/told"

    @property
    def sources(self) -> list[dict[str, object]]:
        """The papers as a configuration declares them."""
        return [
            declaration(f"paper-{number}", f"http://{HOST}:{port}/feed.xml")
            for number, port in enumerate(self.ports)
        ]

    def url(self, number: int) -> str:
        """Where an article stands."""
        return f"http://{HOST}:{self.ports[self.press.source_of(number)]}/{number}.html"

    def visits(self) -> list[Visit]:
        """All requests so far, in the order in which they came; robots.txt included."""
        return [Visit(*one) for one in self._ask("/visits")]

    def waiting(self) -> int:
        """How many requests wait for their answer now."""
        found: int = self._ask("/waiting")
        return found

    def messages(self) -> list[dict[str, Any]]:
        """What was posted, in the order in which it came."""
        found: list[dict[str, Any]] = self._ask("/messages")
        return found

    def _ask(self, path: str) -> Any:
        with closing(HTTPConnection(HOST, self._door, timeout=30)) as connection:
            connection.request("GET", path)
            return json.load(connection.getresponse())


class Desk:
    """What is answered, and what is noted of it."""

    def __init__(self, press: Press, latency: float, contact: str) -> None:
        self.latency = latency
        self.visits: list[Visit] = []
        self._press = press
        self._contact = contact
        self._messages: list[Any] = []

    def knows(self, head: list[str]) -> bool:
        """Whether a request is from whoever is watched: other programs on this machine try ports, too."""
        return self._contact in _field(head, "user-agent")

    def answer(self, place: int | None, head: list[str], port: int, body: bytes) -> bytes:
        """What a paper, or with None the newsroom itself, answers."""
        path = head[0].split(" ")[1]
        if place is None:
            return self._talk(path, body)
        now = time.time()
        if path == "/feed.xml":
            tag, text = self._press.feed(place, f"http://{HOST}:{port}", now)
            return _reply(_UNCHANGED, tag=tag) if _asks(head, tag) else _reply(_OK, _RSS, text, tag)
        name = path.strip("/").removesuffix(".html")
        page = self._press.page(place, int(name), now) if name.isdigit() else None
        if page is None:
            return _reply(_MISSING)
        tag = f'"{name}"'
        return _reply(_UNCHANGED, tag=tag) if _asks(head, tag) else _reply(_OK, _HTML, page, tag)

    def _talk(self, path: str, body: bytes) -> bytes:
        if path == "/told":
            self._messages.append(json.loads(body))
            return _reply(_OK)
        known = {
            "/visits": lambda: [one.as_list() for one in self.visits],
            "/waiting": lambda: sum(one.ended is None for one in self.visits[-_LATEST:]),
            "/messages": lambda: self._messages,
        }
        return _reply(_OK, _JSON, json.dumps(known[path]()).encode()) if path in known else _reply(_MISSING)


class Connection(asyncio.Protocol):
    """One client: its requests are answered one after another."""

    def __init__(self, desk: Desk, place: int | None) -> None:
        self._desk = desk
        self._place = place
        self._held = b""
        self._visit: Visit | None = None
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._port: int = transport.get_extra_info("sockname")[1]

    def data_received(self, data: bytes) -> None:
        self._held += data
        self._hear()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._timer:
            self._timer.cancel()
        if self._visit:
            self._visit.ended, self._visit.torn = time.monotonic(), True

    def _hear(self) -> None:
        """Take the next request, if it is whole and the last one is answered."""
        raw, end, rest = self._held.partition(b"\r\n\r\n")
        if self._timer or not end:
            return
        head = raw.decode("latin-1").split("\r\n")
        length = int(_field(head, "content-length") or 0)
        if len(rest) < length:
            return
        body, self._held = rest[:length], rest[length:]
        path, latency = head[0].split(" ")[1], 0.0
        if self._place is not None:
            if not self._desk.knows(head):
                self._transport.close()
                return
            known = bool(_field(head, "if-none-match"))
            self._visit = Visit(self._place, path, time.monotonic(), known=known)
            self._desk.visits.append(self._visit)
            latency = 0.0 if path == "/robots.txt" else self._desk.latency  # as if it were cached near by
        self._timer = asyncio.get_running_loop().call_later(latency, self._answer, head, body)

    def _answer(self, head: list[str], body: bytes) -> None:
        if self._visit:
            self._visit.ended = time.monotonic()
        self._timer = self._visit = None
        self._transport.write(self._desk.answer(self._place, head, self._port, body))
        self._hear()


def _field(head: list[str], name: str) -> str:
    """A header of a request, by its name in small letters."""
    found = (line.partition(":")[2].strip() for line in head[1:] if line.lower().startswith(f"{name}:"))
    return next(found, "")


def _asks(head: list[str], tag: str) -> bool:
    return _field(head, "if-none-match") == tag


def _reply(status: str, kind: str = "", body: bytes = b"", tag: str = "") -> bytes:
    lines = [f"HTTP/1.1 {status}"]
    lines += [f"Content-Type: {kind}"] * bool(kind) + [f"ETag: {tag}"] * bool(tag)
    if status != _UNCHANGED:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


async def serve(press: Press, latency: float, contact: str) -> None:
    """Listen for all papers and at the newsroom's own door, and say where."""
    desk, loop = Desk(press, latency, contact), asyncio.get_running_loop()

    async def listen(place: int | None) -> int:
        server = await loop.create_server(lambda: Connection(desk, place), HOST, 0, backlog=_BACKLOG)
        port: int = server.sockets[0].getsockname()[1]
        return port

    where = {"ports": [await listen(place) for place in range(press.sources)], "door": await listen(None)}
    print(json.dumps(where), flush=True)
    await asyncio.Event().wait()


def main() -> None:
    asyncio.run(serve(Press(**json.loads(sys.argv[1])), float(sys.argv[2]), sys.argv[3]))


if __name__ == "__main__":
    main()
