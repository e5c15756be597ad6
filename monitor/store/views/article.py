"""The page of an article: all that was recorded about it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime  # noqa: TC003  part of the public values
from typing import TYPE_CHECKING, Any

from monitor.store.archive import Archive, Record
from monitor.store.captures import CaptureLine, Captures
from monitor.store.columns import read_optional_time, read_time
from monitor.store.database import rows, snapshot
from monitor.store.views.alerts import Told, told
from spiders.items import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.store.database import Database

_VISITS = 20  # the latest
_COPIES = 12  # that are named
_COUNTED = 1000  # copies that are counted at most


@dataclass(frozen=True, slots=True)
class Placed:
    """Why the newest text is in its story.

    Attributes:
        pack, version: which pack read it, and its version then.
        likeness: how alike it was to its story, from 0 to 1; 0 opened it.
        shared: what they have in common, the most telling first.
        is_roundup: it speaks of several developments, so nothing joins it.
    """

    pack: str
    version: str
    likeness: float
    shared: tuple[str, ...]
    is_roundup: bool


@dataclass(frozen=True, slots=True)
class VisitLine:
    """One look at the page after it was read. `revised`: it said something else; `reason` is empty when ok."""

    at: datetime
    outcome: Outcome
    revised: bool
    reason: str
    status: int | None
    size: int


@dataclass(frozen=True, slots=True)
class Copy:
    """Another article with the very same title and text."""

    article: int
    outlet: str
    url: str
    read_at: datetime


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """An article with everything around it.

    Attributes:
        record: what was read and decided.
        outlet: who published it, as readers know it.
        fetched: where its page was fetched, None if its text came from elsewhere.
        placement: why its newest text is in its story, None if it is in none.
        alerts: those about any of its texts, newest first.
        visits: the latest looks at the page after it was read, newest first; `visit_at` is the next, None if there is
            none.
        captures: its pages as they were fetched, in the order of its texts.
        copies: some of the other articles with the newest text, the first ones; `copied` counts them, up to 1,000.
    """

    record: Record
    outlet: str
    fetched: str | None
    placement: Placed | None
    alerts: tuple[Told, ...]
    visits: tuple[VisitLine, ...]
    visit_at: datetime | None
    captures: tuple[CaptureLine, ...]
    copies: tuple[Copy, ...]
    copied: int


def article_page(db: Database, article: int) -> ArticlePage:
    """All about an article.

    Raises:
        InputError: there is none with this number.
        StorageError: the history cannot be read.
    """
    with snapshot(db):
        record = Archive(db).record(article)
        revision = record.text.revision
        (about,) = rows(db, _ABOUT, (article,))
        placed = rows(db, "SELECT * FROM placements WHERE revision = ?", (revision,))
        visits = rows(
            db, "SELECT * FROM visits WHERE article = ? ORDER BY id DESC LIMIT ?", (article, _VISITS)
        )
        (copied,) = rows(db, _COPIED, (revision, _COUNTED))
        return ArticlePage(
            record=record,
            outlet=about["outlet"],
            fetched=about["fetched"],
            placement=_placed(placed[0]) if placed else None,
            alerts=tuple(told(db, line) for line in record.alerts),
            visits=tuple(map(_visit, visits)),
            visit_at=read_optional_time(about["visit_at"]),
            captures=Captures(db).of_article(article),
            copies=tuple(map(_copy, rows(db, _SAME, (revision, article, _COPIES)))),
            copied=max(copied["many"] - 1, 0),
        )


_ABOUT = """
    SELECT articles.fetched, articles.visit_at, sources.title AS outlet
    FROM articles JOIN sources ON sources.name = articles.source WHERE articles.id = ?
"""
_COPIED = """
    SELECT count(*) AS many FROM (
        SELECT 1 FROM revisions WHERE content_hash = (SELECT content_hash FROM revisions WHERE id = ?) LIMIT ?
    )
"""
_SAME = """
    SELECT articles.id, articles.url, sources.title AS outlet, revisions.read_at
    FROM revisions
    JOIN articles ON articles.id = revisions.article
    JOIN sources ON sources.name = articles.source
    WHERE revisions.content_hash = (SELECT content_hash FROM revisions WHERE id = ?) AND revisions.article != ?
    ORDER BY revisions.id LIMIT ?
"""


def _placed(row: Mapping[str, Any]) -> Placed:
    return Placed(
        row["pack"],
        row["version"],
        row["likeness"],
        tuple(json.loads(row["shared"])),
        bool(row["is_roundup"]),
    )


def _visit(row: Mapping[str, Any]) -> VisitLine:
    return VisitLine(
        at=read_time(row["visited_at"]),
        outcome=Outcome(row["outcome"]),
        revised=bool(row["revised"]),
        reason=row["reason"],
        status=row["status"],
        size=row["size"],
    )


def _copy(row: Mapping[str, Any]) -> Copy:
    return Copy(row["id"], row["outlet"], row["url"], read_time(row["read_at"]))
