"""A history of as many articles as one wants: `python -m tests.bench.generated_history PATH [--articles N]`.

Texts of about 600 characters in eleven languages over two years, three in a hundred on topic. What is on topic goes
through the service's own parts, so that matches, facts, stories and alerts are what they would be; the rest is
written in large transactions. The same numbers give the same history. Beside it stands a file that says which words
were planted in how many articles.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
import time
from collections import deque
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.core.alerting import Freshness
from monitor.core.matching import Matcher
from monitor.core.models import Fetched, Pending, Reason
from monitor.jobs.ingest import Ingestor
from monitor.packs import load_pack, shipped
from monitor.store.columns import chain_hash, content_hash, time_text
from monitor.store.database import add_all, change, open_history, rows, transaction
from monitor.store.history import History
from monitor.store.indexing import empty, fill
from spiders.items import Article, Entry
from tests.bench.generated_ledger import ROUTES, told
from tests.bench.generated_topic import Topic
from tests.bench.generated_watching import declare, outlets, watched
from tests.bench.generated_words import SHARES, Planted, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from monitor.store.database import Database
    from spiders.items import Source
    from tests.bench.generated_topic import Report

PACK = "dprk-russia"
UNTIL = datetime(2026, 11, 26, tzinfo=UTC)
LASTS = timedelta(days=730)
ON_TOPIC = 0.03
_TOLD_EVERY = 50_000  # articles
_INDEXED = 20_000  # articles of a transaction
_COPIED = 0.03  # of the articles off topic repeat another one, word for word
_SKIPPED = 0.1  # entries that were not read, for each that was


@dataclass(frozen=True)
class _Page:
    """An article off topic, before it is stored."""

    url: str
    source: str
    language: str
    title: str
    text: str
    found: datetime
    read: datetime


class Maker:
    """Fills an empty history.

    Args:
        db: the history.
        articles: how many it is to have, roughly: later versions of pages are not counted.
        wealth: of words, as `Vocabulary` has it.
        until: when it ends.
    """

    def __init__(self, db: Database, articles: int, wealth: float = 1.0, until: datetime = UNTIL) -> None:
        self._db, self._articles = db, articles
        self._begin, self._until = until - LASTS, until
        self._words = {language: Vocabulary(language, wealth=wealth) for language in SHARES}
        self._chance = random.Random(1)
        self._sources = outlets(self._words, articles)
        self._ranks = {
            language: list(accumulate(1 / (rank + 1) for rank in range(len(some))))
            for language, some in self._sources.items()
        }
        self._pack = load_pack(shipped(PACK))
        self._ingestor = Ingestor(History(db), Matcher([self._pack]), ROUTES, Freshness())
        self._latest = {language: deque[tuple[str, str]](maxlen=50) for language in SHARES}
        self._told: dict[tuple[int, int], Pending] = {}  # pages on topic that may be read again
        self._day = 0

    def make(self) -> Iterator[int]:
        """Do it; tells now and then how many articles there are, and how many are in the index of words."""
        with transaction(self._db):  # words are put into the index at the end: so it is made of large pieces
            change(self._db, "UPDATE search_state SET covered_from = ?", (2**62,))
        declare(self._db, self._sources, self._begin)
        on_topic = max(1, round(self._articles * ON_TOPIC))
        topic = Topic(self._pack, self._words, on_topic, self._begin, LASTS)
        reports = deque(topic.reports())
        pages: list[_Page] = []
        for number, at in enumerate(_moments(self._begin, self._articles - on_topic)):
            if number % _TOLD_EVERY == 0:
                yield number
            while reports and reports[0].at <= at:
                self._store(pages)
                self._report(topic, reports.popleft())
                pages = []
            pages.append(self._page(at, number))
        self._store(pages)
        for report in reports:
            self._report(topic, report)
        watched(self._db, self._articles, self._until)
        told(self._db, self._until)
        yield from self._index()

    def planted(self) -> list[Planted]:
        """What can be searched for, and how many articles hold it."""
        return [one for vocabulary in self._words.values() for one in vocabulary.sown()]

    def _index(self) -> Iterator[int]:
        """Put all texts into the index of words; tells how many there are in it."""
        with transaction(self._db):
            empty(self._db)
        done = 0
        while True:
            with transaction(self._db):
                many = fill(self._db, limit=_INDEXED)
            if not many:
                return
            done += many
            yield done

    def _page(self, at: datetime, number: int) -> _Page:
        chance = self._chance
        (language,) = chance.choices([*SHARES], [*SHARES.values()])
        source = self._source(language)
        if self._latest[language] and chance.random() < _COPIED:
            title, text = chance.choice(self._latest[language])
        else:
            words = self._words[language]
            title, text = words.title(chance), words.text(chance, chance.randint(250, 950))
            # What is planted is counted once for each text: one that holds it is not copied.
            if not words.sows:
                self._latest[language].append((title, text))
        url = f"https://{source.name}.example/{at:%Y/%m/%d}/{number}"
        found = at - timedelta(seconds=chance.randint(5, 90))
        return _Page(url, source.name, language, title, text, found, at)

    def _source(self, language: str) -> Source:
        return self._chance.choices(self._sources[language], cum_weights=self._ranks[language])[0]

    def _report(self, topic: Topic, report: Report) -> None:
        """Take in an article on topic, or a page that says more by now, as the service does."""
        if (report.at - self._begin).days > self._day:
            self._day = (report.at - self._begin).days
            self._ingestor.forget(report.at)
        title, text = topic.write(report)
        pending = self._told.pop((report.story, report.number), None)
        if pending is None:
            pending = self._told[report.story, report.number] = self._found(topic, report, title)
        url, published = pending.entry.url, pending.entry.published
        article = Article(url, title, text, pending.language, published)
        self._ingestor.take(pending, article, report.at, Fetched(url))

    def _found(self, topic: Topic, report: Report, title: str) -> Pending:
        """Store that a source listed a page on topic."""
        language, chance = topic.language(report), random.Random(f"{report}")
        source = self._source(language)
        found = report.at - timedelta(seconds=chance.randint(5, 90))
        published = found - timedelta(minutes=chance.expovariate(1 / 12))
        url = f"https://{source.name}.example/{report.at:%Y/%m/%d}/topic-{report.story}-{report.number}"
        entry = Entry(url, title, "", published)
        row = {
            "url": url,
            "host": f"{source.name}.example",
            "source": source.name,
            "title": title,
            "published": time_text(published),
            "found_at": time_text(found),
            "state": "to_read",
        }
        with transaction(self._db):
            add_all(self._db, "entries", [row])
        return Pending(entry, source.name, language, found)

    def _store(self, pages: Sequence[_Page]) -> None:
        """Store pages off topic, in one transaction."""
        with transaction(self._db):
            (last,) = rows(
                self._db,
                """SELECT ifnull((SELECT max(id) FROM articles), 0) AS article,
                    ifnull((SELECT max(id) FROM entries), 0) AS entry""",
            )
            numbered = [(last["article"] + nth, page) for nth, page in enumerate(pages, start=1)]
            add_all(self._db, "articles", (self._article(number, page) for number, page in numbered))
            add_all(self._db, "revisions", (_revision(number, page) for number, page in numbered))
            entries = [
                _entry(last["entry"] + nth, number, page)
                for nth, (number, page) in enumerate(numbered, start=1)
            ]
            add_all(self._db, "entries", entries)
            listed = ({"entry": e["id"], "source": e["source"], "found_at": e["found_at"]} for e in entries)
            add_all(self._db, "entry_sources", listed)
            add_all(self._db, "entries", self._unread(pages))

    def _article(self, number: int, page: _Page) -> dict[str, Any]:
        published = page.found - timedelta(minutes=self._chance.expovariate(1 / 12))
        return {
            "id": number,
            "url": page.url,
            "source": page.source,
            "title": page.title,
            "language": page.language,
            "published": time_text(published),
            "read_at": time_text(page.read),
            "changed_at": time_text(page.read),
            "reason": Reason.NO_RULE_MATCHED,
        }

    def _unread(self, pages: Iterable[_Page]) -> Iterator[dict[str, Any]]:
        """Entries that were skipped, or could not be read."""
        for page in pages:
            lot = self._chance.random()
            if lot < _SKIPPED:
                failed = lot < _SKIPPED / 10
                yield {
                    "url": f"{page.url}/beside",
                    "host": f"{page.source}.example",
                    "source": page.source,
                    "title": page.title,
                    "found_at": time_text(page.found),
                    "state": "failed" if failed else "skipped",
                    "reason": "http_404" if failed else Reason.SKIMMED,
                    "detail": "the server answered 404" if failed else "",
                    "attempts": 3 if failed else 0,
                    "ended_at": time_text(page.read),
                }


def _revision(number: int, page: _Page) -> dict[str, Any]:
    digest, read = content_hash(page.title, page.text), time_text(page.read)
    return {
        "article": number,
        "number": 1,
        "title": page.title,
        "text": page.text,
        "content_hash": digest,
        "chain": chain_hash("", page.url, 1, read, digest),
        "read_at": read,
        "reason": Reason.NO_RULE_MATCHED,
    }


def _entry(key: int, article: int, page: _Page) -> dict[str, Any]:
    return {
        "id": key,
        "url": page.url,
        "host": f"{page.source}.example",
        "source": page.source,
        "title": page.title,
        "found_at": time_text(page.found),
        "state": "read",
        "reason": Reason.NO_RULE_MATCHED,
        "ended_at": time_text(page.read),
        "article": article,
    }


def _moments(begin: datetime, number: int) -> Iterator[datetime]:
    """When articles are read: more by day than by night, fewer at weekends."""
    hours = LASTS // timedelta(hours=1)
    weights = list(accumulate(_bustle(begin + timedelta(hours=hour)) for hour in range(hours)))
    done = 0
    for hour, weight in enumerate(weights):
        due = round(number * weight / weights[-1]) - done
        at = begin + timedelta(hours=hour)
        yield from (at + timedelta(hours=1) * nth / due for nth in range(due))
        done += due


def _bustle(at: datetime) -> float:
    """How much happens at an hour of the week."""
    return (0.3 + max(0.0, math.sin((at.hour - 5) / 16 * math.pi))) * (0.55 if at.weekday() >= 5 else 1.0)


def generate(
    path: Path, articles: int, *, wealth: float = 1.0, report: Callable[[int], None] = lambda _: None
) -> None:
    """Make a history at a path where nothing is yet, and the list of what is planted beside it."""
    with closing(open_history(path)) as db:
        # Nothing is lost if this is cut off: it is made again.
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -400000"):
            db.execute(f"PRAGMA {pragma}").fetchall()
        maker = Maker(db, articles, wealth)
        for done in maker.make():
            report(done)
        planted_beside(path).write_text(
            json.dumps([asdict(one) for one in maker.planted()], ensure_ascii=False, indent=1),
            encoding="utf-8",
        )
        db.execute("PRAGMA journal_mode = WAL").fetchall()


def planted_beside(path: Path) -> Path:
    """Where it is said what is planted in a history."""
    return path.with_name(f"{path.name}.planted.json")


def planted(path: Path) -> list[Planted]:
    """What is planted in a history that `generate` made."""
    found = json.loads(planted_beside(path).read_text(encoding="utf-8"))
    return [Planted(**{**one, "words": tuple(one["words"])}) for one in found]


def main() -> int:
    """Make one as asked for."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("path", type=Path)
    options.add_argument("--articles", type=int, default=1_000_000)
    asked = options.parse_args()
    if asked.path.exists():
        print(f"{asked.path} is there already", file=sys.stderr)
        return 2
    begun = time.monotonic()
    generate(asked.path, asked.articles, report=lambda done: print(f"{done} articles", flush=True))
    size = asked.path.stat().st_size / 1e6
    print(f"{asked.articles} articles, {size:.0f} MB, {time.monotonic() - begun:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
