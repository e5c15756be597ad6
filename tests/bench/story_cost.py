"""What placing a text costs with 100,000 texts and 10,000 open stories in the book, and the same after a restart.

The texts are invented (`story_stream`). Two processes are measured: one that has been running for four weeks and has
closed its older stories, and one that is started anew with what the history gives it: the texts of the last two. Both
must place the same texts alike. For a look at few: `python tests/bench/story_cost.py live|anew 5000`.
"""

from __future__ import annotations

import gc
import json
import resource
import subprocess
import sys
import time
from statistics import median
from typing import TYPE_CHECKING, Any

from story_corpus import PACK, ROOT
from story_stream import NOW, Press
from table import Line

from monitor.core.facts import facts
from monitor.core.matching import Matcher
from monitor.core.novelty import novelties
from monitor.core.stories import WINDOW, StoryBook, sign
from monitor.packs import load_pack, shipped

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.core.models import Fact
    from monitor.core.reading import Reading
    from spiders.items import Article

ARTICLES = 100_000
TIMED = 500
ASKED = 200
CHANNEL = "reader"
TOLD = 10  # one text in so many is told, beside the first of its story


class Book:
    """All that this benchmark knows of how stories are kept."""

    def __init__(self) -> None:
        self._pack = load_pack(shipped(PACK))
        self._matcher = Matcher([self._pack])
        self._book = StoryBook()
        self._articles = 0

    def press_of(self, articles: int) -> Press:
        """A stream about the pack's topic, with a tenth as many stories."""
        return Press(self._pack, articles, articles // 10)

    def read(self, article: Article) -> tuple[Reading, tuple[Fact, ...]]:
        """What stands before placing: not part of its cost."""
        (reading,) = self._matcher.read(article)
        return reading, facts(reading, self._pack)

    def add(self, story: int, article: Article, at: datetime, *, told: bool) -> None:
        """Enter a text whose story is known."""
        reading, stated = self.read(article)
        self._enter(story, sign(reading, stated, self._pack), stated, at, told=told)

    def ask(self, article: Article) -> int | None:
        """The story that a text would be placed in, None for one of its own."""
        reading, stated = self.read(article)
        return self._book.place(self._pack.name, sign(reading, stated, self._pack), NOW).story

    def take(self, reading: Reading, stated: tuple[Fact, ...], new: int) -> int | None:
        """Sign, place, compare with what was told, enter: under the number `new` if it opens a story."""
        signature = sign(reading, stated, self._pack)
        placed = self._book.place(self._pack.name, signature, NOW).story
        known = self._book.told(placed, CHANNEL) or ()
        told = placed is None or bool(novelties(stated, known, self._pack.news))
        self._enter(new if placed is None else placed, signature, stated, NOW, told=told)
        return placed

    def forget(self) -> None:
        """Close what is older than the window."""
        self._book.forget(NOW - WINDOW)

    def _enter(
        self, story: int, signature: Any, stated: tuple[Fact, ...], at: datetime, *, told: bool
    ) -> None:
        self._articles += 1
        self._book.add(story, self._pack.name, signature, stated, at, (CHANNEL,) if told else ())


def cost() -> list[Line]:
    """The figures of both processes."""
    live, anew = alone("live", ARTICLES), alone("anew", ARTICLES)
    alike = sum(one == other for one, other in zip(live["placed"], anew["placed"], strict=True))
    return [
        Line(
            f"{live['articles']:,} texts, {live['stories']:,} open stories: placing one, CPU",
            f"median {live['median']:.2f} ms, p95 {live['p95']:.2f} ms",
            "median <= 1 ms",
            ok=live["median"] <= 1,
        ),
        Line("  in their own story; as new ones of their own", f"{live['own']:.2f}; {live['opened']:.2f}"),
        Line("  memory; with the pack alone", f"{live['memory']:,.0f} MB; {live['empty']:,.0f} MB"),
        Line(
            "after a restart: placed alike",
            f"{alike} of {ASKED}",
            f"all {ASKED}",
            ok=alike == ASKED,
        ),
        Line("  placing one, CPU", f"median {anew['median']:.2f} ms, p95 {anew['p95']:.2f} ms"),
        Line("  memory", f"{anew['memory']:,.0f} MB"),
        Line("  built anew, with reading every text", f"{anew['built']:.0f} s CPU"),
    ]


def alone(which: str, articles: int) -> dict[str, Any]:
    """The measurements of a process of its own."""
    run = subprocess.run(
        [sys.executable, __file__, which, str(articles)], stdout=subprocess.PIPE, check=True, cwd=ROOT
    )
    measured: dict[str, Any] = json.loads(run.stdout)
    return measured


def measure(which: str, articles: int) -> dict[str, Any]:
    """Build the book, ask it where texts belong, then time some more."""
    book = Book()
    press = book.press_of(articles)
    reports = press.reports()
    since = NOW - WINDOW
    kept = [one for one in reports if one.at >= since]
    empty, built = memory(), 0.0
    for one in reports if which == "live" else kept:
        article = press.article(press.stories[one.story], one.number, one.at)
        begun = time.process_time()
        book.add(one.story, article, one.at, told=one.number % TOLD == 0)
        built += time.process_time() - begun
    book.forget()
    gc.collect()
    gc.freeze()
    placed = [book.ask(article) for _, article in press.probes(ASKED, seed=1)]
    return {
        "articles": len(kept),
        "stories": len({one.story for one in kept}),
        "empty": empty,
        "built": built,
        "placed": placed,
        **timed(book, press),
        "memory": memory(),
    }


def timed(book: Book, press: Press) -> dict[str, float]:
    """Milliseconds of CPU for each of some more texts, and where they were placed."""
    times, own, opened = [], [], []
    for number, (story, article) in enumerate(press.probes(TIMED, seed=2)):
        reading, stated = book.read(article)
        begun = time.process_time()
        placed = book.take(reading, stated, new=10**6 + number)
        times.append(1000 * (time.process_time() - begun))
        (opened if story is None else own).append(placed == story)
    return {
        "median": median(times),
        "p95": sorted(times)[int(TIMED * 0.95)],
        "own": sum(own) / len(own),
        "opened": sum(opened) / len(opened),
    }


def memory() -> float:
    """The most that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2]))))
