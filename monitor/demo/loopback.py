"""Small web servers on 127.0.0.1, each on a port of its own: questions in, answers out."""

from __future__ import annotations

import selectors
import socket
import sys
import threading
import time
from dataclasses import dataclass, field
from email.message import Message  # noqa: TC003  a dataclass field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

HOST = "127.0.0.1"
_PATIENCE = 2.0  # seconds for a client to say what it wants: closing waits no longer than that
_LARGEST = 4 * 1024 * 1024  # bytes of a request's body


@dataclass(frozen=True, slots=True)
class Question:
    """An HTTP request. `path` holds no query."""

    method: str
    path: str
    headers: Message
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP response, sent `delay` seconds after the question came."""

    status: HTTPStatus = HTTPStatus.OK
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    delay: float = 0.0


class Loopback:
    """Serves each of the given functions on a port of its own, from entering the context to leaving it.

    The functions are called in several threads at once. `ports` stand in the order of the functions.
    """

    def __init__(self, answerers: Sequence[Callable[[Question], Answer]]) -> None:
        self._servers = [_Server(answer) for answer in answerers]
        self.ports = tuple(server.server_port for server in self._servers)
        self._bell, self._door = socket.socketpair()
        self._thread = threading.Thread(target=self._serve, name="loopback")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bell.send(b"!")
        self._thread.join()
        for server in self._servers:
            server.server_close()  # waits for the answers under way
        self._bell.close()
        self._door.close()

    def _serve(self) -> None:
        # One thread listens for all: `serve_forever` would need a thread, and half a second to end, per port.
        with selectors.DefaultSelector() as selector:
            selector.register(self._door, selectors.EVENT_READ)
            for server in self._servers:
                selector.register(server, selectors.EVENT_READ)
            while True:
                for key, _ in selector.select():
                    if key.fileobj is self._door:
                        return
                    if isinstance(key.fileobj, _Server):
                        key.fileobj.handle_request()


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # so that closing waits for them
    timeout = 0  # `handle_request` is only called when somebody is at the door
    request_queue_size = 64

    def __init__(self, answer: Callable[[Question], Answer]) -> None:
        self.answer = answer
        super().__init__((HOST, 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing about a client that went away; anything else is a bug and is shown."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # passed through unchanged


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = _PATIENCE
    server: _Server

    def _respond(self) -> None:
        arrived = time.monotonic()
        try:
            length = int(self.headers.get("Content-Length") or 0)
        except ValueError:
            length = -1
        if not 0 <= length <= _LARGEST:
            self.send_error(HTTPStatus.BAD_REQUEST)
            return
        path = self.path.partition("?")[0]
        answer = self.server.answer(Question(self.command, path, self.headers, self.rfile.read(length)))
        time.sleep(max(0.0, arrived + answer.delay - time.monotonic()))
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status is not HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("Connection", "close")  # nobody then waits for us when the service ends
        self.end_headers()
        if self.command != "HEAD" and answer.status is not HTTPStatus.NOT_MODIFIED:
            self.wfile.write(answer.body)

    do_GET = do_HEAD = do_POST = _respond  # noqa: N815  the names http.server asks for

    def log_message(self, *_: object) -> None:
        """Say nothing: the service's own log is what the demonstration shows."""
