"""Articles, matches, facts, stories and alerts: step 4 of the road, stored in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003  part of the public values
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from monitor.core.delivery.deliveries import DeliveryState
from monitor.core.models import AlertKind, EntryState, Reason
from monitor.core.topic import Severity
from monitor.store.columns import read_optional_time, read_time
from monitor.store.database import rows, snapshot, transaction
from monitor.store.ingesting import store
from monitor.store.outcomes import AttemptLine, DeliveryLine, attempt_lines, delivery_lines
from monitor.store.regrouping import EditKind, Regrouping, apart
from monitor.store.remembering import page, remembered

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.core.delivery.deliveries import Recipient
    from monitor.core.models import Ingest, Remembered, Stored
    from monitor.core.sources.revisiting import Page
    from monitor.store.database import Database
    from monitor.store.regrouping import StoryEdit


@dataclass(frozen=True, slots=True)
class AlertLine:
    """One alert with what became of it, for a list. `source` is the outlet's name as a reader knows it."""

    id: int
    kind: AlertKind
    reason: Reason
    severity: Severity
    pack: str
    rules: tuple[str, ...]
    article: int
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

    def remembered(
        self, since: datetime, versions: Mapping[str, str] = MappingProxyType({})
    ) -> tuple[Remembered, ...]:
        """Every revision on topic that was read since a time, in the order of reading.

        Of a story that something was added to since, what was told before is among them.

        An article that changed appears once for each of its revisions on topic, under the same id, so that what
        an earlier version told is remembered too. With the present `versions` of the packs, those that they have
        read come with their signature instead of their text.
        """
        with snapshot(self._db):
            return remembered(self._db, since, versions)

    def join(self, story: int, into: int, now: datetime, shared: Sequence[str]) -> StoryEdit:
        """Store that two stories turned out to be one, by what they have in common."""
        return Regrouping(self._db).merge(story, into, now=now, note=", ".join(shared), kind=EditKind.JOIN)

    def apart(self) -> tuple[tuple[int, int], ...]:
        """Pairs of stories that a person said are two."""
        return apart(self._db)

    def page(self, url: str) -> Page | None:
        """What is known of the page at a canonical address, None if it was never read."""
        with snapshot(self._db):
            return page(self._db, url)

    def was_pruned(self, url: str) -> bool:
        """Whether what is read at a canonical address was pruned, and is not taken in again."""
        return bool(rows(self._db, _TOMBSTONE, (url,)))

    def alerts(
        self, *, limit: int, undelivered: bool = False, article: int | None = None, alert: int | None = None
    ) -> tuple[AlertLine, ...]:
        """The latest alerts, newest first: those that somebody has not received, or of one article, one, or all."""
        # Only what is asked for is compared, so that SQLite can use the index of it.
        named = {"alerts.article": article, "alerts.id": alert}
        asked = {column: value for column, value in named.items() if value is not None}
        wanted = [f"{column} = ?" for column in asked] + ([UNDELIVERED] if undelivered else [])
        return alert_lines(self._db, wanted, tuple(asked.values()), limit)

    def attempts(self, alert: int) -> Mapping[Recipient, tuple[AttemptLine, ...]]:
        """Every ended attempt to send an alert, by recipient."""
        with snapshot(self._db):
            return attempt_lines(self._db, alert)

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


def rules_of(db: Database, revision: int, pack: str) -> tuple[tuple[str, Severity], ...]:
    """The rules of a pack that a revision matched, with their severity, most severe first."""
    found = rows(
        db,
        "SELECT rule, severity FROM matches WHERE revision = ? AND pack = ? ORDER BY id",
        (revision, pack),
    )
    rules = [(row["rule"], Severity(row["severity"])) for row in found]
    return tuple(sorted(rules, key=lambda rule: -rule[1].rank))


UNDELIVERED = """EXISTS (
    SELECT 1 FROM deliveries WHERE deliveries.alert = alerts.id AND deliveries.state != 'sent'
)"""
"""The condition of `alert_lines` that somebody has not received it."""


def alert_lines(
    db: Database, wanted: Sequence[str], parameters: Sequence[object], limit: int
) -> tuple[AlertLine, ...]:
    """The latest alerts for which all the conditions hold, newest first."""
    where = f"WHERE {' AND '.join(wanted)}" if wanted else ""
    with snapshot(db):
        found = rows(db, f"{_ALERTS} {where} ORDER BY alerts.id DESC LIMIT ?", (*parameters, limit))
        return tuple(_line(db, row) for row in found)


_TOMBSTONE = """
    SELECT 1 FROM tombstones WHERE url = ?1
    UNION ALL SELECT 1 FROM entries WHERE url = ?1 AND pruning IS NOT NULL LIMIT 1
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
    return AlertLine(
        id=row["id"],
        kind=AlertKind(row["kind"]),
        reason=Reason(row["reason"]),
        severity=Severity(row["severity"]),
        pack=row["pack"],
        rules=tuple(rule for rule, _ in rules_of(db, row["revision"], row["pack"])),
        article=row["article"],
        story=row["story"],
        story_title=row["story_title"],
        title=row["title"],
        url=row["url"],
        source=row["source"],
        language=row["language"],
        published=read_optional_time(row["published"]),
        created_at=read_time(row["created_at"]),
        late=bool(row["late"]),
        deliveries=delivery_lines(db, row["id"]),
    )
