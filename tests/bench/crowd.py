"""The demo's newsroom scaled up: hundreds of outlets, whose feeds list what is known and a little that is new.

Outlets look like the demo's, each on a port of its own; their articles are made of a language's common words, and
some are on topic. What an outlet lists goes by how often it was looked at, so that a program that looks at all of
them in rounds meets the same in each run.
"""

from __future__ import annotations

import gzip
import hashlib
import random
from collections import Counter, defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from http import HTTPStatus
from itertools import cycle, islice
from threading import Lock
from typing import TYPE_CHECKING

from monitor.demo import press
from monitor.demo.loopback import HOST, Answer, Loopback, Question
from monitor.demo.script import DemoArticle, Expect, Outlet, outlets
from monitor.packs import load_pack, shipped
from spiders.items import Kind, Source
from tests.bench.generated_topic import Topic
from tests.bench.generated_words import SHARES, UNSPACED, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.bench.generated_topic import Report

LISTED = 20  # entries of a feed
NEW = 2  # of them at a look that finds some: nine in ten are known
ON_TOPIC = 50  # one article in so many
_SENTENCES = 5  # of a paragraph
_PARAGRAPHS = 8
_LINKED = 8  # links to other articles on a page
_STATUS = 150  # bytes of an answer's head beside our fields: status, Server, Date
_PACK = "dprk-russia"
_REPORTS = 2000  # of invented developments, among which those on topic are chosen
_LASTS = timedelta(days=30)
_LISTED_SINCE = timedelta(days=2)
ROUND = timedelta(minutes=90)  # between two looks
_WEALTH = 0.2  # of vocabularies: some fourteen thousand words


@dataclass(frozen=True, slots=True)
class Plan:
    """What the looks at each outlet meet, one after the other; all after these meet nothing new.

    Attributes:
        known: looks at which the feed is as it was, and the first of which is the first of all.
        rewritten: looks at which the feed has changed, but lists the same.
        news: looks at which it lists `NEW` more.
    """

    known: int = 0
    rewritten: int = 0
    news: int = 0

    def state(self, looks: int) -> tuple[int, int]:
        """How many articles are out beyond the first, and which writing of the feed it is, at a look (from 1)."""
        changed = max(0, looks - self.known)
        news = min(max(0, changed - self.rewritten), self.news)
        return news * NEW, min(changed, self.rewritten + self.news)


class Crowd:
    """Outlets on loopback from entering the context to leaving it.

    `sent` counts answers and their bytes (of heads and bodies), by what was answered: `unchanged`, `feed`, `page`,
    `other`.
    """

    def __init__(self, count: int, plan: Plan) -> None:
        self.sent: Counter[str] = Counter()
        self._lock = Lock()
        for language in SHARES:  # before anybody asks for them in many threads
            _reports()[language].sort()
            _vocabulary(language).title(random.Random(0))
        looks = [outlet for outlet in outlets() if outlet.kind is Kind.FEED and outlet.language in SHARES]
        self._outlets = [
            _Outlet(number, look, plan) for number, look in enumerate(islice(cycle(looks), count))
        ]
        self._loopback = Loopback([self._counting(outlet) for outlet in self._outlets])
        for outlet, port in zip(self._outlets, self._loopback.ports, strict=True):
            outlet.base = f"http://{HOST}:{port}"

    def sources(self) -> tuple[Source, ...]:
        """All of them, to be watched."""
        return tuple(outlet.source() for outlet in self._outlets)

    def mean(self, what: str) -> float:
        """Bytes of an answer of this kind, on average."""
        return self.sent[f"{what} bytes"] / self.sent[what] if self.sent[what] else 0.0

    def _counting(self, outlet: _Outlet) -> Callable[[Question], Answer]:
        def answer(question: Question) -> Answer:
            what, found = outlet.answer(question)
            size = (
                _STATUS
                + len(found.body)
                + sum(len(name) + len(value) + 4 for name, value in found.headers.items())
            )
            with self._lock:
                self.sent[what] += 1
                self.sent[f"{what} bytes"] += size
            return found

        return answer


@contextmanager
def crowd(count: int, plan: Plan) -> Iterator[Crowd]:
    """So many outlets at work."""
    one = Crowd(count, plan)
    with one._loopback:
        yield one


@dataclass
class _Outlet:
    number: int
    look: Outlet
    plan: Plan
    base: str = ""
    looks: int = 0
    begun: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))

    def source(self) -> Source:
        name = f"{self.look.name}-{self.number}"
        return Source(
            name,
            name,
            self.base + self.look.address,
            Kind.FEED,
            self.look.language,
            self.look.country,
            weight=5,
        )

    def answer(self, question: Question) -> tuple[str, Answer]:
        if question.path == self.look.address:
            self.looks += 1
            return self._listing(question)
        if question.path.startswith(self.look.folder):
            number = int(question.path.rpartition("-")[2].partition(".")[0])
            related = [self._printed(max(0, number - each)) for each in range(1, _LINKED)]
            body = press.page(self._printed(number, whole=True), related)
            return "page", self._ok(self.look.layout, body, question)
        return "other", Answer(HTTPStatus.NOT_FOUND)

    def _listing(self, question: Question) -> tuple[str, Answer]:
        out, writing = self.plan.state(self.looks)
        tag = f'"{self.number}-{out}-{writing}"'
        if question.headers.get("If-None-Match") == tag:
            return "unchanged", Answer(HTTPStatus.NOT_MODIFIED, {"ETag": tag})
        items = [self._printed(number) for number in range(LISTED + out - 1, out - 1, -1)]
        changed = self.begun + timedelta(minutes=writing)
        body = press.listing(self.look.listing, self.look, self.base, items, changed)
        answer = self._ok(self.look.listing, body, question)
        return "feed", replace(answer, headers={**answer.headers, "ETag": tag})

    def _printed(self, number: int, *, whole: bool = False) -> press.Printed:
        article = _article(self.look.language, self.number, number, whole=whole)
        return press.Printed(article, self.look, self.base, self._published(number))

    def _published(self, number: int) -> datetime:
        """Two days ago for what is listed at first, else when the look that finds it is due."""
        if number < LISTED:
            return self.begun - _LISTED_SINCE + timedelta(seconds=number)
        looks = self.plan.known + self.plan.rewritten + (number - LISTED) // NEW
        return self.begun + ROUND * looks + timedelta(seconds=number % NEW)

    def _ok(self, template: str, body: bytes, question: Question) -> Answer:
        headers = {
            "Content-Type": press.content_type(template, self.look),
            "ETag": f'"{hashlib.sha256(body).hexdigest()[:16]}"',
            "Vary": "Accept-Encoding",
        }
        if "gzip" in question.headers.get("Accept-Encoding", ""):
            return Answer(
                headers={**headers, "Content-Encoding": "gzip"}, body=gzip.compress(body, 6, mtime=0)
            )
        return Answer(headers=headers, body=body)


def _article(language: str, outlet: int, number: int, *, whole: bool) -> DemoArticle:
    """The same for the same numbers; without its text, unless the whole is wanted."""
    title, summary = _head(language, outlet, number)
    chance = random.Random(f"text {outlet} {number}")
    short = _is_on_topic(outlet, number)
    return DemoArticle(
        id=f"{outlet}-{number}",
        outlet=f"{outlet}",
        language=language,
        title=title,
        summary=summary,
        paragraphs=_paragraphs(language, chance, 2 if short else _PARAGRAPHS) if whole else (),
        after=number,
        development=None,
        expect=Expect.NONE,
        what="",
    )


@lru_cache(maxsize=60_000)
def _head(language: str, outlet: int, number: int) -> tuple[str, str]:
    chance = random.Random(f"{outlet} {number}")
    if _is_on_topic(outlet, number):
        return _topic().write(chance.choice(_reports()[language]))
    return _vocabulary(language).title(chance), *_paragraphs(language, chance, 1)


def _is_on_topic(outlet: int, number: int) -> bool:
    return (outlet + number) % ON_TOPIC == 0


def _paragraphs(language: str, chance: random.Random, count: int) -> tuple[str, ...]:
    stop, words = "。" if language in UNSPACED else ". ", _vocabulary(language)
    return tuple(
        stop.join(words.title(chance) for _ in range(_SENTENCES)) + stop.strip() for _ in range(count)
    )


@cache
def _vocabulary(language: str) -> Vocabulary:
    return Vocabulary(language, wealth=_WEALTH)


@cache
def _topic() -> Topic:
    words = {language: _vocabulary(language) for language in SHARES}
    return Topic(load_pack(shipped(_PACK)), words, _REPORTS, datetime(2026, 1, 1, tzinfo=UTC), _LASTS)


@cache
def _reports() -> defaultdict[str, list[Report]]:
    """Reports of invented developments, by language."""
    found: defaultdict[str, list[Report]] = defaultdict(list)
    for report in _topic().reports():
        found[_topic().language(report)].append(report)
    return found
