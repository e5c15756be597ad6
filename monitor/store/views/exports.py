"""Whole lists out of the history, row by row: they are read in pages, so that neither memory nor the log grows.

Each page sees one state of the history, and the next goes on behind it; what is stored while a list is being read
may be in it or not, but nothing is in it twice, and nothing that was there is left out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from monitor.core.models import AlertKind, Reason
from monitor.core.statements import Bound, FactKind, Field
from monitor.core.topic import Severity
from monitor.store.columns import read_optional_time, read_time
from monitor.store.database import rows, snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitor.store.database import Database

_PAGE = 500  # rows that are read at a time


@dataclass(frozen=True, slots=True)
class Span:
    """Which rows are wanted: since a time, before another, of one pack. None and "" set no limit."""

    since: datetime | None = None
    until: datetime | None = None
    pack: str = ""


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article by its newest text. `texts` counts the versions that were read; `text` is None unless asked for."""

    article: int
    url: str
    title: str
    outlet: str
    source: str
    language: str | None
    author: str | None
    published: datetime | None
    read_at: datetime
    changed_at: datetime
    gone_at: datetime | None
    reason: Reason
    pack: str | None
    story: int | None
    rules: tuple[str, ...]
    texts: int
    text: str | None


@dataclass(frozen=True, slots=True)
class AlertRow:
    """An alert with how many have it, wait for it, did not get it, or did not want it. `new`: in the text's words."""

    alert: int
    created_at: datetime
    kind: AlertKind
    reason: Reason
    severity: Severity
    pack: str
    rules: tuple[str, ...]
    story: int
    story_title: str
    article: int
    title: str
    url: str
    outlet: str
    language: str | None
    published: datetime | None
    late: bool
    new: tuple[str, ...]
    sent: int
    waiting: int
    undelivered: int
    suppressed: int


@dataclass(frozen=True, slots=True)
class StoryRow:
    """A development with its spread; what was merged into another is not listed."""

    story: int
    title: str
    pack: str
    opened_at: datetime
    last_at: datetime
    articles: int
    outlets: int
    languages: tuple[str, ...]
    alerts: int


@dataclass(frozen=True, slots=True)
class FactRow:
    """What a version of an article states. `by`: the actor who says so; `words`: how the text says it."""

    fact: int
    article: int
    text: int
    url: str
    outlet: str
    language: str | None
    published: datetime | None
    read_at: datetime
    story: int | None
    pack: str | None
    kind: FactKind
    concept: str
    value: float | None
    most: float | None
    bound: Bound
    first_day: date | None
    last_day: date | None
    by: str
    field: Field
    words: str


def articles(db: Database, span: Span, *, texts: bool = False) -> Iterator[ArticleRow]:
    """Articles in the order in which they were read; with a pack, those in its stories."""
    at, number = span.since or "", 0
    while found := _page(db, _ARTICLES, (texts, at, number, span.until, span.pack, _PAGE)):
        for row in found:
            yield _article(row)
        at, number = found[-1]["read_at"], found[-1]["article"]


def alerts(db: Database, span: Span) -> Iterator[AlertRow]:
    """Alerts in the order in which they were stored."""
    at, number = span.since or "", 0
    while found := _page(db, _ALERTS, (at, number, span.until, span.pack, _PAGE)):
        for row in found:
            yield _alert(row)
        at, number = found[-1]["created_at"], found[-1]["alert"]


def stories(db: Database, span: Span) -> Iterator[StoryRow]:
    """Stories in the order of their numbers: those of which something was read within the time."""
    number = 0
    while found := _page(db, _STORIES, (number, span.since, span.until, span.pack, _PAGE)):
        for row in found:
            yield _story(row)
        number = found[-1]["story"]


def facts(db: Database, span: Span) -> Iterator[FactRow]:
    """What texts state, in the order in which they were read."""
    at, number = span.since or "", 0
    while found := _page(db, _TEXTS, (at, number, span.until, _PAGE)):
        keys = json.dumps([row["id"] for row in found])
        for row in _page(db, _FACTS, (keys, span.pack)):
            yield _fact(row)
        at, number = found[-1]["read_at"], found[-1]["id"]


def _page(db: Database, sql: str, parameters: Sequence[object]) -> list[dict[str, Any]]:
    with snapshot(db):
        return rows(db, sql, parameters)


def _article(row: dict[str, Any]) -> ArticleRow:
    times = {name: read_optional_time(row[name]) for name in ("published", "gone_at")}
    times |= {name: read_time(row[name]) for name in ("read_at", "changed_at")}
    made = {"reason": Reason(row["reason"]), "rules": _listed(row["rules"])}
    return ArticleRow(**(row | times | made))


def _alert(row: dict[str, Any]) -> AlertRow:
    times = {"published": read_optional_time(row["published"]), "created_at": read_time(row["created_at"])}
    words = {
        "kind": AlertKind(row["kind"]),
        "reason": Reason(row["reason"]),
        "severity": Severity(row["severity"]),
    }
    made = {"late": bool(row["late"]), "rules": _listed(row["rules"]), "new": _listed(row["new"])}
    return AlertRow(**(row | times | words | made))


def _story(row: dict[str, Any]) -> StoryRow:
    times = {name: read_time(row[name]) for name in ("opened_at", "last_at")}
    languages = tuple(sorted(filter(None, (row["languages"] or "").split(","))))
    return StoryRow(**(row | times | {"languages": languages}))


def _fact(row: dict[str, Any]) -> FactRow:
    times = {"published": read_optional_time(row["published"]), "read_at": read_time(row["read_at"])}
    days = {name: row[name] and date.fromisoformat(row[name]) for name in ("first_day", "last_day")}
    words = {"kind": FactKind(row["kind"]), "bound": Bound(row["bound"]), "field": Field(row["field"])}
    return FactRow(**(row | times | days | words))


def _listed(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))


_ARTICLES = """
    SELECT articles.id AS article, articles.url, articles.title, sources.title AS outlet, articles.source,
        articles.language, author, published, articles.read_at, changed_at, gone_at, articles.reason,
        stories.pack, articles.story,
        (SELECT json_group_array(rule) FROM matches WHERE matches.revision = newest.id) AS rules,
        newest.number AS texts, CASE WHEN ?1 THEN newest.text END AS text
    FROM articles
    JOIN sources ON sources.name = articles.source
    JOIN revisions AS newest ON newest.id = (SELECT max(id) FROM revisions WHERE revisions.article = articles.id)
    LEFT JOIN stories ON stories.id = articles.story
    WHERE (articles.read_at, articles.id) > (?2, ?3) AND (?4 IS NULL OR articles.read_at < ?4)
        AND (?5 = '' OR stories.pack = ?5)
    ORDER BY articles.read_at, articles.id LIMIT ?6
"""
_ALERTS = """
    SELECT alerts.id AS alert, alerts.created_at, alerts.kind, alerts.reason, alerts.severity, alerts.pack,
        (SELECT json_group_array(rule) FROM matches
            WHERE matches.revision = alerts.revision AND matches.pack = alerts.pack) AS rules,
        alerts.story, stories.title AS story_title, alerts.article, revisions.title, articles.url,
        sources.title AS outlet, articles.language, articles.published, alerts.late,
        (SELECT json_group_array(facts.text) FROM novelties JOIN facts ON facts.id = novelties.fact
            WHERE novelties.alert = alerts.id) AS new,
        count(deliveries.id) FILTER (WHERE state = 'sent') AS sent,
        count(deliveries.id) FILTER (WHERE state IN ('pending', 'claimed')) AS waiting,
        count(deliveries.id) FILTER (WHERE state IN ('dead', 'expired')) AS undelivered,
        count(deliveries.id) FILTER (WHERE state = 'suppressed') AS suppressed
    FROM (
        SELECT * FROM alerts WHERE (created_at, id) > (?1, ?2) AND (?3 IS NULL OR created_at < ?3)
            AND (?4 = '' OR pack = ?4)
        ORDER BY created_at, id LIMIT ?5
    ) AS alerts
    JOIN stories ON stories.id = alerts.story
    JOIN articles ON articles.id = alerts.article
    JOIN revisions ON revisions.id = alerts.revision
    JOIN sources ON sources.name = articles.source
    LEFT JOIN deliveries ON deliveries.alert = alerts.id
    GROUP BY alerts.created_at, alerts.id ORDER BY alerts.created_at, alerts.id
"""
_STORIES = """
    SELECT stories.id AS story, stories.title, stories.pack, stories.opened_at, stories.last_at,
        count(DISTINCT articles.id) AS articles, count(DISTINCT sources.title) AS outlets,
        group_concat(DISTINCT articles.language) AS languages,
        (SELECT count(*) FROM alerts WHERE alerts.story = stories.id) AS alerts
    FROM (
        SELECT * FROM stories WHERE id > ?1 AND merged_into IS NULL AND (?2 IS NULL OR last_at >= ?2)
            AND (?3 IS NULL OR opened_at < ?3) AND (?4 = '' OR pack = ?4)
        ORDER BY id LIMIT ?5
    ) AS stories
    LEFT JOIN articles ON articles.story = stories.id
    LEFT JOIN sources ON sources.name = articles.source
    GROUP BY stories.id ORDER BY stories.id
"""
_TEXTS = """
    SELECT id, read_at FROM revisions WHERE (read_at, id) > (?1, ?2) AND (?3 IS NULL OR read_at < ?3)
    ORDER BY read_at, id LIMIT ?4
"""
_FACTS = """
    SELECT facts.id AS fact, articles.id AS article, revisions.number AS text, articles.url,
        sources.title AS outlet, articles.language, articles.published, revisions.read_at, articles.story,
        stories.pack, facts.kind, facts.concept, facts.value, facts.most, facts.bound, facts.first_day,
        facts.last_day, facts.stated_by AS by, facts.field, facts.text AS words
    FROM json_each(?1) AS wanted
    CROSS JOIN facts ON facts.revision = wanted.value
    JOIN revisions ON revisions.id = facts.revision
    JOIN articles ON articles.id = revisions.article
    JOIN sources ON sources.name = articles.source
    LEFT JOIN stories ON stories.id = articles.story
    WHERE ?2 = '' OR stories.pack = ?2
    ORDER BY wanted.key, facts.id
"""
