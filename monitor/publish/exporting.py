"""Lists out of the history as files: which there are, and their pieces one by one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003  part of the public values
from typing import TYPE_CHECKING, Any

from monitor.publish.tables import CSV, JSON_LINES, csv_lines, json_lines
from monitor.store.search import Search
from monitor.store.views import exports

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from monitor.core.searching.names import Names
    from monitor.store.database import Database
    from monitor.store.search import SearchHit
    from monitor.store.views.exports import Span

_PAGE = 500  # answers that are looked for at a time
FORMATS = {"csv": CSV, "jsonl": JSON_LINES}
"""What a list can be written as, with the media types."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A list that can be exported: `read` gives its rows, which are values of the dataclass `columns`."""

    read: Callable[[Database, Span], Iterator[Any]]
    columns: type
    without: frozenset[str] = frozenset()


KINDS = {
    "articles": Kind(exports.articles, exports.ArticleRow, frozenset({"text"})),
    "texts": Kind(lambda db, span: exports.articles(db, span, texts=True), exports.ArticleRow),
    "alerts": Kind(exports.alerts, exports.AlertRow),
    "stories": Kind(exports.stories, exports.StoryRow),
    "facts": Kind(exports.facts, exports.FactRow),
}
"""The lists by name; `texts` are the articles with their texts."""


@dataclass(frozen=True, slots=True)
class FoundRow:
    """An article that a search found. `snippet`: the part of its text that says most about why."""

    article: int
    url: str
    title: str
    outlet: str
    source: str
    language: str | None
    published: datetime | None
    read_at: datetime
    story: int | None
    snippet: str


def found(db: Database, query: str, names: Names, now: datetime) -> Iterator[FoundRow]:
    """Everything that answers a search, the newest first, in pages. Raises RuleError, InputError or StorageError."""
    search, older = Search(db, names), None
    while True:
        answer = search.find(query, now, limit=_PAGE, older_than=older)
        yield from map(_row, answer.hits)
        older = answer.older
        if older is None:
            return


def found_pieces(rows: Iterator[FoundRow], form: str) -> Iterator[str]:
    """What a search found in one of the FORMATS, line by line."""
    return (csv_lines if form == "csv" else json_lines)(rows, FoundRow)


def _row(hit: SearchHit) -> FoundRow:
    return FoundRow(
        article=hit.article,
        url=hit.url,
        title="".join(piece.text for piece in hit.title),
        outlet=hit.outlet,
        source=hit.source,
        language=hit.language,
        published=hit.published,
        read_at=hit.read_at,
        story=hit.story,
        snippet="".join(piece.text for piece in hit.snippet),
    )


def pieces(db: Database, kind: str, span: Span, form: str) -> Iterator[str]:
    """A list in one of the FORMATS, line by line, as it is read. Raises StorageError or a subclass on the way."""
    chosen = KINDS[kind]
    write = csv_lines if form == "csv" else json_lines
    return write(chosen.read(db, span), chosen.columns, without=chosen.without)
