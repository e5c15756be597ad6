"""Fetching pages for the crawl worker: one request at a time to a host, every hop checked, every failure named.

The only place that knows the errors of Scrapy's downloader.
"""

from __future__ import annotations

import zlib
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from scrapy import Request
from scrapy import exceptions as scrapy_errors
from scrapy.core.downloader.handlers.http11 import TunnelError
from twisted.internet import error as twisted_errors

from spiders.guard import BlockedAddress, is_web
from spiders.heads import EndlessHead
from spiders.items import host, origin
from spiders.robots import LONGEST_DELAY, Robots
from spiders.turns import TurnRefused

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable, Mapping

    from scrapy.http import Headers, Response

    from spiders.items import Access
    from spiders.turns import Turns

REDIRECTS = frozenset({301, 302, 303, 307, 308})
STATUSES = range(100, 1000)  # RFC 9110, 15: three digits; some servers invent 999
MOST_HOPS = 5


class Trouble(Exception):
    """Why a task brought nothing, in the words of `CrawlReport`."""

    def __init__(self, reason: str, detail: str, *, page: Page | None = None) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.page = page


@dataclass(frozen=True, slots=True)
class Page:
    """An answer of a server: the address that gave it, its status, headers and decompressed body.

    `received` is the body's size in bytes as it came over the wire.
    """

    url: str
    status: int
    body: bytes
    received: int
    headers: Mapping[str, str] = field(default_factory=dict)
    exchanges: tuple[Exchange, ...] = ()


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer as they crossed the wire, for whoever keeps them.

    Attributes:
        at: when the request was about to leave, in UTC.
        url: the address that was asked.
        sent: headers of the request, without those that only its source knows.
        withheld: the names of these.
        status, protocol, headers: of the answer.
        body: as it came, in its Content-Encoding; empty for a redirect.
        address: the IP address that answered, empty by a proxy.
        certificate: SHA-256 of the server's certificate, empty without one.
        proxied: whether it went by a proxy.
    """

    at: datetime
    url: str
    sent: tuple[tuple[str, str], ...]
    withheld: tuple[str, ...]
    status: int
    protocol: str
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes = field(repr=False)
    address: str = ""
    certificate: str = ""
    proxied: bool = False


@dataclass(slots=True)
class Visit:
    """All requests of one task.

    Attributes:
        task: its id.
        download: Scrapy's downloader of the job.
        turns: shared by the worker.
        robots: shared by the worker; None if robots.txt is not asked.
        free: room for requests of the worker.
        begun: called when a request is about to leave.
        rest: seconds that a host rests after a request, if it does not ask for more.
        access: what the task's source needs besides.
        pause: entered while others are waited for.
        records: whether pages come with the exchanges that led to them.
    """

    task: str
    download: Callable[[Request], Awaitable[Response]]
    turns: Turns
    robots: Robots | None
    free: asyncio.Semaphore
    begun: Callable[[], Awaitable[None]]
    rest: float
    access: Access | None = None
    pause: Callable[[], AbstractContextManager[None]] = nullcontext
    records: bool = False

    def asked_of(self, url: str) -> float:
        """Seconds that the robots.txt of an address wants between two requests, 0 if it does not say."""
        return self.robots.delay(url) if self.robots else 0.0

    def rest_of(self, url: str) -> float:
        """Seconds that the host of an address rests after a request."""
        access = self._access(url)
        own = access.delay if access and access.delay is not None else self.rest
        return max(own, min(self.asked_of(url), LONGEST_DELAY))

    def _access(self, url: str) -> Access | None:
        """What the address may see of the source's own: nothing, if it is of another origin."""
        return self.access if self.access and self.access.origin == origin(url) else None

    async def get(self, url: str, headers: Mapping[str, str] | None = None) -> Page:
        """Fetch a page, following a few redirects. Raises Trouble, but not for a status."""
        return await self._follow(url, headers or {}, ask_robots=self.robots is not None)

    async def sitemaps(self, url: str) -> tuple[str, ...]:
        """The sitemaps that the host's robots.txt names, also if robots.txt is not obeyed."""
        robots = self.robots or Robots("")
        try:
            await robots.allow(url, self._robots_txt)
        except Trouble:
            return ()
        return robots.sitemaps(url)

    async def _follow(self, url: str, headers: Mapping[str, str], *, ask_robots: bool) -> Page:
        hops: tuple[Exchange, ...] = ()
        for _ in range(MOST_HOPS + 1):
            if not is_web(url):
                raise Trouble("blocked_scheme", f"only http and https addresses are read, not {url[:200]!r}")
            if ask_robots:
                await self._ask_robots(url)
            page = await self._request(url, headers)
            location = page.headers.get("location", "")
            if page.status not in REDIRECTS or not location:
                return replace(page, exchanges=(*hops, *page.exchanges)) if hops else page
            hops += tuple(replace(hop, body=b"") for hop in page.exchanges)
            try:
                url = urljoin(url, location)
            except ValueError as error:
                raise Trouble("redirects", f"redirected to a broken address: {location[:200]!r}") from error
        raise Trouble("redirects", f"more than {MOST_HOPS} redirects, the last one to {url[:200]}")

    async def _ask_robots(self, url: str) -> None:
        assert self.robots  # noqa: S101  for the type checker: only called when there is one
        allowed = await self.robots.allow(url, self._robots_txt)
        if allowed is None:
            raise Trouble("robots", "robots.txt cannot be read: the server reports an error of its own")
        if not allowed:
            raise Trouble("robots", f"robots.txt does not allow {url[:200]}")

    async def _robots_txt(self, url: str) -> Page:
        try:
            return await self._follow(url, {}, ask_robots=False)
        except Trouble as trouble:
            if trouble.reason != "redirects":
                raise
            return Page(url, 404, b"", 0)  # RFC 9309: as if there were none

    async def _request(self, url: str, headers: Mapping[str, str]) -> Page:
        request = _compose(url, headers, self._access(url))
        request.meta["recorded"] = self.records
        try:
            with self.pause():
                turn = await self.turns.ask(self.task, host(url))
        except TurnRefused as error:
            raise Trouble("elsewhere", f"this crawl must not ask {host(url)}") from error
        try:
            async with self.free:
                with self.pause():
                    await self.begun()
                at = datetime.now(UTC)
                response = await self.download(request)
        except Exception as error:
            raise _named(error, url) from error
        finally:
            self.turns.leave(turn, self.rest_of(url))
        if response.status not in STATUSES:
            raise Trouble("unreachable", f"{host(url)}: HTTP has no status {response.status:.9g}")
        return Page(
            url=response.url,
            status=response.status,
            body=response.body,
            received=int(request.meta.get("received", len(response.body))),
            headers={
                name.decode("latin-1").lower(): b",".join(values).decode("utf-8", errors="replace")
                for name, values in response.headers.items()
            },
            exchanges=(_exchange(request, at, self._access(url)),) if self.records else (),
        )


def _compose(url: str, headers: Mapping[str, str], access: Access | None) -> Request:
    request = Request(url, headers=dict(headers), dont_filter=True, meta={"download_slot": host(url)})
    if access is None:
        return request
    request.headers.update(access.headers)
    if access.timeout is not None:
        request.meta["download_timeout"] = access.timeout
    if access.proxy:
        request.meta["proxy"] = access.proxy
        if access.proxy_authorization:
            request.headers["Proxy-Authorization"] = access.proxy_authorization
    return request


def _exchange(request: Request, at: datetime, access: Access | None) -> Exchange:
    """What the downloader sent and got, before anything was unpacked."""
    wire: Response = request.meta.pop("wire")
    own = {name.lower() for name in access.headers} if access else set()
    sent = _fields(request.headers)
    proxied = "proxy" in request.meta
    certificate = getattr(wire.certificate, "digest", lambda _: b"")("sha256")
    return Exchange(
        at=at,
        url=wire.url,
        sent=tuple((name, value) for name, value in sent if name.lower() not in own),
        withheld=tuple(name for name, _ in sent if name.lower() in own),
        status=wire.status,
        protocol=wire.protocol or "HTTP/1.1",
        headers=tuple(_fields(wire.headers)),
        body=wire.body,
        address="" if proxied or wire.ip_address is None else str(wire.ip_address),
        certificate=certificate.decode().replace(":", "").lower(),
        proxied=proxied,
    )


def _fields(headers: Headers) -> list[tuple[str, str]]:
    """Headers one by one, a letter for each byte."""
    return [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in headers.items()
        for value in values
    ]


# Searched from the top: subclasses stand before their parents.
_REASONS: tuple[tuple[type[Exception], str, str], ...] = (
    (BlockedAddress, "blocked_private_address", ""),
    (TunnelError, "unreachable", "the proxy does not lead there"),
    (scrapy_errors.DownloadTimeoutError, "timeout", "the server took too long"),
    (scrapy_errors.CannotResolveHostError, "dns", "the name of the host cannot be found"),
    (scrapy_errors.DownloadConnectionRefusedError, "unreachable", "the server refused the connection"),
    (scrapy_errors.DownloadCancelledError, "too_large", "the body is larger than allowed"),
    (scrapy_errors.UnsupportedURLSchemeError, "blocked_scheme", "only http and https are read"),
    (scrapy_errors.NotSupported, "blocked_scheme", "only http and https are read"),
    # Redirects and robots.txt are ours, so only the decompression middleware ignores anything.
    (scrapy_errors.IgnoreRequest, "too_large", "the decompressed body is larger than allowed"),
    (scrapy_errors.ResponseDataLossError, "unreachable", "the connection ended before the body did"),
    (twisted_errors.ConnectError, "unreachable", "no connection can be made"),
    (twisted_errors.ConnectionClosed, "unreachable", "the connection was closed"),
    (ValueError, "dns", "this is not a name of a host"),
    (zlib.error, "unreachable", "the body cannot be decompressed"),
    (OSError, "unreachable", "the body cannot be decompressed"),
    (EOFError, "unreachable", "the body cannot be decompressed"),
)
# Their errors have no base class in common, and which of these packages are there depends on the Python.
_CODECS = ("brotli", "backports.zstd", "compression.zstd")


def _named(error: Exception, url: str) -> Exception:
    """The trouble behind an error of the downloader; the error itself if nobody knows it."""
    if isinstance(error, scrapy_errors.DownloadFailedError):
        return _failed(error)
    for kind, reason, detail in _REASONS:
        if isinstance(error, kind):
            return Trouble(reason, f"{host(url)}: {detail or error}")
    if type(error).__module__.startswith(_CODECS):
        return Trouble("unreachable", f"{host(url)}: the body cannot be decompressed")
    return error


def _failed(error: Exception) -> Trouble:
    """Tell a refused certificate from a connection that broke."""
    failures = getattr(error.__cause__, "reasons", ())
    values = [getattr(failure, "value", failure) for failure in failures]
    for value in values:
        if isinstance(value, EndlessHead):
            return Trouble("too_large", str(value))
        if type(value).__module__.startswith(("OpenSSL", "service_identity")):
            said = getattr(value, "args", ()) or getattr(value, "errors", "")
            return Trouble("tls", f"the server's certificate or encryption was not accepted: {said!s:.200}")
    said = "; ".join(f"{value}" for value in values) or str(error)
    return Trouble("unreachable", f"the connection broke: {said:.200}")
