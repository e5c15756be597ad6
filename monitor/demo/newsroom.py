"""An embedded newsroom: every outlet of the script as a web server on loopback, publishing by the clock."""

from __future__ import annotations

import gzip
import hashlib
import re
import threading
import zlib
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email.message import Message
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Self

from monitor.demo import press
from monitor.demo.loopback import HOST, Answer, Loopback, Question
from monitor.demo.script import DemoArticle, Mishap, Outlet, load, outlets
from spiders.items import Kind, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_RELATED = 4  # links to other articles on a page
_LISTED = 30  # articles in a listing
_SLOW = 2.0  # seconds of the one slow answer
_RETRY_AFTER = "2"  # seconds that the one unavailable answer asks for
_LINK = re.compile(rf"http://{re.escape(HOST)}:\d+/[\w./-]+?\.html")
_ROBOTS = b"User-agent: *\nDisallow: /newsletter\nAllow: /\n"


class Newsroom:
    """All outlets on loopback, each on a port of its own, from entering the context to leaving it.

    Nothing is listed or served before its time: an article is published `after` seconds after `start`, by `clock`.
    `clock` is called in several threads.
    """

    def __init__(self, start: datetime, clock: Callable[[], datetime]) -> None:
        self._servers = {outlet.name: _OutletServer(outlet, start, clock) for outlet in outlets()}
        self._loopback = Loopback([server.answer for server in self._servers.values()])
        for server, port in zip(self._servers.values(), self._loopback.ports, strict=True):
            server.open_at(port)
        self.begin(start)

    def begin(self, start: datetime) -> None:
        """Let the script begin at this time: every article is published `after` seconds later."""
        for server in self._servers.values():
            server.begin(start)
        self._by_url = {item.url: item for server in self._servers.values() for item in server.items}

    def __enter__(self) -> Self:
        self._loopback.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._loopback.__exit__()

    @property
    def hosts(self) -> tuple[str, ...]:
        """`127.0.0.1:port` of every outlet, for `WorkerOptions.allow_private`."""
        return tuple(f"{HOST}:{port}" for port in self._loopback.ports)

    def sources(self) -> tuple[Source, ...]:
        """The outlets as sources to watch, in the script's order."""
        return tuple(server.source() for server in self._servers.values())

    def article(self, url: str) -> DemoArticle | None:
        """The article at this address, whatever its query and fragment, published or not."""
        found = self._by_url.get(_bare(url))
        return found.article if found else None

    def articles_in(self, text: str) -> tuple[DemoArticle, ...]:
        """The articles that a message links to, each once, in their order."""
        found = (self.article(url) for url in _LINK.findall(text))
        return tuple({article.id: article for article in found if article}.values())

    def url(self, article: DemoArticle) -> str:
        """The canonical address of an article."""
        return next(url for url, item in self._by_url.items() if item.article is article)

    def published_at(self, url: str) -> datetime | None:
        """When the article at this address is published, in UTC; None if there is none."""
        found = self._by_url.get(_bare(url))
        return found.published.astimezone(UTC) if found else None

    def served(self) -> Counter[str]:
        """How much was asked so far.

        `requests` are all; `looks` those at the sources' addresses, of which `unchanged` ended with 304; `pages`
        are the articles read; `missing` and `unavailable` were answered with 404 and 503.
        """
        return sum((server.served() for server in self._servers.values()), Counter())

    def served_by(self, outlet: str) -> Counter[str]:
        """The same for one outlet."""
        return self._servers[outlet].served()


class _OutletServer:
    """One outlet: decides what stands at which path at this moment."""

    def __init__(self, outlet: Outlet, start: datetime, clock: Callable[[], datetime]) -> None:
        self.outlet = outlet
        self.base = ""
        self.items: tuple[press.Printed, ...] = ()
        self._clock = clock
        self._zone = timezone(timedelta(hours=outlet.utc_offset))
        self._start = start.astimezone(self._zone).replace(microsecond=0)
        self._served: Counter[str] = Counter()
        self._lock = threading.Lock()

    def open_at(self, port: int) -> None:
        """Learn the port."""
        self.base = f"http://{HOST}:{port}"

    def begin(self, start: datetime) -> None:
        """Give everything it ever publishes its time and address, newest first."""
        self._start = start.astimezone(self._zone).replace(microsecond=0)
        self.items = tuple(
            press.Printed(article, self.outlet, self.base, self._start + timedelta(seconds=article.after))
            for article in reversed(load())
            if article.outlet == self.outlet.name
        )

    def source(self) -> Source:
        outlet = self.outlet
        return Source(
            name=outlet.name,
            title=outlet.title,
            url=self.base + outlet.address,
            kind=outlet.kind,
            language=outlet.language,
            country=outlet.country,
            tags=outlet.tags,
            weight=5,
            links=outlet.links,
        )

    def served(self) -> Counter[str]:
        with self._lock:
            return Counter(self._served)

    def answer(self, question: Question) -> Answer:
        """The answer of this moment, after a little latency of the kind that a real network has."""
        is_look = question.path == self.outlet.address
        answer = self._mishap() if is_look and self.outlet.mishap else None
        answer = _negotiated(question, answer or self._find(question))
        with self._lock:
            self._served["requests"] += 1
            turn = self._served["requests"]
            self._served["looks"] += is_look
            self._served["unchanged"] += is_look and answer.status is HTTPStatus.NOT_MODIFIED
            self._served["unavailable"] += answer.status is HTTPStatus.SERVICE_UNAVAILABLE
            self._served["missing"] += answer.status is HTTPStatus.NOT_FOUND
            self._served["pages"] += answer.status is HTTPStatus.OK and self._is_page(question.path)
        return replace(answer, delay=answer.delay + _latency(question.path, turn))

    def _find(self, question: Question) -> Answer:
        if question.method not in {"GET", "HEAD"}:
            return Answer(HTTPStatus.METHOD_NOT_ALLOWED, {"Allow": "GET, HEAD"})
        if question.path == "/robots.txt":
            return Answer(headers={"Content-Type": "text/plain"}, body=_ROBOTS)
        now = self._clock()
        out = [item for item in self.items if item.published <= now][:_LISTED]
        changed = out[0].published if out else self._start
        if template := self._listing_at(question.path):
            return self._ok(template, press.listing(template, self.outlet, self.base, out, changed), changed)
        for place, item in enumerate(out):
            if item.path == question.path:
                related = (out[:place] + out[place + 1 :])[:_RELATED]
                return self._ok(self.outlet.layout, press.page(item, related), item.published)
        headers = {"Content-Type": press.content_type("missing.html", self.outlet)}
        return Answer(HTTPStatus.NOT_FOUND, headers, press.missing(self.outlet))

    def _listing_at(self, path: str) -> str | None:
        outlet = self.outlet
        if path == outlet.address:
            return "sitemap-index.xml" if outlet.kind is Kind.SITEMAP else outlet.listing
        if path == "/news-sitemap.xml" and outlet.kind is Kind.SITEMAP:
            return outlet.listing
        return "section.html" if path == "/" else None

    def _is_page(self, path: str) -> bool:
        return path.startswith(self.outlet.folder) and path != self.outlet.address

    def _ok(self, template: str, body: bytes, changed: datetime) -> Answer:
        headers = {
            "Content-Type": press.content_type(template, self.outlet),
            "ETag": f'"{hashlib.sha256(body).hexdigest()[:16]}"',
            "Last-Modified": format_datetime(changed.astimezone(UTC), usegmt=True),
            "Cache-Control": "max-age=0, must-revalidate",
            "Vary": "Accept-Encoding",
        }
        return Answer(headers=headers, body=body)

    def _mishap(self) -> Answer | None:
        """What goes wrong at the second look, None at every other."""
        if self.served()["looks"] != 1:
            return None
        if self.outlet.mishap is Mishap.SLOW:
            return replace(self._find(Question("GET", self.outlet.address, Message())), delay=_SLOW)
        headers = {"Retry-After": _RETRY_AFTER, "Content-Type": "text/plain"}
        return Answer(HTTPStatus.SERVICE_UNAVAILABLE, headers, b"Service Unavailable\n")


def _negotiated(question: Question, answer: Answer) -> Answer:
    """The answer as this client wants it: not at all if it has it already, compressed if it can."""
    if answer.status is not HTTPStatus.OK or "ETag" not in answer.headers:
        return answer
    if _has_it(question.headers, answer.headers):
        return replace(answer, status=HTTPStatus.NOT_MODIFIED, body=b"")
    if "gzip" in question.headers.get("Accept-Encoding", ""):
        headers = {**answer.headers, "Content-Encoding": "gzip"}
        return replace(answer, headers=headers, body=gzip.compress(answer.body, mtime=0))
    return answer


def _has_it(asked: Message, given: Mapping[str, str]) -> bool:
    # If-None-Match decides alone where it stands (RFC 9110, 13.2.2).
    if tags := asked.get("If-None-Match"):
        return tags.strip() == "*" or given["ETag"] in {
            tag.strip().removeprefix("W/") for tag in tags.split(",")
        }
    try:
        since = parsedate_to_datetime(asked.get("If-Modified-Since", ""))
        return parsedate_to_datetime(given["Last-Modified"]) <= since
    except (TypeError, ValueError):  # absent, not a date, or a date without a zone
        return False


def _latency(path: str, turn: int) -> float:
    """20 to 80 ms: different for each answer, the same in each run."""
    return 0.02 + 0.06 * zlib.crc32(f"{path} {turn}".encode()) / 2**32


def _bare(url: str) -> str:
    return url.partition("#")[0].partition("?")[0]
