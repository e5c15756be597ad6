"""A small history with something in every table."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.core.delivery.deliveries import Recipient
from monitor.core.delivery.notices import Notice, NoticeKind
from monitor.core.delivery.silencing import Silence
from monitor.core.models import AlertKind, AlertPlan, Fetched, Ingest, Match, Reason, Verdict
from monitor.core.signature import Signature
from monitor.core.statements import Evidence, Fact, FactKind, Field, Novelty
from monitor.core.stories import Placement
from monitor.core.topic import Severity
from monitor.store.columns import time_text
from monitor.store.database import transaction
from monitor.store.feedback import Feedback
from monitor.store.history import History
from monitor.store.indexing import catch_up
from monitor.store.ledger import Ledger
from monitor.store.notices import Notices
from monitor.store.regrouping import Regrouping
from monitor.store.silences import Silences
from monitor.store.sources import Sources
from monitor.store.visits import Visits
from spiders.captures import Capture
from spiders.items import Article, CrawlReport, Entry, Kind, Outcome, Source, Validators

NOW = datetime(2026, 11, 25, 6, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SITE = "https://herald.example/"
ANNA, ROOM = Recipient("mail", "a1"), Recipient("chat", "b2")


def fill(db):
    """Have it happen: looks, reads, stories, messages that arrived, wait or failed, and what people said."""
    sources, history, ledger = Sources(db), History(db), Ledger(db)
    feed = Source("herald", "The Herald", f"{SITE}rss", Kind.FEED, "en", "GB", ("wire",), weight=4)
    sources.sync(
        [feed, replace(feed, name="가", title="신문", url="https://가.example/rss", language="ko")], NOW
    )
    entries = tuple(Entry(f"{SITE}{n}", f"Title {n}", "A teaser", NOW - n * MINUTE) for n in range(1, 7))
    seen = CrawlReport(
        "l", Outcome.OK, entries=entries, status=200, validators=Validators('"e"'), size=99, seconds=0.1
    )
    sources.save_look("herald", seen, next_due=NOW + MINUTE, now=NOW, baseline_before=None)
    for number in (1, 2, 3):
        history.ingest(_article(number))
    with transaction(db):
        catch_up(db)
    changed = replace(_article(1).article, text="By now 900 dockers walked out.")
    history.ingest(
        replace(_article(1), article=changed, read_at=NOW + MINUTE, alerts=(), story=1, fetched=None)
    )
    history.ingest(_off_topic(4))
    _tell(db, ledger)
    (visit, *_) = Visits(db).due(NOW + timedelta(hours=1), 1)
    again = CrawlReport("v", Outcome.UNCHANGED, status=304)
    Visits(db).save(
        visit, again, revised=False, missing=0, gone=False, next_visit=None, now=NOW + 20 * MINUTE
    )
    Feedback(db).add(Verdict.IRRELEVANT, alert=1, now=NOW + MINUTE, note="про погоду")
    Regrouping(db).merge(2, 1, now=NOW + MINUTE, note="the same strike")
    at = time_text(NOW)
    db["robots"].insert({"place": "https://herald.example:443", "text": "User-agent: *", "read_at": at})
    db["gaps"].insert({"source": "herald", "since": at, "at": at, "page": f"{SITE}rss?paged=2"})
    run = {
        "begun_at": at,
        "ended_at": at,
        "class": "unmatched",
        "why": "age",
        "before": at,
        "removed": 1,
        "bytes": 9,
    }
    db["prunings"].insert({"id": 1, **run})
    db["tombstones"].insert({"url": f"{SITE}gone", "pruning": 1})
    db.conn.commit()


def _article(number):
    url = f"{SITE}{number}"
    words = Evidence(Field.TITLE, 2, 8, "strike", "strike")
    figure = Fact(FactKind.FIGURE, "dockers", 1200.0, Evidence(Field.BODY, 0, 13, "1,200 dockers", "dockers"))
    capture = Capture(NOW, f"20261125T063000Z-{number:032x}.warc.gz", 4711, "a" * 64, "b" * 64)
    return Ingest(
        entry=url,
        source="herald",
        article=Article(url, f"A strike stops port {number}", "1,200 dockers walked out.", "en", NOW, "Ann"),
        read_at=NOW,
        reason=Reason.NEW_STORY,
        matches=(Match("harbour", "0123456789ab", "strikes", Severity.HIGH, 2.0, (words,)),),
        facts=(figure,),
        alerts=(AlertPlan(AlertKind.NEW, Reason.NEW_STORY, (Novelty(figure, before=900.0),), (ANNA, ROOM)),),
        expires=NOW + timedelta(hours=48),
        signature=Signature({"strike": 1.0, "dockers=1200": 2.0}, b"\x00\x01\x02\x03" * number),
        placement=Placement(None, 0.0, is_copy=False),
        fetched=Fetched(url, Validators('"p"'), capture),
    )


def _off_topic(number):
    url = f"{SITE}{number}"
    article = Article(url, "Погода: дождь", "Завтра дождь. 내일 비.", "ru")
    return Ingest(f"{SITE}{number}", "herald", article, NOW, Reason.NO_RULE_MATCHED)


def _tell(db, ledger):
    """Messages that were sent, failed, are on their way, wait, and are kept back."""
    lease = timedelta(minutes=5)
    for ended in ("sent", "failed", "claimed"):
        for bundle in ledger.claim(NOW + MINUTE, lease=lease, limit=1):
            if ended == "sent":
                ledger.sent(bundle.ids, NOW + MINUTE)
            if ended == "failed":
                ledger.failed(bundle.ids, NOW + MINUTE, error="550 no", retry_at=None, reason="smtp_550")
    silence = Silence(0, "anna", "conference", NOW, NOW + lease, channel="chat")
    number = Silences(db).add(silence, NOW)
    db.execute(
        "UPDATE deliveries SET state = 'suppressed', silence = ? WHERE id = "
        "(SELECT max(id) FROM deliveries WHERE state = 'pending')",
        (number,),
    )
    db.conn.commit()
    notice = Notice(NoticeKind.SOURCE_FAILING, "가", "가 fails: no answer")
    Notices(db).begin("source 가", notice, (ANNA,), NOW, lasts=timedelta(days=1))
