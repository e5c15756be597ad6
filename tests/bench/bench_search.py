"""How fast, how large and how complete search is: `python -m tests.bench.bench_search [HISTORY] [--articles N]`.

Without a history that `tests.bench.generated_history` made, a small one is made. Beside our index stand two of FTS5
as it comes, over the newest of the same texts. The last lines need ../shared/corpus, and are left out without it.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from monitor.core.models import Ingest, Reason
from monitor.core.searching.names import Names
from monitor.packs import load_pack, shipped
from monitor.store.database import open_history, rows, transaction
from monitor.store.ingesting import store
from monitor.store.search import Search
from spiders.items import Article
from tests.bench.generated_history import PACK, generate, planted, planted_beside
from tests.bench.search_rivals import Rival, as_match
from tests.bench.search_words import TRIES
from tests.bench.table import Line, show

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from monitor.store.database import Database
    from tests.bench.generated_words import Planted

TOPIC = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "topic" / "articles.jsonl"
NOW = datetime(2026, 11, 26, tzinfo=UTC)
P95, SIZE, RATE = 50.0, 0.60, 2000.0  # milliseconds, of the texts, articles a second
_RIVALS = ("unicode61", "trigram")
_COMPARED = 20_000  # articles that the other indexes take: trigram would take an hour for a million
_SHORT = frozenset({"ja", "zh", "ko"})


def main() -> int:
    """Measure; 1 if a line misses what is wanted."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("history", nargs="?", type=Path)
    options.add_argument("--articles", type=int, default=20_000, help="of the history that is made")
    asked = options.parse_args()
    with TemporaryDirectory() as folder:
        path = asked.history or Path(folder) / "history.db"
        if asked.history is None:
            generate(path, asked.articles)
        else:  # what is stored to measure that must not stay in it
            path = Path(folder) / asked.history.name
            shutil.copyfile(asked.history, path)
            shutil.copyfile(planted_beside(asked.history), planted_beside(path))
        lines = measured(path, Path(folder))
    return show([*lines, *relevant()])


def measured(path: Path, folder: Path) -> list[Line]:
    """Speed and size on a generated history."""
    with closing(open_history(path)) as db:
        (known,) = rows(db, "SELECT count(*) AS many, max(id) AS last FROM articles")
        lines = [Line("articles", f"{known['many']:,}"), *sizes(db)]
        search, sown = Search(db), planted(path)
        for name, ask in KINDS.items():
            if questions := [ask(one) for one in sown if ask(one)]:  # a small history has no rare words
                lines.append(timed(name, questions, search))
        lines.append(rate(db))
        lines += beside(db, folder, sown)
    return lines


def _asked(
    kind: str, shape: Callable[[Planted], str], languages: frozenset[str] | None = None
) -> Callable[..., str]:
    def ask(one: Planted) -> str:
        return shape(one) if one.kind == kind and (languages is None or one.language in languages) else ""

    return ask


def _phrase(one: Planted) -> str:
    return f'"{("" if one.language in {"ja", "zh"} else " ").join(one.words)}"'


KINDS = {
    "rare words": _asked("rare", lambda one: one.words[0]),
    "seldom words": _asked("seldom", lambda one: one.words[0]),
    "common words": _asked("common", lambda one: one.words[0]),
    "two signs": _asked("common", lambda one: one.words[0], _SHORT),
    "phrases": _asked("phrase", _phrase),
    "words apart": _asked("apart", lambda one: " ".join(one.words)),
    "prefixes": _asked("prefix", lambda one: f"{one.words[0]}*"),
}


def timed(name: str, questions: Sequence[str], search: Search) -> Line:
    """How long the first page of an answer takes, the newest first, with snippets."""
    spent, worked, found = [], [], 0
    for question in questions * 3:
        begun, busy = time.perf_counter(), time.process_time()
        found += len(search.find(question, NOW).hits)
        spent.append((time.perf_counter() - begun) * 1000)
        worked.append((time.process_time() - busy) * 1000)
    cuts, cpu = quantiles(spent, n=100), quantiles(worked, n=100)
    said = f"p50 {cuts[49]:.1f} ms, p95 {cuts[94]:.1f} ms, of CPU {cpu[94]:.1f} ms ({found // 3} found)"
    return Line(name, said, f"p95 ≤ {P95:g} ms", cuts[94] <= P95)


def sizes(db: Database) -> Iterator[Line]:
    """What the index takes, beside the texts of which it is made."""
    (texts,) = rows(db, "SELECT sum(length(CAST(title || text AS BLOB))) AS size FROM revisions")
    found = rows(db, "SELECT name, sum(pgsize) AS size FROM dbstat WHERE name LIKE 'search%' GROUP BY name")
    share = sum(row["size"] for row in found) / texts["size"]
    said = f"{share:.0%} of {texts['size'] / 1e6:,.0f} MB of text"
    yield Line("index", said, f"≤ {SIZE:.0%}", share <= SIZE)


def rate(db: Database, many: int = 10_000) -> Line:
    """How many articles a second are stored with their words, a hundred in a transaction."""
    found = rows(
        db,
        """SELECT articles.title, text, language, source FROM articles
        JOIN revisions ON article = articles.id AND number = 1 ORDER BY articles.id DESC LIMIT ?""",
        (many,),
    )
    items = [
        Ingest(
            url,
            row["source"],
            Article(url, row["title"], row["text"], row["language"]),
            NOW,
            Reason.NO_RULE_MATCHED,
        )
        for number, row in enumerate(found)
        for url in (f"https://bench.example/{number}",)
    ]
    begun, spent = time.perf_counter(), time.process_time()
    for start in range(0, many, 100):
        with transaction(db):
            for item in items[start : start + 100]:
                store(db, item)
    per_second = many / (time.process_time() - spent)
    said = f"{per_second:,.0f} a second of CPU ({many / (time.perf_counter() - begun):,.0f} on the clock)"
    return Line("ingest with index", said, f"≥ {RATE:,.0f}", per_second >= RATE)


def beside(db: Database, folder: Path, sown: Sequence[Planted]) -> Iterator[Line]:
    """The same questions to FTS5 as it comes, over the newest texts."""
    found = rows(
        db,
        """SELECT articles.id, articles.title, text FROM articles JOIN revisions ON article = articles.id
        ORDER BY articles.id DESC LIMIT ?""",
        (_COMPARED,),
    )
    texts = [(row["id"], row["title"], row["text"]) for row in {row["id"]: row for row in found}.values()]
    size = sum(len(f"{title}{text}".encode()) for _, title, text in texts)
    for name in _RIVALS:
        with closing(Rival(name, folder / f"{name}.db")) as rival:
            rival.take(reversed(texts))
            yield Line(
                f"{name} on {len(texts):,}",
                f"{rival.size / size:.0%} of the text, {len(texts) / rival.seconds:,.0f} a second of CPU",
            )
            for kind, ask in KINDS.items():
                if asked := [one for one in sown if ask(one)]:
                    yield _rival(kind, asked, rival)


def _rival(kind: str, asked: Sequence[Planted], rival: Rival) -> Line:
    spent, found = [], 0
    for one in asked * 3:
        words = ("".join(one.words),) if one.kind == "phrase" and one.language in {"ja", "zh"} else one.words
        match = as_match(words, is_phrase=one.kind == "phrase", is_prefix=one.kind == "prefix")
        begun = time.perf_counter()
        found += len(rival.find(match))
        spent.append((time.perf_counter() - begun) * 1000)
    cuts = quantiles(spent, n=100)
    return Line(f"  {kind}", f"p50 {cuts[49]:.1f} ms, p95 {cuts[94]:.1f} ms ({found // 3} found)")


def relevant() -> Iterator[Line]:
    """Which relevant texts of the corpus are found by three tries of a person."""
    if not TOPIC.exists():
        yield Line("relevant texts", "SKIPPED: there is no shared/corpus beside this checkout")
        return
    texts = [json.loads(line) for line in TOPIC.read_text(encoding="utf-8").splitlines()]
    wanted = [text for text in texts if text["label"] == "relevant"]
    with closing(open_history(None)) as db, TemporaryDirectory() as folder:
        rivals = [Rival(name, Path(folder) / f"{name}.db") for name in _RIVALS]
        with transaction(db):
            keys = {text["id"]: _stored(db, number, text) for number, text in enumerate(wanted)}
        for rival in rivals:
            rival.take((keys[text["id"]], text["title"] or "", text["text"]) for text in wanted)
        plain, named = Search(db), Search(db, Names([load_pack(shipped(PACK))]))
        for language, tries in TRIES.items():
            there = {keys[text["id"]] for text in wanted if text["lang"] == language}
            found = {
                "ours": _found(there, tries, lambda asked: _keys(named, asked)),
                "without packs": _found(there, tries, lambda asked: _keys(plain, asked)),
            } | {
                rival.name: _found(
                    there, tries, lambda asked, rival=rival: rival.find(as_match(asked.split()), 1000)
                )
                for rival in rivals
            }
            said = ", ".join(f"{name} {len(keys)}" for name, keys in found.items())
            missed = there - found["ours"]
            yield Line(f"{language}: {', '.join(tries)}", said, f"all {len(there)}", not missed)
        for rival in rivals:
            rival.close()


def _stored(db: Database, number: int, text: dict[str, str]) -> int:
    url = f"https://corpus.example/{number}"
    article = Article(url, text["title"] or "", text["text"], text["lang"])
    return store(db, Ingest(url, "corpus", article, NOW - timedelta(hours=1), Reason.NO_RULE_MATCHED)).article


def _keys(search: Search, asked: str) -> list[int]:
    return [hit.article for hit in search.find(asked, NOW, limit=1000).hits]


def _found(there: set[int], tries: Sequence[str], find: Callable[[str], Sequence[int]]) -> set[int]:
    return there & {key for asked in tries for key in find(asked)}


if __name__ == "__main__":
    sys.exit(main())
