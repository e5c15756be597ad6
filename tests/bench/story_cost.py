"""What placing a text costs with 100,000 texts and 10,000 open stories in the book, and the same after a restart.

The texts are invented (`story_stream`). Two processes are measured: one that has run for twice as long as stories
stay open, and has closed the older ones; and one that is started anew with what the history gives it: signatures and
facts of the texts since then. Both must place the same texts alike. For a look at few texts:
`python tests/bench/story_cost.py live|anew 5000 FILE`.
"""

from __future__ import annotations

import gc
import json
import pickle
import resource
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

from story_corpus import PACK, ROOT
from story_stream import NOW, Press
from table import Line

from monitor.core.facts import facts
from monitor.core.matching import Matcher
from monitor.core.novelty import novelties
from monitor.core.signature import Signature, sign
from monitor.core.stories import WINDOW, StoryBook
from monitor.packs import load_pack, shipped

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.core.reading import Reading
    from monitor.core.statements import Fact
    from monitor.core.stories import Placement
    from spiders.items import Article

ARTICLES = 100_000
TIMED = 500
ASKED = 200
CHANNEL = "reader"
TOLD = 10  # one text in so many is told, beside the first of its story
NEW = 10**6  # numbers of stories that are opened while measuring begin here
TIDY = 1_000  # texts after which old stories are closed


class Entry(NamedTuple):
    """A text as the history gives it back."""

    story: int
    signature: Signature
    facts: tuple[Fact, ...]
    at: datetime
    told: bool


class Book:
    """All that this benchmark knows of how stories are kept."""

    def __init__(self) -> None:
        self.pack = load_pack(shipped(PACK))
        self._matcher = Matcher([self.pack])
        self._book = StoryBook()

    def read(self, article: Article) -> tuple[Reading, tuple[Fact, ...]]:
        """What stands before placing: not part of its cost."""
        (reading,) = self._matcher.read(article)
        return reading, facts(reading, self.pack)

    def sign(self, reading: Reading, stated: tuple[Fact, ...]) -> Signature:
        """The signature of a text that comes next."""
        return sign(reading, stated, self.pack, self._book.rarity(self.pack.name))

    def enter(self, one: Entry) -> None:
        """Take in a text whose story is known."""
        told = (CHANNEL,) if one.told else ()
        self._book.add(one.story, self.pack.name, one.signature, one.facts, one.at, one.at, told)

    def place(self, signature: Signature) -> Placement:
        """Where a text that is published now belongs."""
        return self._book.place(self.pack.name, signature, NOW)

    def compare(self, placed: Placement, stated: tuple[Fact, ...]) -> bool:
        """Whether a reader would be told."""
        known = self._book.told(placed.story, CHANNEL)
        return known is None or bool(novelties(stated, known, self.pack, placed.own, quotes=placed.is_copy))

    def bridge(self, story: int, placed: Placement) -> None:
        """Look whether the text shows that another story is the same; it is only asked for, so that both stay."""
        self._book.bridge(story, placed.near)

    def forget(self, now: datetime) -> None:
        """Close what is older than the window."""
        self._book.forget(now - WINDOW)


def cost() -> list[Line]:
    """The figures of both processes."""
    with TemporaryDirectory() as folder:
        kept = Path(folder) / "kept"
        live, anew = alone("live", kept), alone("anew", kept)
    alike = sum(one == other for one, other in zip(live["placed"], anew["placed"], strict=True))
    return [
        Line(
            f"{live['articles']:,} texts, {live['stories']:,} open stories: one more, CPU",
            _times(live),
            "median <= 1 ms",
            ok=live["median"][0] <= 1,
        ),
        Line(
            "  sign, place, compare and enter", ", ".join(f"{one:.2f}" for one in live["median"][1:]) + " ms"
        ),
        Line("  in their own story; as new ones of their own", f"{live['own']:.2f}; {live['opened']:.2f}"),
        Line("  memory; with the pack alone", f"{live['memory']:,.0f} MB; {live['empty']:,.0f} MB"),
        Line(
            "after a restart: placed alike",
            f"{alike} of {ASKED}",
            f"all {ASKED}",
            ok=alike == ASKED,
        ),
        Line("  one more, CPU", _times(anew)),
        Line("  memory", f"{anew['memory']:,.0f} MB"),
        Line("  built anew", f"{anew['built']:.1f} s CPU"),
    ]


def _times(measured: dict[str, Any]) -> str:
    return f"median {measured['median'][0]:.2f} ms, p95 {measured['p95']:.2f} ms"


def alone(which: str, kept: Path) -> dict[str, Any]:
    """The measurements of a process of its own."""
    run = subprocess.run(
        [sys.executable, __file__, which, str(ARTICLES), kept], stdout=subprocess.PIPE, check=True, cwd=ROOT
    )
    measured: dict[str, Any] = json.loads(run.stdout)
    return measured


def measure(which: str, articles: int, kept: Path) -> dict[str, Any]:
    """Fill the book, ask it where texts belong, then time some more."""
    book = Book()
    press = Press(book.pack, articles, articles // 10)
    empty = memory()
    filled = live(book, press, kept) if which == "live" else anew(book, kept)
    gc.collect()
    gc.freeze()  # as the service does
    asked = (book.sign(*book.read(article)) for _, article in press.probes(ASKED, seed=1))
    placed = [book.place(signature).story for signature in asked]
    return {"empty": empty, "placed": placed, **filled, **timed(book, press), "memory": memory()}


def live(book: Book, press: Press, kept: Path) -> dict[str, float]:
    """Take in every text there ever was, and keep those of the window as the history would."""
    open_since, stories, number = NOW - WINDOW, set(), 0
    with kept.open("wb") as file:
        for place, one in enumerate(press.reports()):
            article = press.article(press.stories[one.story], one.number, one.at)
            reading, stated = book.read(article)
            entry = Entry(one.story, book.sign(reading, stated), stated, one.at, one.number % TOLD == 0)
            book.enter(entry)
            if place % TIDY == 0:
                book.forget(one.at)
            if one.at >= open_since:
                pickle.dump(entry, file)
                stories.add(one.story)
                number += 1
    book.forget(NOW)
    return {"articles": number, "stories": len(stories)}


def anew(book: Book, kept: Path) -> dict[str, float]:
    """Take in what the history gives back."""
    begun = time.process_time()
    with kept.open("rb") as file, suppress(EOFError):
        while True:
            book.enter(pickle.load(file))
    book.forget(NOW)
    return {"built": time.process_time() - begun}


def timed(book: Book, press: Press) -> dict[str, Any]:
    """Milliseconds of CPU for each step with some more texts, and where they were placed."""
    steps, own, opened = [], [], []
    for number, (story, article) in enumerate(press.probes(TIMED, seed=2)):
        reading, stated = book.read(article)
        begun = time.process_time()
        signature = book.sign(reading, stated)
        signed = time.process_time()
        placement = book.place(signature)
        placed = time.process_time()
        told = book.compare(placement, stated)
        joined = NEW + number if placement.story is None else placement.story
        book.enter(Entry(joined, signature, stated, NOW, told))
        book.bridge(joined, placement)
        ended = time.process_time()
        steps.append((ended - begun, signed - begun, placed - signed, ended - placed))
        (opened if story is None else own).append(placement.story == story)
    return {
        "median": [1000 * median(step) for step in zip(*steps, strict=True)],
        "p95": 1000 * sorted(step[0] for step in steps)[int(TIMED * 0.95)],
        "own": sum(own) / len(own),
        "opened": sum(opened) / len(opened),
    }


def memory() -> float:
    """The most that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))))
