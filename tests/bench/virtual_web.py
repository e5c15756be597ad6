"""Thousands of feeds and their pages, in place of a crawler: each answers after some virtual time.

Nearly all looks find nothing changed; the others list some new entries among many that are known. Texts are made
once, so that answering costs little.
"""

from __future__ import annotations

import asyncio
import random
from array import array
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing import get_context
from typing import TYPE_CHECKING
from zlib import crc32

from spiders.items import (
    Article,
    CrawlReport,
    Entry,
    Kind,
    Look,
    Outcome,
    Source,
    Validators,
    host,
)
from tests.bench.generated_topic import Topic
from tests.bench.generated_words import SHARES, Vocabulary

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from datetime import datetime

    from monitor.core.topic import Pack
    from spiders.items import CrawlJob, Task
    from tests.bench.virtual_time import Shares

LISTED = 30  # entries of a feed
UNCHANGED, FAILED = 0.93, 0.01  # of the looks
ON_TOPIC = 0.02  # of the pages
DELAY = 1.0  # seconds between two requests to a host
_TEXTS = 400  # off topic in each language
_REPORTS = 3_000  # on topic
_PARTS, _LENGTH = 4, 600  # of a page, and the characters of each
_OLD = timedelta(hours=4)  # from one entry of a first look to the one before
_NEW = timedelta(minutes=4)  # likewise, of what a later look finds
_WEALTH = 0.1
_EACH = 4  # jobs in hand at a time, for each worker


def declared(many: int) -> list[Source]:
    """So many feeds, each of a host of its own, in the languages of the world's press."""
    chance = random.Random(31)
    languages = chance.choices([*SHARES], [*SHARES.values()], k=many)
    return [
        Source(f"paper-{n}", f"Paper {n}", f"https://paper-{n}.example/feed.xml", Kind.FEED, language)
        for n, language in enumerate(languages)
    ]


@dataclass
class Texts:
    """Titles and texts by language, and reports on topic (language, title, text) that are used one after another."""

    titles: dict[str, list[str]]
    texts: dict[str, list[str]]
    reports: list[tuple[str, str, str]]
    told: int = 0

    @classmethod
    def made(cls, pack: Pack, begin: datetime) -> Texts:
        """Make them in another process, whose vocabularies take half a gigabyte."""
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as maker:
            return maker.submit(_make, pack, begin).result()

    def page(self, chance: random.Random, url: str, language: str, at: datetime) -> Article:
        """What stands at an address."""
        if chance.random() < ON_TOPIC:
            language, title, text = self.reports[self.told % len(self.reports)]
            self.told += 1
            return Article(url, title, text, language, at)
        number = crc32(url.encode())
        titles, texts = self.titles[language], self.texts[language]
        # One word is the page's own: copies of each other are rare.
        return Article(url, titles[number % _TEXTS], f"{texts[number // 7 % _TEXTS]} {url}", language, at)


def _make(pack: Pack, begin: datetime) -> Texts:
    words = {language: Vocabulary(language, wealth=_WEALTH) for language in SHARES}
    chance = random.Random(32)
    topic = Topic(pack, words, _REPORTS, begin, timedelta(hours=3))
    return Texts(
        {name: [one.title(chance) for _ in range(_TEXTS)] for name, one in words.items()},
        {
            name: [" ".join(one.text(chance, _LENGTH) for _ in range(_PARTS)) for _ in range(_TEXTS)]
            for name, one in words.items()
        },
        [(topic.language(one), *topic.write(one)) for one in topic.reports()],
    )


class Web:
    """Runs jobs as a `Crawler` does.

    Attributes:
        looks, changed, failed, read: what it has answered so far.
        room: jobs in hand at a time.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        texts: Texts,
        now: Callable[[], datetime],
        shares: Shares,
        workers: int,
    ) -> None:
        self._texts, self._now, self._shares = texts, now, shares
        self._chance = random.Random(33)
        self._number = {source.name: n for n, source in enumerate(sources)}
        self._languages = [source.language or "en" for source in sources]
        self._published = array("l", bytes(8 * len(sources)))
        self.looks = self.changed = self.failed = self.read = 0
        self.pids: tuple[int, ...] = ()
        self.done: int | None = None
        self.room = _EACH * workers

    async def run(self, job: CrawlJob) -> AsyncIterator[CrawlReport]:
        """Each host on its own, one request after another."""
        arrived: asyncio.Queue[CrawlReport] = asyncio.Queue()
        with self._shares.of("web"):
            self._plan(job, arrived)
        for _ in job.tasks:
            yield await arrived.get()

    def change(self, *_: object, **__: object) -> None:
        """Nothing depends on options."""

    async def close(self) -> None:
        """Nothing to do."""

    def _plan(self, job: CrawlJob, arrived: asyncio.Queue[CrawlReport]) -> None:
        loop, free = asyncio.get_running_loop(), dict[str, float]()
        answer = self._shares.counted("web", self._answer)
        for task in job.tasks:
            place, lasts = host(task.url), self._chance.uniform(0.1, 2.0)  # type: ignore[union-attr]
            at = free.get(place, 0.0) + lasts
            free[place] = at + DELAY
            loop.call_later(at, answer, task, lasts, arrived)

    def _answer(self, task: Task, lasts: float, arrived: asyncio.Queue[CrawlReport]) -> None:
        report = self._look(task, lasts) if isinstance(task, Look) else self._page(task, lasts)
        arrived.put_nowait(report)

    def _page(self, task: Task, lasts: float) -> CrawlReport:
        self.read += 1
        url = task.url  # type: ignore[union-attr]
        number = int(url.partition("paper-")[2].partition(".")[0])
        article = self._texts.page(self._chance, url, self._languages[number], self._now())
        return CrawlReport(
            task.id, Outcome.OK, url=url, status=200, article=article, size=40_000, seconds=lasts
        )

    def _look(self, task: Look, lasts: float) -> CrawlReport:
        self.looks += 1
        number, drawn = self._number[task.source], self._chance.random()
        before = self._published[number]
        if drawn < FAILED:
            self.failed += 1
            return CrawlReport(task.id, Outcome.FAILED, "timeout", "no answer within 20 s", seconds=20.0)
        if before and drawn < FAILED + UNCHANGED and task.validators.etag:
            return CrawlReport(task.id, Outcome.UNCHANGED, url=task.url, status=304, seconds=lasts)
        self.changed += 1
        new = self._chance.randint(1, 3) if before else LISTED
        self._published[number] = before + new
        entries = tuple(self._entries(number, new, is_first=not before))
        tag = f'"{before + new}"'
        return CrawlReport(
            task.id,
            Outcome.OK,
            url=task.url,
            status=200,
            kind=Kind.FEED,
            entries=entries,
            validators=Validators(tag, None),
            size=60_000,
            seconds=lasts,
        )

    def _entries(self, number: int, new: int, *, is_first: bool) -> list[Entry]:
        language, last, now = self._languages[number], self._published[number], self._now()
        titles, first = self._texts.titles[language], _OLD * self._chance.random()
        return [
            Entry(
                f"https://paper-{number}.example/{last - place}.html",
                titles[(number + last - place) % _TEXTS],
                "",
                now - (first + _OLD * place if is_first or place >= new else _NEW * (place + 1)),
                language,
            )
            for place in range(min(LISTED, last))
        ]
