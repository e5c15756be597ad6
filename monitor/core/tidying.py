"""What is taken of an article: the page and its source together, within bounds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from spiders.items import Article

if TYPE_CHECKING:
    from monitor.core.models import Pending
    from spiders.items import Entry

_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # dates before the web are mistakes
_TITLE_LIMIT = 1_000  # characters of a title; spiders give fewer, replayed texts may be anything
_TEXT_LIMIT = 100_000  # characters that are matched and kept of one article


def tidy(article: Article, entry: Entry, now: datetime) -> Article:
    """The article with what the entry knows better, within bounds.

    The page's own time counts, unless it gives only the day and the source gave the time. A time in the future is
    taken as now, and one before 1990 as unknown.
    """
    published = article.published
    if entry.published is not None and (published is None or article.day_only):
        published = entry.published
    if published is not None:
        published = min(published, now) if published > _EARLIEST else None
    return replace(
        article,
        title=(article.title or entry.title)[:_TITLE_LIMIT],
        text=article.text[:_TEXT_LIMIT],
        language=article.language or entry.language,
        published=published,
    )


def from_entry(pending: Pending) -> Article | None:
    """What the source itself said, for pages behind a wall; None if it said nothing."""
    entry = pending.entry
    if not entry.title:
        return None
    return replace(
        Article(entry.url, entry.title, entry.summary),
        language=entry.language or pending.language,
        published=entry.published,
    )
