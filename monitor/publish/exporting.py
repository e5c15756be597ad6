"""Lists out of the history as files: which there are, and their pieces one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from monitor.publish.tables import CSV, JSON_LINES, csv_lines, json_lines
from monitor.store.views import exports

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from monitor.store.database import Database
    from monitor.store.views.exports import Span

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


def pieces(db: Database, kind: str, span: Span, form: str) -> Iterator[str]:
    """A list in one of the FORMATS, line by line, as it is read. Raises StorageError or a subclass on the way."""
    chosen = KINDS[kind]
    write = csv_lines if form == "csv" else json_lines
    return write(chosen.read(db, span), chosen.columns, without=chosen.without)
