"""A check of Healthchecks on loopback: it keeps what it was told, and misbehaves on demand."""

from __future__ import annotations

import queue
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qs, urlsplit

PATIENCE = 30  # seconds for a ping that is on its way


@dataclass(frozen=True)
class Ping:
    path: str
    query: dict[str, list[str]]
    text: str
    headers: dict[str, str]

    @property
    def run(self) -> str:
        return self.query["rid"][0]


class Checks:
    """`status` is what it answers with; while `open` is not set, it answers nobody."""

    def __init__(self) -> None:
        self.status = 200
        self.open = threading.Event()
        self.open.set()
        self._heard: queue.Queue[Ping] = queue.Queue()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02})
        self.host = f"127.0.0.1:{self._http.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.open.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    def url(self, path: str = "/uuid") -> str:
        return f"http://{self.host}{path}"

    def next(self) -> Ping:
        """The next ping, in order of arrival; waits for it."""
        return self._heard.get(timeout=PATIENCE)

    def cycle(self) -> tuple[str, str]:
        """How the next cycle ends: the last part of the address, and the text."""
        begin, end = self.next(), self.next()
        assert begin.path == "/uuid/start"
        assert begin.run == end.run
        return end.path.removeprefix("/uuid").removeprefix("/"), end.text

    @property
    def is_silent(self) -> bool:
        return self._heard.empty()

    def _handler(checks) -> type[BaseHTTPRequestHandler]:  # noqa: N805  the handler has a self of its own
        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *args) -> None:
                pass

            def do_POST(self) -> None:
                parts = urlsplit(self.path)
                text = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                checks._heard.put(Ping(parts.path, parse_qs(parts.query), text, dict(self.headers)))
                checks.open.wait(PATIENCE)
                self.send_response(checks.status)
                self.send_header("Location", "/elsewhere")
                self.end_headers()
                self.wfile.write(b"OK")

            do_GET = do_POST  # noqa: N815  the name http.server asks for

        return Handler
