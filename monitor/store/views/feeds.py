"""What stands in feeds: articles that brought something new, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003  part of the public values
from typing import TYPE_CHECKING, Any

from monitor.core.errors import InputError
from monitor.core.models import AlertKind, Reason
from monitor.core.statements import Novelty  # noqa: TC001  part of the public values
from monitor.store.alerts import read_novelty
from monitor.store.columns import read_optional_time, read_time
from monitor.store.database import rows, snapshot
from monitor.store.history import rules_of
from monitor.store.regrouping import place_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.store.database import Database


@dataclass(frozen=True, slots=True)
class FeedItem:
    """An article as a feed tells it.

    Attributes:
        article: its key.
        read_at: when it was first read.
        updated: when the text was read that the item tells of.
        lead: the begin of its text.
        story: key of its development, None if it is not on topic.
        pack: the topic of the story, empty without one; `rules` those of it that fired.
        kind: whether an alert opened a development or continued one; None if nobody was told.
        reason: why its text was told, or was not.
        new: what is new in it, as somebody was told.
    """

    article: int
    url: str
    title: str
    outlet: str
    language: str | None
    author: str
    published: datetime | None
    day_only: bool
    read_at: datetime
    updated: datetime
    lead: str
    story: int | None
    story_title: str
    pack: str
    rules: tuple[str, ...]
    kind: AlertKind | None
    reason: Reason
    new: tuple[Novelty, ...]


def items_of_pack(db: Database, pack: str, *, limit: int) -> tuple[FeedItem, ...]:
    """The newest articles that brought something new to a topic; of all topics if `pack` is empty."""
    with snapshot(db):
        return _items(db, rows(db, _OF_PACK, (pack, limit)) if pack else rows(db, _NEWEST, (limit,)))


def items_of_rule(db: Database, pack: str, rule: str, *, limit: int) -> tuple[FeedItem, ...]:
    """The newest articles that brought something new and that a rule of a pack found."""
    with snapshot(db):
        return _items(db, rows(db, _OF_RULE, (pack, rule, limit)))


def items_of_story(db: Database, story: int, *, limit: int) -> tuple[int, str, tuple[FeedItem, ...]]:
    """The newest articles that brought something new to a story, after its number and title.

    Of a story that was merged, those of the one that its articles went to.

    Raises:
        InputError: there is none with this number.
    """
    with snapshot(db):
        place = place_of(db, story)
        if place is None:
            raise InputError(f"there is no story {story}", remedy="`tumen stories list` shows them")
        (found,) = rows(db, "SELECT title FROM stories WHERE id = ?", (place,))
        return place, found["title"], _items(db, rows(db, _OF_STORY, (place, limit)))


def items_of_articles(db: Database, articles: Sequence[int]) -> tuple[FeedItem, ...]:
    """These articles by their newest texts, in this order; those that are not there are left out."""
    with snapshot(db):
        found = (rows(db, _NEWEST_TEXT, (article,)) for article in articles)
        return _items(db, [row for some in found for row in some])


def _items(db: Database, chosen: Sequence[Mapping[str, Any]]) -> tuple[FeedItem, ...]:
    return tuple(_item(db, row["revision"]) for row in chosen)


def _item(db: Database, revision: int) -> FeedItem:
    (row,) = rows(db, _ITEM, (revision,))
    told = rows(db, "SELECT id, kind FROM alerts WHERE revision = ? ORDER BY id LIMIT 1", (revision,))
    return FeedItem(
        article=row["article"],
        url=row["url"],
        title=row["title"],
        outlet=row["outlet"],
        language=row["language"],
        author=row["author"] or "",
        published=read_optional_time(row["published"]),
        day_only=bool(row["day_only"]),
        read_at=read_time(row["first_read"]),
        updated=read_time(row["read_at"]),
        lead=row["lead"],
        story=row["story"],
        story_title=row["story_title"] or "",
        pack=row["pack"] or "",
        rules=tuple(rule for rule, _ in rules_of(db, revision, row["pack"] or "")),
        kind=AlertKind(told[0]["kind"]) if told else None,
        reason=Reason(row["reason"]),
        new=tuple(map(read_novelty, rows(db, _NOVELTIES, (told[0]["id"],)))) if told else (),
    )


# Of the texts of an article that brought something new, the newest stands for it.
_CHOSEN = """
    SELECT revisions.id AS revision FROM {where}
    AND revisions.reason IN ('new_story', 'new_facts', 'changed', 'no_channel')
    AND revisions.id = (SELECT max(later.id) FROM revisions AS later WHERE later.article = revisions.article
        AND later.reason IN ('new_story', 'new_facts', 'changed', 'no_channel'))
    ORDER BY {newest} LIMIT ?
"""
_NEWEST = _CHOSEN.format(where="revisions WHERE true", newest="revisions.read_at DESC, revisions.id DESC")
_OF_PACK = _CHOSEN.format(
    where="""revisions WHERE EXISTS (
        SELECT 1 FROM matches WHERE matches.revision = revisions.id AND matches.pack = ?)""",
    newest="revisions.read_at DESC, revisions.id DESC",
)
_OF_RULE = _CHOSEN.format(
    where="""matches CROSS JOIN revisions ON revisions.id = matches.revision
        WHERE matches.pack = ? AND matches.rule = ?""",
    newest="matches.id DESC",
)
_OF_STORY = _CHOSEN.format(
    where="articles JOIN revisions ON revisions.article = articles.id WHERE articles.story = ?",
    newest="revisions.id DESC",
)
_NEWEST_TEXT = "SELECT max(id) AS revision FROM revisions WHERE article = ? HAVING max(id) IS NOT NULL"
_ITEM = """
    SELECT revisions.article, revisions.title, revisions.reason, revisions.read_at,
        substr(revisions.text, 1, 2400) AS lead, articles.url, articles.language, articles.author,
        articles.published, articles.day_only, articles.read_at AS first_read, articles.story,
        sources.title AS outlet, stories.title AS story_title, stories.pack
    FROM revisions
    JOIN articles ON articles.id = revisions.article
    JOIN sources ON sources.name = articles.source
    LEFT JOIN stories ON stories.id = articles.story
    WHERE revisions.id = ?
"""
_NOVELTIES = """
    SELECT facts.*, novelties.before, novelties.kind AS newness, novelties.instead
    FROM novelties JOIN facts ON facts.id = novelties.fact WHERE novelties.alert = ? ORDER BY novelties.id
"""
