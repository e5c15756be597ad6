"""A server on loopback that sends whatever bytes it is told, and closes: it need not speak HTTP."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Answer = bytes | Callable[[], Iterable[bytes]]


class WireSite:
    """What is sent at which path: bytes, or pieces that may have no end. Whoever came, and how much was sent.

    Attributes:
        asked: the heads of the requests, in order.
        sent: bytes that the other side let through, by path.
    """

    def __init__(self, address: str = "127.0.0.1", port: int = 0) -> None:
        self.answers: dict[str, Answer] = {"/robots.txt": b"HTTP/1.1 404 x\r\nContent-Length: 0\r\n\r\n"}
        self.asked: list[str] = []
        self.sent: dict[str, int] = {}
        self.gone = threading.Event()
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self._listener = socket.create_server((address, port), family=family)
        self.port = self._listener.getsockname()[1]
        self.host = f"{f'[{address}]' if ':' in address else address}:{self.port}"
        self._thread = threading.Thread(target=self._accept)
        self._thread.start()

    def put(self, path: str, answer: Answer) -> str:
        self.answers[path] = answer
        return f"http://{self.host}{path}"

    def heads(self, path: str) -> list[str]:
        """The requests for a path."""
        return [head for head in self.asked if head.split(" ")[1] == path]

    def close(self) -> None:
        self.gone.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while not self.gone.is_set():
                connection, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            head = b""
            while b"\r\n\r\n" not in head:
                piece = connection.recv(65536)
                if not piece:
                    return
                head += piece
            text = head.decode("latin-1")
            self.asked.append(text)
            path = text.split(" ")[1]
            answer = self.answers.get(path, b"HTTP/1.1 404 x\r\nContent-Length: 0\r\n\r\n")
            for part in [answer] if isinstance(answer, bytes) else answer():
                if self.gone.is_set():
                    return
                connection.sendall(part)
                self.sent[path] = self.sent.get(path, 0) + len(part)


@contextlib.contextmanager
def wire_site(address: str = "127.0.0.1", port: int = 0) -> Iterator[WireSite]:
    """Such a server, closed at the end."""
    one = WireSite(address, port)
    try:
        yield one
    finally:
        one.close()


@contextlib.contextmanager
def on_one_port(*addresses: str) -> Iterator[list[WireSite]]:
    """Such servers at several addresses of this machine, with the same port."""
    while True:
        with contextlib.ExitStack() as stack:
            sites = [stack.enter_context(wire_site(addresses[0]))]
            try:
                sites += [stack.enter_context(wire_site(other, sites[0].port)) for other in addresses[1:]]
            except OSError:  # somebody else has this port there
                continue
            yield sites
            return
