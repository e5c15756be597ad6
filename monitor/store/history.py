"""Articles, matches, facts, stories and alerts: step 4 of the road, stored in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from monitor.core.models import (
    AlertKind,
    Bound,
    DeliveryState,
    EntryState,
    Evidence,
    Fact,
    FactKind,
    Field,
    Period,
    Reason,
    Remembered,
)
from monitor.core.topic import Severity
from monitor.store.columns import read_optional_time, read_time
from monitor.store.database import rows, snapshot, transaction
from monitor.store.ingesting import store
from spiders.items import Article

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.core.models import Ingest, Stored
    from monitor.store.database import Database


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """The state of one delivery, for a list."""

    channel: str
    state: DeliveryState
    attempts: int
    sent_at: datetime | None
    last_error: str


@dataclass(frozen=True, slots=True)
class AlertLine:
    """One alert with what became of it, for a list. `source` is the outlet's name as a reader knows it."""

    id: int
    kind: AlertKind
    reason: Reason
    severity: Severity
    rules: tuple[str, ...]
    story: int
    story_title: str
    title: str
    url: str
    source: str
    language: str | None
    published: datetime | None
    created_at: datetime
    late: bool
    deliveries: tuple[DeliveryLine, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """How much the history holds. States and kinds that do not occur are counted as 0."""

    articles: int
    relevant: int
    stories: int
    alerts: Mapping[AlertKind, int]
    deliveries: Mapping[DeliveryState, int]
    entries: Mapping[EntryState, int]


class History:
    """What was read, and what was made of it.

    Every method may raise DatabaseBusy, DatabaseDamaged or StorageError; then nothing was changed.
    """

    def __init__(self, db: Database) -> None:
        self._db = db

    def ingest(self, item: Ingest) -> Stored:
        """Store everything that one read article changes: all of it, or nothing.

        An article is known by its address. A title or text that differs from its latest revision becomes a new
        revision; the same text adds none, and then what was stored with it stays. The entry is read afterwards;
        an entry or source that is not known is added, so that what was read elsewhere can be stored too.
        """
        with transaction(self._db):
            return store(self._db, item)

    def remembered(self, since: datetime) -> tuple[Remembered, ...]:
        """Every revision on topic that was read since a time, in the order of reading.

        An article that changed appears once for each of its revisions on topic, under the same id, so that what
        an earlier version told is remembered too.
        """
        with snapshot(self._db):
            found = rows(self._db, _REMEMBERED, (since,))
            told: dict[int, list[str]] = {}
            for row in rows(self._db, _TOLD, (since,)):
                told.setdefault(row["revision"], []).append(row["channel"])
        return tuple(
            Remembered(
                id=row["article"],
                story=row["story"],
                pack=row["pack"],
                source=row["source"],
                article=read_article(row),
                read_at=read_time(row["read_at"]),
                told=tuple(told.get(row["id"], ())),
            )
            for row in found
        )

    def alerts(
        self, *, limit: int, undelivered: bool = False, article: int | None = None
    ) -> tuple[AlertLine, ...]:
        """The latest alerts, newest first: those that somebody has not received, or about one article, or all."""
        wanted = "WHERE ifnull(?, alerts.article) = alerts.article"
        if undelivered:
            wanted += " AND EXISTS (SELECT 1 FROM deliveries WHERE alert = alerts.id AND state != 'sent')"
        with snapshot(self._db):
            found = rows(self._db, f"{_ALERTS} {wanted} ORDER BY alerts.id DESC LIMIT ?", (article, limit))
            return tuple(_line(self._db, row) for row in found)

    def summary(self) -> Summary:
        """Count what the history holds."""
        with snapshot(self._db):
            (row,) = rows(
                self._db,
                """SELECT (SELECT count(*) FROM articles) AS articles,
                (SELECT count(*) FROM articles WHERE story IS NOT NULL) AS relevant,
                (SELECT count(*) FROM stories) AS stories""",
            )
            kinds, deliveries, entries = (
                {r["word"]: r["many"] for r in rows(self._db, sql)}
                for sql in (
                    "SELECT kind AS word, count(*) AS many FROM alerts GROUP BY kind",
                    "SELECT state AS word, count(*) AS many FROM deliveries GROUP BY state",
                    "SELECT state AS word, count(*) AS many FROM entries GROUP BY state",
                )
            )
        return Summary(
            articles=row["articles"],
            relevant=row["relevant"],
            stories=row["stories"],
            alerts={kind: kinds.get(kind, 0) for kind in AlertKind},
            deliveries={state: deliveries.get(state, 0) for state in DeliveryState},
            entries={state: entries.get(state, 0) for state in EntryState},
        )


def read_article(row: Mapping[str, Any]) -> Article:
    """The article in a row that joins `articles` with the title and text of a revision."""
    return Article(
        url=row["url"],
        title=row["title"],
        text=row["text"],
        language=row["language"],
        published=read_optional_time(row["published"]),
        author=row["author"],
        day_only=bool(row["day_only"]),
    )


def read_evidence(row: Mapping[str, Any]) -> Evidence:
    """The words in a row of `evidence`."""
    return Evidence(Field(row["field"]), row["start"], row["end"], row["text"], row["concept"])


def read_fact(row: Mapping[str, Any]) -> Fact:
    """The statement in a row of `facts`."""
    words = read_evidence({**row, "concept": row["words_concept"]})
    period = None
    if row["first_day"]:
        period = Period(date.fromisoformat(row["first_day"]), date.fromisoformat(row["last_day"]))
    return Fact(
        FactKind(row["kind"]),
        row["concept"],
        row["value"],
        words,
        by=row["stated_by"],
        bound=Bound(row["bound"]),
        most=row["most"],
        period=period,
    )


def rules_of(db: Database, revision: int, pack: str) -> tuple[tuple[str, Severity], ...]:
    """The rules of a pack that a revision matched, with their severity, most severe first."""
    found = rows(
        db,
        "SELECT rule, severity FROM matches WHERE revision = ? AND pack = ? ORDER BY id",
        (revision, pack),
    )
    rules = [(row["rule"], Severity(row["severity"])) for row in found]
    return tuple(sorted(rules, key=lambda rule: -rule[1].rank))


_REMEMBERED = """
    SELECT revisions.id, revisions.article, revisions.title, revisions.text, revisions.read_at,
        articles.story, articles.source, articles.url, articles.language, articles.published, articles.author,
        articles.day_only, stories.pack
    FROM revisions
    JOIN articles ON articles.id = revisions.article
    JOIN stories ON stories.id = articles.story
    WHERE revisions.read_at >= ? AND EXISTS (SELECT 1 FROM matches WHERE matches.revision = revisions.id)
    ORDER BY revisions.read_at, revisions.id
"""
_TOLD = """
    SELECT DISTINCT alerts.revision, deliveries.channel
    FROM deliveries JOIN alerts ON alerts.id = deliveries.alert JOIN revisions ON revisions.id = alerts.revision
    WHERE revisions.read_at >= ? ORDER BY alerts.revision, deliveries.channel
"""
_ALERTS = """
    SELECT alerts.*, stories.title AS story_title, revisions.title, articles.url, articles.language,
        articles.published, sources.title AS source
    FROM alerts
    JOIN stories ON stories.id = alerts.story
    JOIN articles ON articles.id = alerts.article
    JOIN revisions ON revisions.id = alerts.revision
    JOIN sources ON sources.name = articles.source
"""


def _line(db: Database, row: Mapping[str, Any]) -> AlertLine:
    deliveries = rows(db, "SELECT * FROM deliveries WHERE alert = ? ORDER BY id", (row["id"],))
    return AlertLine(
        id=row["id"],
        kind=AlertKind(row["kind"]),
        reason=Reason(row["reason"]),
        severity=Severity(row["severity"]),
        rules=tuple(rule for rule, _ in rules_of(db, row["revision"], row["pack"])),
        story=row["story"],
        story_title=row["story_title"],
        title=row["title"],
        url=row["url"],
        source=row["source"],
        language=row["language"],
        published=read_optional_time(row["published"]),
        created_at=read_time(row["created_at"]),
        late=bool(row["late"]),
        deliveries=tuple(
            DeliveryLine(
                channel=delivery["channel"],
                state=DeliveryState(delivery["state"]),
                attempts=delivery["attempts"],
                sent_at=read_optional_time(delivery["sent_at"]),
                last_error=delivery["last_error"],
            )
            for delivery in deliveries
        ),
    )
