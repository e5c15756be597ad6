"""Histories of articles of many ages, and what is to stay of them by the words of docs/retention.md."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from monitor.core.delivery.deliveries import Recipient
from monitor.core.models import AlertKind, AlertPlan, Fetched, Ingest, Match, Reason, Verdict
from monitor.core.retention import FLOORS, Retention, RetentionClass
from monitor.core.statements import Evidence, Fact, FactKind, Field, Novelty
from monitor.core.topic import Severity
from monitor.store.database import rows
from monitor.store.feedback import Feedback
from monitor.store.history import History
from monitor.store.sources import Sources
from spiders.captures import Capture
from spiders.items import Article, CrawlReport, Entry, Kind, Outcome, Source

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from monitor.store.capture_files import CaptureFiles
    from monitor.store.database import Database

DAY = timedelta(days=1)
REST = 28 * DAY
SOURCE = Source("a", "A", "https://a.example/rss", Kind.FEED, "en")
_PAGE = b"WARC/1.1"


@dataclass(frozen=True)
class Piece:
    """One article: how many days ago it was read, its story (None: off topic), and what keeps it."""

    age: float
    story: int | None
    told: bool
    arrived: bool
    judged: bool
    captured: bool
    alias: bool


def address(number: int, source: Source = SOURCE) -> str:
    """Where the article of this number is read, on the host of its source."""
    return f"{source.url.rsplit('/', 1)[0]}/{number}.html"


def listed(number: int, piece: Piece, source: Source = SOURCE) -> str:
    """As its source lists it."""
    return f"{address(number, source)}?from=feed" if piece.alias else address(number, source)


def fill(db: Database, found: Sequence[Piece], now: datetime, source: Source = SOURCE) -> dict[int, int]:
    """Store the pieces in the order of time, oldest first; their keys by number."""
    Sources(db).sync([source], now - 300 * DAY)
    history, stories, keys = History(db), {}, {}
    for number, piece in sorted(enumerate(found), key=lambda pair: -pair[1].age):
        at = now - piece.age * DAY
        entry = Entry(listed(number, piece, source), f"T {number}", "teaser")
        look = CrawlReport("t", Outcome.OK, entries=(entry,))
        Sources(db).save_look(source.name, look, next_due=at, now=at, baseline_before=None)
        stored = history.ingest(_item(number, piece, stories.get(piece.story), at, source))
        keys[number] = stored.article
        if piece.story is not None:
            stories[piece.story] = stored.story
        if stored.alerts and piece.arrived:
            db.execute("UPDATE deliveries SET state = 'sent' WHERE alert = ?", stored.alerts)
            db.conn.commit()
        if piece.judged:
            about = {"article": stored.article, "pack": "pack", "now": at}
            Feedback(db).add(Verdict.MISSED, **about)
    return keys


def _item(number: int, piece: Piece, story: int | None, at: datetime, source: Source) -> Ingest:
    """The article as it is stored."""
    url = address(number, source)
    text = f"Text {number} über Кіль 🌊 " + "lorem " * 100
    words = Evidence(Field.TITLE, 0, 4, "Text", "text")
    fact = Fact(FactKind.FIGURE, "soldiers", float(number), words)
    plan = AlertPlan(AlertKind.NEW, Reason.NEW_STORY, (Novelty(fact, None),), (Recipient("mail", "anna"),))
    on_topic = piece.story is not None
    name = f"20260101T000000Z-{number:032x}.warc.gz"
    capture = Capture(at, name, len(_PAGE), "a" * 64, "b" * 64) if piece.captured else None
    return Ingest(
        entry=listed(number, piece, source),
        source=source.name,
        article=Article(url, f"Title {number}", text, "en", at),
        read_at=at,
        reason=Reason.NEW_STORY if on_topic else Reason.NO_RULE_MATCHED,
        matches=(Match("pack", "1", "rule", Severity.HIGH, 1.0, (words,)),) if on_topic else (),
        facts=(fact,) if on_topic else (),
        story=story,
        alerts=(plan,) if on_topic and piece.told else (),
        fetched=Fetched(url, capture=capture),
    )


def mixed(chance: random.Random, many: int) -> list[Piece]:
    """So many pieces between 20 and 200 days old, of which a quarter is on topic. Every alert has arrived.

    Ages are whole days and a half, so that it does not matter at which hour one prunes.
    """
    found = []
    for _ in range(many):
        story = chance.randrange(many // 10) if chance.random() < 0.25 else None
        age = chance.randint(20, 200) + 0.5
        told, captured, judged, alias = (chance.random() < share for share in (0.5, 0.7, 0.05, 0.3))
        found.append(Piece(age, story, told, arrived=True, judged=judged, captured=captured, alias=alias))
    return found


def put_pages(db: Database, files: CaptureFiles) -> None:
    """Put a file for each capture where it belongs."""
    files.spool.mkdir(parents=True, exist_ok=True)
    for row in rows(db, "SELECT file FROM captures WHERE file IS NOT NULL"):
        path = files.place_of(row["file"])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_PAGE)


def _is_old(piece: Piece, kept: Retention, what: RetentionClass) -> bool:
    limit = kept.of(what)
    return limit is not None and piece.age * DAY > max(limit, FLOORS[what])


def expected(found: Sequence[Piece], kept: Retention) -> tuple[set[int], set[int]]:
    """The numbers of the alerts and of the articles that are to stay, by the words of docs/retention.md."""
    last: dict[int | None, float] = {}
    for piece in found:
        last[piece.story] = min(last.get(piece.story, 999), piece.age)
    alerts, articles = set(), set()
    for number, piece in enumerate(found):
        on_topic = piece.story is not None
        over = on_topic and last[piece.story] * DAY > REST
        tells = on_topic and piece.told
        if tells and not (_is_old(piece, kept, RetentionClass.ALERTS) and over and piece.arrived):
            alerts.add(number)
        captured = on_topic and piece.captured and not _is_old(piece, kept, RetentionClass.CAPTURES)
        what = RetentionClass.MATCHED if on_topic else RetentionClass.UNMATCHED
        goes = _is_old(piece, kept, what) and (over or not on_topic)
        if not goes or piece.judged or captured or number in alerts:
            articles.add(number)
    return alerts, articles
