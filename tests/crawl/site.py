"""A small web server on loopback that counts, waits and misbehaves as told."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True)
class Reply:
    """What to answer. `declared` is sent as Content-Length instead of the body's own."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: float = 0.0  # seconds before anything is sent
    drip: float = 0.0  # seconds after each byte of the body
    declared: int | None = None


Answer = "Reply | Callable[[Mapping[str, str]], Reply]"


@dataclass(frozen=True)
class Hit:
    path: str
    begun: float
    ended: float
    headers: Mapping[str, str]


class Site:
    """One host: what stands at which path, and who came."""

    def __init__(self) -> None:
        self.pages: dict[str, Answer] = {}
        self.hits: list[Hit] = []
        self.most_at_once = 0
        self.connections = 0
        self.gone = threading.Event()
        self._at_once = 0
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_port}"

    @property
    def counts(self) -> Counter[str]:
        return Counter(hit.path for hit in self.hits)

    def url(self, path: str) -> str:
        return f"http://{self.host}{path}"

    def put(self, path: str, answer: Answer) -> str:
        self.pages[path] = answer
        return self.url(path)

    def feed(self, path: str, *titles: str, **headers: str) -> str:
        return self.put(
            path, Reply(rss(self, *titles), headers={"Content-Type": "application/rss+xml", **headers})
        )

    def close(self) -> None:
        self.gone.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(site) -> type[BaseHTTPRequestHandler]:  # noqa: N805  the handler has a self of its own
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args) -> None:
                pass

            def setup(self) -> None:
                super().setup()
                with site._lock:
                    site.connections += 1

            def do_GET(self) -> None:
                begun = time.monotonic()
                with site._lock:
                    site._at_once += 1
                    site.most_at_once = max(site.most_at_once, site._at_once)
                try:
                    with contextlib.suppress(OSError):
                        self._answer()
                finally:
                    with site._lock:
                        site._at_once -= 1
                        heard = {name.lower(): value for name, value in self.headers.items()}
                        site.hits.append(Hit(self.path, begun, time.monotonic(), heard))

            def _answer(self) -> None:
                answer = site.pages.get(self.path, Reply(b"nothing here", 404))
                reply = answer if isinstance(answer, Reply) else answer(self.headers)
                site.gone.wait(reply.wait)
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                if reply.status != 304:
                    self.send_header("Content-Length", str(reply.declared or len(reply.body)))
                self.end_headers()
                if not reply.drip:
                    self.wfile.write(reply.body)
                    self.close_connection = reply.declared is not None
                    return
                for at in range(len(reply.body)):
                    self.wfile.write(reply.body[at : at + 1])
                    if site.gone.wait(reply.drip):
                        return

        return Handler


@contextlib.contextmanager
def site() -> Iterator[Site]:
    """A site that is closed at the end."""
    one = Site()
    try:
        yield one
    finally:
        one.close()


def rss(at: Site, *titles: str) -> bytes:
    items = "".join(
        f"<item><title>{t}</title><link>{at.url(f'/a/{n}')}</link></item>" for n, t in enumerate(titles)
    )
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>{items}</channel></rss>'.encode()
    )


def article(title: str, more: str = "") -> bytes:
    text = "".join(
        f"<p>{title}: soldiers, ships and shells were counted by observers near the border on day {n}, "
        "and officials of both sides declined to comment on the numbers that were given to reporters.</p>"
        for n in range(1, 6)
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><article><h1>{title}</h1>{text}{more}</article></body></html>"
    ).encode()
