"""Random histories under random retentions: what is to stay stays, what went never returns, and the file fits."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.core.delivery.deliveries import Recipient
from monitor.core.models import AlertKind, AlertPlan, Fetched, Ingest, Match, Reason, Verdict
from monitor.core.retention import FLOORS, Retention, RetentionClass, by_size
from monitor.core.statements import Evidence, Fact, FactKind, Field, Novelty
from monitor.core.topic import Severity
from monitor.jobs.pruning import Run
from monitor.store.capture_files import CaptureFiles
from monitor.store.database import check, open_history, rows
from monitor.store.feedback import Feedback
from monitor.store.history import History
from monitor.store.pruning import Pruning, Space
from monitor.store.sources import Sources
from spiders.captures import Capture
from spiders.items import Article, CrawlReport, Entry, Kind, Outcome, Source

NOW = datetime(2026, 11, 25, 6, 30, tzinfo=UTC)
DAY = timedelta(days=1)
REST = 28 * DAY
NOWHERE = Path("/nonexistent/captures")


@dataclass(frozen=True)
class Piece:
    """One article: how many days ago it was read, its story (None: off topic), and what keeps it."""

    age: int
    story: int | None
    told: bool
    arrived: bool
    judged: bool
    captured: bool
    alias: bool


pieces = st.builds(
    Piece,
    age=st.integers(0, 200),
    story=st.none() | st.integers(0, 3),
    told=st.booleans(),
    arrived=st.booleans(),
    judged=st.integers(0, 9).map(lambda n: n == 0),
    captured=st.integers(0, 4).map(lambda n: n == 0),
    alias=st.booleans(),
)
ages = st.none() | st.integers(1, 220).map(lambda days: days * DAY)
retentions = st.builds(Retention, **{each.value: ages for each in RetentionClass})


def address(number):
    return f"https://a.example/{number}"


def listed(number, piece):
    return f"{address(number)}?from=feed" if piece.alias else address(number)


def item(number, piece, story):
    """The article as it is stored."""
    url, at = address(number), NOW - piece.age * DAY
    text = f"Text {number} über Кіль 🌊 " + "lorem " * 100
    words = Evidence(Field.TITLE, 0, 4, "Text", "text")
    fact = Fact(FactKind.FIGURE, "soldiers", float(number), words)
    plan = AlertPlan(AlertKind.NEW, Reason.NEW_STORY, (Novelty(fact, None),), (Recipient("mail", "anna"),))
    on_topic = piece.story is not None
    name = f"20260101T000000Z-{number:032x}.warc.gz"
    capture = Capture(at, name, 8, "a" * 64, "b" * 64) if piece.captured else None
    return Ingest(
        entry=listed(number, piece),
        source="a",
        article=Article(url, f"Title {number}", text, "en", at),
        read_at=at,
        reason=Reason.NEW_STORY if on_topic else Reason.NO_RULE_MATCHED,
        matches=(Match("pack", "1", "rule", Severity.HIGH, 1.0, (words,)),) if on_topic else (),
        facts=(fact,) if on_topic else (),
        story=story,
        alerts=(plan,) if on_topic and piece.told else (),
        fetched=Fetched(url, capture=capture),
    )


def fill(db, found):
    """Store the pieces in the order of time, oldest first; their keys by number."""
    source = Source("a", "A", "https://a.example/rss", Kind.FEED, "en")
    Sources(db).sync([source], NOW - 300 * DAY)
    history, stories, keys = History(db), {}, {}
    for number, piece in sorted(enumerate(found), key=lambda pair: -pair[1].age):
        at = NOW - piece.age * DAY
        look = CrawlReport("t", Outcome.OK, entries=(Entry(listed(number, piece), f"T {number}", "teaser"),))
        Sources(db).save_look("a", look, next_due=at, now=at, baseline_before=None)
        stored = history.ingest(item(number, piece, stories.get(piece.story)))
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


def finish(db, kept, files=None):
    run = Run(Pruning(db, files), Space(db), kept, NOW)
    for _ in range(100_000):
        if not run.slice(NOW):
            return
    raise AssertionError("a run without an end")


def is_old(piece, kept, what):
    limit = kept.of(what)
    return limit is not None and piece.age * DAY > max(limit, FLOORS[what])


def expected(found, kept):
    """The numbers of the alerts and of the articles that are to stay, by the words of docs/retention.md."""
    last = {}
    for piece in found:
        last[piece.story] = min(last.get(piece.story, 999), piece.age)
    alerts, articles = set(), set()
    for number, piece in enumerate(found):
        on_topic = piece.story is not None
        over = on_topic and last[piece.story] * DAY > REST
        tells = on_topic and piece.told
        if tells and not (is_old(piece, kept, RetentionClass.ALERTS) and over and piece.arrived):
            alerts.add(number)
        captured = on_topic and piece.captured and not is_old(piece, kept, RetentionClass.CAPTURES)
        what = RetentionClass.MATCHED if on_topic else RetentionClass.UNMATCHED
        goes = is_old(piece, kept, what) and (over or not on_topic)
        if not goes or piece.judged or captured or number in alerts:
            articles.add(number)
    return alerts, articles


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(found=st.lists(pieces, max_size=15), kept=retentions)
def test_what_is_to_stay_stays_and_what_went_never_returns(found, kept):
    with closing(open_history(None)) as db:
        keys = fill(db, found)
        texts = {row["article"]: row["text"] for row in rows(db, "SELECT article, text FROM revisions")}
        links = Counter(row["source"] for row in rows(db, "SELECT source FROM entry_sources"))
        finish(db, kept, CaptureFiles(NOWHERE))
        assert check(db) == ()

        alerts, articles = expected(found, kept)
        left = {row["article"]: row["text"] for row in rows(db, "SELECT article, text FROM revisions")}
        assert left == {keys[number]: texts[keys[number]] for number in articles}
        assert {row["id"] for row in rows(db, "SELECT id FROM articles")} == set(left)
        told = {row["article"] for row in rows(db, "SELECT article FROM alerts")}
        assert told == {keys[number] for number in alerts}
        (row,) = rows(db, "SELECT count(*) AS many FROM deliveries")
        assert row["many"] == len(alerts)

        # A feed that lists all of it again brings nothing new, and no page of it would be taken in.
        again = tuple(Entry(listed(number, piece), "Again") for number, piece in enumerate(found))
        assert Sources(db).unlisted("a", CrawlReport("t", Outcome.OK, entries=again)) == ()
        assert Counter(row["source"] for row in rows(db, "SELECT source FROM entry_sources")) == links
        history = History(db)
        for number in range(len(found)):
            gone = number not in articles
            assert (history.page(address(number)) is None) is gone
            assert history.was_pruned(address(number)) or not gone
        fresh = replace(item(999, Piece(0, None, False, False, False, False, False), None), read_at=NOW)
        assert history.ingest(fresh).article == len(found) + 1, "a number was given twice"

        before = db.conn.total_changes
        finish(db, kept, CaptureFiles(NOWHERE))
        assert db.conn.total_changes == before, "what may go went in one run"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(found=st.lists(pieces, min_size=5, max_size=25), share=st.floats(0.3, 1.1))
def test_the_file_fits_if_that_can_be_and_keeps_what_was_told(found, share):
    with closing(open_history(None)) as db:
        keys = fill(db, found)
        limit = int(Space(db).usage().used * share)
        forever = dict.fromkeys((each.value for each in RetentionClass), None)
        finish(db, Retention(**forever, size=limit))
        assert check(db) == ()
        left = {row["id"] for row in rows(db, "SELECT id FROM articles")}
        for number, piece in enumerate(found):
            if piece.story is not None or piece.judged or piece.age <= 7:
                assert keys[number] in left
        off_topic = [n for n, piece in enumerate(found) if piece.story is None and not piece.judged]
        gone = {n for n in off_topic if keys[n] not in left}
        stayed = {n for n in off_topic if keys[n] in left and found[n].age > 7}
        assert not gone or not stayed or min(found[n].age for n in gone) >= max(found[n].age for n in stayed)
        if Space(db).usage().used > limit:
            assert all(Pruning(db).survey(cut).many == 0 for cut in by_size(NOW))
