"""What people search the history for. The index names articles, and the engine of the rules reads them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime  # noqa: TC003  part of the public values
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from monitor.core.errors import InputError
from monitor.core.reading import Origin
from monitor.core.searching import demand as d
from monitor.core.searching.asking import Also, read_question
from monitor.core.searching.names import Names
from monitor.core.searching.seeking import Seeker, score
from monitor.core.searching.snippets import Piece, snippet, title_pieces
from monitor.store.columns import read_optional_time, read_time, time_text
from monitor.store.database import rows, snapshot
from monitor.store.indexing import waiting_words
from monitor.store.regrouping import place_of
from monitor.store.values import read_article

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from monitor.core.searching.asking import Question
    from monitor.core.searching.limits import Limits
    from monitor.core.searching.seeking import Hits
    from monitor.store.database import Database

MOST_TEXTS = 5_000
"""Texts that are read for one answer, unless more is asked for."""

_BEST_OF = 300  # the newest that answer, from which the best are chosen
_SPARE, _LARGEST_PAGE = (
    10,
    500,
)  # texts that are read at a time: a few more than are wanted, then more and more
_MOST_WORDS = 400  # words that a beginning stands for; beyond, the index is asked for all that begin so


@dataclass(frozen=True, slots=True)
class SearchHit:
    """An article that answers.

    Attributes:
        article: its key.
        title: of its newest text, divided into what was found and the rest.
        source: name of the source that led to it; `outlet` as readers know it.
        published: as the page says; `read_at` is when it was first read.
        story: the story it belongs to; None if it is not on topic.
        snippet: the part of its text that says most about why it was found.
        score: how well it answers, among the same answer.
    """

    article: int
    url: str
    title: tuple[Piece, ...]
    source: str
    outlet: str
    language: str | None
    published: datetime | None
    day_only: bool
    read_at: datetime
    story: int | None
    snippet: tuple[Piece, ...]
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found.

    Attributes:
        hits: newest first, or best first.
        also: other names that were looked for.
        older: where to go on: what to give as `older_than`; None if nothing older can answer.
        texts: how many texts were read for it.
        is_cut: whether there may be more: it ends because enough texts were read, or, of the best, because enough
            answered.
    """

    hits: tuple[SearchHit, ...]
    also: tuple[Also, ...] = ()
    older: int | None = None
    texts: int = 0
    is_cut: bool = False


class Search:
    """Searches the history. Its methods may raise DatabaseBusy, DatabaseDamaged or StorageError.

    Args:
        db: the history.
        names: what the installed packs know; without them no names are added to what was typed.
    """

    def __init__(self, db: Database, names: Names | None = None) -> None:
        self._db = db
        self._names = names or Names()

    def find(
        self,
        text: str,
        now: datetime,
        *,
        limit: int = 20,
        best: bool = False,
        older_than: int | None = None,
        most_texts: int = MOST_TEXTS,
    ) -> Answer:
        """The articles whose newest text answers the question: the newest first, by when they were first read.

        Args:
            text: what was typed, in the language of docs/search.md.
            now: what `30d` counts from.
            limit: how many.
            best: the best first, of the newest 300 that answer; there is no older page then.
            older_than: only articles with a lower key: `older` of the last answer.
            most_texts: at most so many texts are read.

        Raises:
            RuleError: it cannot be read; the place names the column.
            InputError: there is no such story.
        """
        with snapshot(self._db):
            question = read_question(text, self._names, self._forms, now)
            seeker = Seeker(question)
            wanted = max(limit, _BEST_OF) if best else limit
            found: list[tuple[Mapping[str, Any], Hits]] = []
            row, texts = None, 0
            for row in self._texts(question, older_than, limit):
                texts += 1
                if (hits := self._hits(seeker, row)) is not None:
                    found.append((row, hits))
                if len(found) == wanted or texts == most_texts:
                    break
            else:
                row = None  # nothing is left
            is_cut = row is not None and (best or len(found) < wanted)
        return Answer(
            hits=_best(found, limit) if best else tuple(_hit(row, hits) for row, hits in found),
            also=question.also,
            older=None if row is None or best else row["id"],
            texts=texts,
            is_cut=is_cut,
        )

    def _hits(self, seeker: Seeker, row: Mapping[str, Any]) -> Hits | None:
        """The words by which the article in the row answers; None if it does not."""
        limits, read_at = seeker.question.limits, read_time(row["read_at"])
        if (limits.after and read_at < limits.after) or (limits.before and read_at >= limits.before):
            return None
        origin = Origin(row["source"], tuple(json.loads(row["tags"])))
        return seeker.hits(read_article(row), origin)

    def _texts(self, question: Question, below: int | None, limit: int) -> Iterator[Mapping[str, Any]]:
        """The articles in which the question could hold, with their newest texts: the newest first."""
        size = limit + _SPARE
        keys = self._keys(question, below)
        while page := [key for (key,) in islice(keys, size)]:
            yield from rows(self._db, _TEXTS, (json.dumps(page),))
            size = min(2 * size, _LARGEST_PAGE)

    def _keys(self, question: Question, below: int | None) -> Iterator[tuple[int]]:
        """The keys of these articles."""
        limits = question.limits
        first, last = self._between(limits)
        last = min(last, _LAST if below is None else below - 1)
        if limits.story is not None:
            return self._rows(_OF_STORY, (self._story(limits.story), first, last))
        demand = self._demand(question)
        if demand == d.NOTHING:
            indexed: Iterator[tuple[int]] = iter(())
        elif demand == d.ANYTHING:
            return self._rows(_ALL, (first, last))
        else:
            indexed = self._rows(_INDEXED, (d.written(demand), first, last))
        # The newest articles are not in the index yet, and while it is made anew, nor are the oldest: each of them
        # could answer.
        low, high = next(self._rows("SELECT covered_from, covered_to FROM search_state", ()))
        return chain(
            self._rows(_ALL, (max(first, high + 1, low), last)),
            indexed,
            self._rows(_ALL, (first, min(last, low - 1))),
        )

    def _rows(self, sql: str, parameters: Sequence[object] | dict[str, object]) -> Iterator[Any]:
        return iter(self._db.execute(sql, parameters))

    def _between(self, limits: Limits) -> tuple[int, int]:
        """The lowest and highest key of the articles that were first read within the times."""
        if limits.after is None and limits.before is None:
            return 0, _LAST
        ((first, last),) = self._rows(
            "SELECT min(id), max(id) FROM articles WHERE read_at >= ? AND read_at < ?",
            (
                time_text(limits.after) if limits.after else "",
                time_text(limits.before) if limits.before else "9999",
            ),
        )
        return (1, 0) if first is None else (first, last)

    def _story(self, story: int) -> int:
        place = place_of(self._db, story)
        if place is None:
            raise InputError(f"there is no story {story}", remedy="`tumen stories list` shows them")
        return place

    def _demand(self, question: Question) -> d.Demand:
        """What the index is asked for, in words that it holds."""
        if question.query is None:
            return d.ANYTHING
        demand = d.demanded(question.query, question.concepts, self._sources)
        known = frozenset(self._standing(set(d.whole_words(demand))))
        begun = {stem: self._beginning(stem) for stem in set(d.stems(demand))}
        return d.gathered(d.narrowed(demand, begun, known))

    def _forms(self, words: Collection[str]) -> Collection[str]:
        """Those of the words that stand in the history, the articles included that wait for the index."""
        return {*self._standing(words), *waiting_words(self._db).intersection(words)}

    def _standing(self, words: Collection[str]) -> Collection[str]:
        """Those of the words that stand in the index, or did."""
        found = rows(
            self._db,
            "SELECT word FROM search_words WHERE word IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(words), ensure_ascii=False),),
        )
        return [row["word"] for row in found]

    def _beginning(self, stem: str) -> tuple[str, ...] | None:
        """The words that begin so; None if they are too many."""
        sql = "SELECT word FROM search_words WHERE word >= ? AND word < ? LIMIT ?"
        found = [word for (word,) in self._rows(sql, (stem, f"{stem}\U0010ffff", _MOST_WORDS + 1))]
        return None if len(found) > _MOST_WORDS else tuple(found)

    def _sources(self, name: str) -> tuple[str, ...]:
        """The sources that a name or a tag stands for."""
        found = self._rows(
            """SELECT name FROM sources
            WHERE name = :name OR EXISTS (SELECT 1 FROM json_each(tags) WHERE value = :name)""",
            {"name": name},
        )
        return tuple(name for (name,) in found)


_LAST = 2**63 - 1
_ALL = "SELECT id FROM articles WHERE id BETWEEN ? AND ? ORDER BY id DESC"
_OF_STORY = "SELECT id FROM articles WHERE story = ? AND id BETWEEN ? AND ? ORDER BY id DESC"
_INDEXED = "SELECT rowid FROM search WHERE search MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid DESC"
_TEXTS = """
    SELECT articles.*, revisions.text, sources.title AS outlet, sources.tags
    FROM articles
    JOIN revisions ON revisions.article = articles.id AND revisions.number =
        (SELECT max(number) FROM revisions AS later WHERE later.article = articles.id)
    JOIN sources ON sources.name = articles.source
    WHERE articles.id IN (SELECT value FROM json_each(?)) ORDER BY articles.id DESC
"""


def _best(found: Sequence[tuple[Mapping[str, Any], Hits]], limit: int) -> tuple[SearchHit, ...]:
    """So many of the articles that were found, the best first. Only these are cut into pieces to be shown."""
    newest = max((read_time(row["read_at"]) for row, _ in found), default=None)
    scored = [
        (score(hits, read_article(row), read_time(row["read_at"]), newest), row, hits)
        for row, hits in found
        if newest is not None
    ]
    scored.sort(key=lambda one: (-one[0], -one[1]["id"]))
    return tuple(_hit(row, hits, rank) for rank, row, hits in scored[:limit])


def _hit(row: Mapping[str, Any], hits: Hits, rank: float = 0.0) -> SearchHit:
    return SearchHit(
        article=row["id"],
        url=row["url"],
        title=title_pieces(row["title"], hits),
        source=row["source"],
        outlet=row["outlet"],
        language=row["language"],
        published=read_optional_time(row["published"]),
        day_only=bool(row["day_only"]),
        read_at=read_time(row["read_at"]),
        story=row["story"],
        snippet=snippet(row["text"], hits),
        score=rank,
    )
