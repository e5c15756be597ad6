"""The address at which machines ask how the service is: a small web server in a thread of its own.

So it answers, and says what is wrong, also while the event loop of the service stands still. A connection gets one
answer and is closed; a request has no body, must name a host that is known, and is bounded in size and time. Whoever
asks for the same at once gets the same answer, so no crowd makes more work than one.
"""

from __future__ import annotations

import asyncio
import io
import logging
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException, parse_headers
from typing import TYPE_CHECKING

from monitor.core.errors import ConfigError
from monitor.core.hosts import is_loopback

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from monitor.core.hosts import Served

_log = logging.getLogger("tumen.health")
_LONGEST_HEAD = 8 * 1024  # bytes of a request
_PATIENCE = 5.0  # seconds for a request to arrive, and again for its answer to be taken
_THOUGHT = 8.0  # seconds for an answer; Prometheus waits for ten
_MOST_CALLERS = 32
_HEADERS = (
    "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
    "Content-Security-Policy: default-src 'none'\r\nConnection: close\r\n"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request is answered with."""

    body: bytes
    kind: str = "text/plain; charset=utf-8"
    status: HTTPStatus = HTTPStatus.OK


@contextmanager
def listening(served: Served, port: int, answers: Mapping[str, Callable[[], Answer]]) -> Iterator[int]:
    """Answer while the block runs, which is given the port.

    Args:
        served: where, and by which names it may be asked.
        port: 0 for any that is free.
        answers: by path. They are called in other threads, each never twice at a time.

    Raises:
        ConfigError: nothing can listen there.
    """
    with _bind(served.host, port) as listener:
        taken = int(listener.getsockname()[1])
        server = _Server(served, answers)
        thread = threading.Thread(target=server.run, args=(listener,), name="health", daemon=True)
        thread.start()
        server.ready.wait()
        shown = f"[{served.host}]" if ":" in served.host else served.host
        _log.info("how it is: http://%s:%d/healthz, /readyz and /metrics", shown, taken)
        if not is_loopback(served.host):
            _log.warning("other machines can read the names of sources and channels at port %d", taken)
        try:
            yield taken
        finally:
            server.stop()
            thread.join(_PATIENCE)


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=_MOST_CALLERS)
    except OSError as error:
        raise ConfigError(
            f"nothing can listen here: {error.strerror or error}",
            where=f"health, {host} port {port}",
            remedy="choose another address or port for health: listen, or end what else listens there",
        ) from error


class _Refused(Exception):
    """A request that gets no answer of ours."""

    def __init__(self, status: HTTPStatus, says: str) -> None:
        super().__init__(says)
        self.status = status
        self.says = says


class _Server:
    def __init__(self, served: Served, answers: Mapping[str, Callable[[], Answer]]) -> None:
        self._served = served
        self._answers = answers
        self._threads = ThreadPoolExecutor(max(1, len(answers)), thread_name_prefix="health")
        self._asked: dict[str, asyncio.Future[Answer]] = {}  # by path, what is being answered
        self._callers = 0
        self._loop = asyncio.new_event_loop()
        self._end = asyncio.Event()
        self.ready = threading.Event()

    def run(self, listener: socket.socket) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve(listener))

    def stop(self) -> None:
        with suppress(RuntimeError):  # it has ended by itself
            self._loop.call_soon_threadsafe(self._end.set)
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _serve(self, listener: socket.socket) -> None:
        server = await asyncio.start_server(self._meet, sock=listener, limit=_LONGEST_HEAD)
        self.ready.set()
        async with server:
            await self._end.wait()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._callers += 1
        try:
            if self._callers <= _MOST_CALLERS:
                # A caller who hangs up or takes too long is no trouble of ours; nor is one who is there at the end.
                with suppress(OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.CancelledError):
                    await self._converse(reader, writer)
        finally:
            self._callers -= 1
            writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        is_head = False
        try:
            async with asyncio.timeout(_PATIENCE):
                head = await _head(reader)
            method, path = self._request(head)
            is_head = method == "HEAD"
            answer = await self._answer(path)
        except _Refused as refused:
            answer = Answer(f"{refused.says}\n".encode(), status=refused.status)
        allow = "Allow: GET, HEAD\r\n" if answer.status is HTTPStatus.METHOD_NOT_ALLOWED else ""
        start = f"HTTP/1.1 {answer.status.value} {answer.status.phrase}\r\nContent-Type: {answer.kind}\r\n"
        length = f"Content-Length: {len(answer.body)}\r\n"
        writer.write(f"{start}{length}{allow}{_HEADERS}\r\n".encode() + (b"" if is_head else answer.body))
        async with asyncio.timeout(_PATIENCE):
            await writer.drain()

    def _request(self, head: bytes) -> tuple[str, str]:
        """Method and path of a request that we answer."""
        first, _, rest = head.partition(b"\r\n")
        words = first.decode("latin-1").split(" ")
        try:
            method, target, version = words
            hosts = parse_headers(io.BytesIO(rest)).get_all("Host", [])
        except (ValueError, HTTPException):
            raise _Refused(HTTPStatus.BAD_REQUEST, "That is no request.") from None
        if not version.startswith("HTTP/1."):
            raise _Refused(HTTPStatus.HTTP_VERSION_NOT_SUPPORTED, "Only HTTP/1.1 is spoken here.")
        if len(hosts) != 1 or not self._served.knows(hosts[0].strip()):
            raise _Refused(HTTPStatus.MISDIRECTED_REQUEST, "This service is not known by this name.")
        if method not in {"GET", "HEAD"}:
            raise _Refused(HTTPStatus.METHOD_NOT_ALLOWED, "One can only ask here.")
        path = target.partition("?")[0]
        if path not in self._answers:
            raise _Refused(HTTPStatus.NOT_FOUND, f"There are {', '.join(self._answers)}.")
        return method, path

    async def _answer(self, path: str) -> Answer:
        asked = self._asked.get(path)
        if asked is None or asked.done():
            asked = self._asked[path] = self._loop.run_in_executor(self._threads, self._answers[path])
        try:
            return await asyncio.wait_for(asyncio.shield(asked), _THOUGHT)
        except TimeoutError:
            raise _Refused(HTTPStatus.SERVICE_UNAVAILABLE, "The answer takes too long.") from None
        except Exception:  # noqa: BLE001  a caller must not end the server, nor see what we are made of
            _log.exception("a bug while %s was asked for", path)
            raise _Refused(HTTPStatus.INTERNAL_SERVER_ERROR, "It failed; see the log.") from None


async def _head(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except asyncio.LimitOverrunError:
        raise _Refused(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "The request is too long.") from None
