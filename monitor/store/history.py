"""Articles, matches, facts, stories and alerts: step 4 of the road, stored in one transaction."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from monitor.core.models import (
    AlertKind,
    DeliveryState,
    EntryState,
    Reason,
    Remembered,
    Stored,
)
from monitor.core.topic import Severity
from monitor.store.database import (
    add,
    add_all,
    change,
    column,
    read_optional_time,
    read_time,
    rows,
    snapshot,
    storable,
    transaction,
)
from spiders.items import Article, host

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from monitor.core.models import AlertPlan, Fact, Ingest, Match
    from monitor.store.database import Database

KEPT_FOR = timedelta(days=3)  # how long a delivery is worth sending if nobody says


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
            _require_source(self._db, item)
            article, revision = _store_article(self._db, item)
            story = _store_story(self._db, item, article)
            entry = _end_entry(self._db, item, article)
            _store_matches(self._db, item.matches, revision)
            facts = _store_facts(self._db, _all_facts(item), revision)
            keys = {"story": story, "article": article, "revision": revision, "entry": entry}
            alerts = tuple(_store_alert(self._db, plan, item, keys, facts) for plan in item.alerts)
        return Stored(article=article, story=story, alerts=alerts)

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

    def article_id(self, url: str) -> int | None:
        """The key of the article with this canonical address, None if it was never read."""
        found = rows(self._db, "SELECT id FROM articles WHERE url = ?", (url,))
        return found[0]["id"] if found else None

    def has_text(self, content_hash: str) -> bool:
        """Whether some article has, or had, the title and text with this `content_hash`."""
        found = rows(self._db, "SELECT 1 FROM revisions WHERE content_hash = ? LIMIT 1", (content_hash,))
        return bool(found)

    def latest_hash(self, url: str) -> str | None:
        """The `content_hash` of the latest revision of an article, None if it was never read."""
        found = rows(
            self._db,
            """SELECT content_hash FROM revisions JOIN articles ON articles.id = revisions.article
            WHERE articles.url = ? ORDER BY number DESC LIMIT 1""",
            (url,),
        )
        return found[0]["content_hash"] if found else None

    def article_story(self, url: str) -> int | None:
        """The story that the article with this canonical address belongs to, None if there is none."""
        found = rows(self._db, "SELECT story FROM articles WHERE url = ?", (url,))
        return found[0]["story"] if found else None

    def alerts(self, *, limit: int, undelivered: bool = False) -> tuple[AlertLine, ...]:
        """The latest alerts, newest first; with `undelivered` only those that somebody has not received."""
        wanted = (
            "WHERE EXISTS (SELECT 1 FROM deliveries WHERE alert = alerts.id AND state != 'sent')"
            if undelivered
            else ""
        )
        with snapshot(self._db):
            found = rows(self._db, f"{_ALERTS} {wanted} ORDER BY alerts.id DESC LIMIT ?", (limit,))
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


def content_hash(title: str, text: str) -> str:
    """SHA-256 of a title and text, in hexadecimal. Texts with the same hash are copies of each other."""
    return hashlib.sha256(f"{storable(title)}\0{storable(text)}".encode()).hexdigest()


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


def _require_source(db: Database, item: Ingest) -> None:
    add_all(
        db,
        "sources",
        [
            {
                "name": item.source,
                "title": item.source,
                "url": "",
                "kind": "section",
                "added_at": item.read_at,
                "next_due": item.read_at,
                "retired_at": item.read_at,  # it was never declared, so nobody looks at it
            }
        ],
        ignore=True,
    )


def _store_article(db: Database, item: Ingest) -> tuple[int, int]:
    """Store the article, and its text if it is new; return the keys of the article and its latest revision."""
    article = item.article
    found = rows(
        db,
        """SELECT articles.id, revisions.id AS revision, number, content_hash
        FROM articles JOIN revisions ON revisions.article = articles.id
        WHERE articles.url = ? ORDER BY number DESC LIMIT 1""",
        (article.url,),
    )
    digest = content_hash(article.title, article.text)
    if found and found[0]["content_hash"] == digest:
        return found[0]["id"], found[0]["revision"]
    described = {
        "title": article.title,
        "language": article.language,
        "published": article.published,
        "day_only": article.day_only,
        "author": article.author,
        "changed_at": item.read_at,
        "reason": item.reason,
    }
    if found:
        key, number = found[0]["id"], found[0]["number"] + 1
        settings = ", ".join(f"{name} = ?" for name in described)
        change(db, f"UPDATE articles SET {settings} WHERE id = ?", (*described.values(), key))  # noqa: S608  own names
    else:
        number = 1
        row = {"url": article.url, "source": item.source, "read_at": item.read_at, **described}
        key = add(db, "articles", row)
    revision = {
        "article": key,
        "number": number,
        "title": article.title,
        "text": article.text,
        "content_hash": digest,
        "read_at": item.read_at,
        "reason": item.reason,
    }
    return key, add(db, "revisions", revision)


def _store_story(db: Database, item: Ingest, article: int) -> int | None:
    story = item.story
    if story is None and not item.matches:
        return None
    if story is None:
        opened = {
            "title": item.article.title,
            "pack": _leading(item.matches).pack,
            "opened_at": item.read_at,
            "last_at": item.read_at,
        }
        story = add(db, "stories", opened)
    else:
        change(db, "UPDATE stories SET last_at = max(last_at, ?) WHERE id = ?", (item.read_at, story))
    change(db, "UPDATE articles SET story = ? WHERE id = ?", (story, article))
    return story


def _end_entry(db: Database, item: Ingest, article: int) -> int:
    """Mark the entry as read and return its key."""
    found = rows(db, "SELECT id FROM entries WHERE url = ?", (item.entry,))
    ended = {
        "state": EntryState.READ,
        "reason": item.reason,
        "detail": "",
        "not_before": None,
        "ended_at": item.read_at,
        "article": article,
    }
    if found:
        settings = ", ".join(f"{name} = ?" for name in ended)
        change(db, f"UPDATE entries SET {settings} WHERE id = ?", (*ended.values(), found[0]["id"]))  # noqa: S608
        return int(found[0]["id"])
    listed = {
        "url": item.entry,
        "host": host(item.entry),
        "source": item.source,
        "title": item.article.title,
        "found_at": item.read_at,
    }
    return add(db, "entries", {**listed, **ended})


def _store_matches(db: Database, matches: Iterable[Match], revision: int) -> None:
    """Store matches with their evidence; a rule that this revision matched before stays as it was found."""
    sql = "SELECT pack, rule FROM matches WHERE revision = ?"
    known = {(row["pack"], row["rule"]) for row in rows(db, sql, (revision,))}
    for match in matches:
        if (match.pack, match.rule) in known:
            continue
        row = {
            "revision": revision,
            "pack": match.pack,
            "version": match.version,
            "rule": match.rule,
            "severity": match.severity,
            "score": match.score,
        }
        key = add(db, "matches", row)
        add_all(
            db,
            "evidence",
            [
                {
                    "match": key,
                    "field": evidence.field,
                    "start": evidence.start,
                    "end": evidence.end,
                    "text": evidence.text,
                    "concept": evidence.concept,
                }
                for evidence in match.evidence
            ],
        )


def _all_facts(item: Ingest) -> dict[Fact, None]:
    """The facts of the article and of its alerts, in order, each once."""
    return dict.fromkeys((*item.facts, *(novelty.fact for plan in item.alerts for novelty in plan.new)))


def _store_facts(db: Database, facts: Iterable[Fact], revision: int) -> dict[Fact, int]:
    """Store what the revision states; return the key of each fact."""
    known = {
        _identity(row): row["id"] for row in rows(db, "SELECT * FROM facts WHERE revision = ?", (revision,))
    }
    keys = {}
    for fact in facts:
        row = {
            "kind": fact.kind,
            "concept": fact.concept,
            "value": None if fact.value is None else float(fact.value),
            "field": fact.evidence.field,
            "start": fact.evidence.start,
            "end": fact.evidence.end,
            "text": fact.evidence.text,
            "words_concept": fact.evidence.concept,
            "stated_by": fact.by,
        }
        keys[fact] = known.get(_identity(row)) or add(db, "facts", {"revision": revision, **row})
    return keys


def _identity(row: Mapping[str, Any]) -> tuple[object, ...]:
    names = ("kind", "concept", "value", "field", "start", "end", "text", "words_concept", "stated_by")
    return tuple(column(row[name]) for name in names)


def _store_alert(
    db: Database, plan: AlertPlan, item: Ingest, keys: Mapping[str, int | None], facts: Mapping[Fact, int]
) -> int:
    leading = _leading(item.matches)
    row = {
        **keys,
        "kind": plan.kind,
        "reason": plan.reason,
        "pack": leading.pack,
        "severity": leading.severity,
        "late": plan.late,
        "created_at": item.read_at,
    }
    alert = add(db, "alerts", row)
    new = ({"alert": alert, "fact": facts[new.fact], "before": new.before} for new in plan.new)
    add_all(db, "novelties", new)
    add_all(
        db,
        "deliveries",
        [
            {
                "alert": alert,
                "channel": recipient.channel,
                "recipient": recipient.key,
                "state": DeliveryState.PENDING,
                "not_before": item.read_at,
                "created_at": item.read_at,
                "expires": item.expires or item.read_at + KEPT_FOR,
            }
            for recipient in plan.recipients
        ],
        ignore=True,
    )
    return alert


def _leading(matches: tuple[Match, ...]) -> Match:
    """The most severe match. Raises ValueError if there is none: what is told must be on topic."""
    return max(matches, key=lambda match: (match.severity.rank, match.score))


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
