"""What happens to a change of the history when its process is killed, or somebody else holds the file."""

import random
import signal
import sqlite3
import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.core.delivery.deliveries import Recipient
from monitor.core.delivery.notices import Notice, NoticeKind
from monitor.core.delivery.silencing import Silence
from monitor.core.errors import DatabaseBusy
from monitor.core.models import Fetched, Reason, Verdict
from monitor.core.retention import Cut, PruneReason, RetentionClass
from monitor.core.sources.pacing import Stirs
from monitor.core.sources.state import Condition, Diagnosis
from monitor.store import configured, database
from monitor.store.archive import Archive
from monitor.store.columns import time_text
from monitor.store.coverage import coverage
from monitor.store.database import check, open_history, rows
from monitor.store.feedback import Feedback
from monitor.store.gaps import Gaps
from monitor.store.history import History
from monitor.store.ledger import Ledger
from monitor.store.looked import Looked
from monitor.store.notices import Notices
from monitor.store.pruning import BEGIN, Pruning
from monitor.store.regrouping import Regrouping
from monitor.store.silences import Silences
from monitor.store.sources import Sources
from monitor.store.stories import Stories
from monitor.store.views.alerts import Wanted, alerts_page
from monitor.store.views.article import article_page
from monitor.store.views.rules import rule_lines, rule_page
from monitor.store.views.sources import source_lines, source_page
from monitor.store.visits import Visits
from monitor.store.wellness import Wellness
from spiders.items import CrawlReport, Outcome, Validators
from tests.killing import in_child, killed_at

LEASE = timedelta(seconds=60)
LATER = timedelta(minutes=1)
NOTICE = Notice(NoticeKind.NETWORK_DOWN, "", "No network.")
TO = (Recipient("mail", "anna"),)
ARCHIVE = "https://yonhap-ko.example/rss?paged=2"
STORES = (
    Sources,
    Gaps,
    Wellness,
    History,
    Ledger,
    Notices,
    Silences,
    Feedback,
    Archive,
    Stories,
    Regrouping,
    Visits,
    Pruning,
)


@pytest.fixture
def writes(now, source, look, ingest):
    """Every public method that writes, as a call on an open history."""
    urls = [f"https://yonhap-ko.example/{number}" for number in (3, 4, 5, 6)]
    due = now + timedelta(minutes=5)
    changed = replace(ingest(1).article, text="수정")
    everything = Cut(
        RetentionClass.MATCHED, PruneReason.AGE, now + timedelta(days=9), now + timedelta(days=9)
    )

    def save(db, report):
        Sources(db).save_look("tass-ru", report, next_due=due, now=now, baseline_before=now)

    def save_visit(db):
        (visit,) = Visits(db).due(now + timedelta(hours=1), 1)
        report = CrawlReport("t", Outcome.OK, validators=Validators('"2"'))
        Visits(db).save(visit, report, revised=False, missing=0, gone=False, next_visit=due, now=now)

    return {
        "sync": lambda db: Sources(db).sync([source(weight=1), source("new")], now),
        "save_look": lambda db: save(db, look(*urls)),
        "save_failed_look": lambda db: save(db, CrawlReport("t", Outcome.FAILED, reason="dns")),
        "save_looks": lambda db: Sources(db).save_looks(
            [Looked("tass-ru", look(*urls), due), Looked("yonhap-ko", look(*urls), due)],
            now=now,
            baseline_before=now,
        ),
        "reading_failed": lambda db: Sources(db).reading_failed(
            urls[0], reason="dns", detail="", now=now, retry_at=None
        ),
        "skip": lambda db: Sources(db).skip(urls[:1], Reason.SKIMMED, now),
        "look_now": lambda db: Sources(db).look_now("yonhap-ko", due + LATER),
        "hasten": lambda db: Sources(db).hasten("yonhap-ko", now - LATER),
        "hasten_all": lambda db: Sources(db).hasten_all({"tass-ru": now - LATER, "yonhap-ko": now - LATER}),
        "look_at_unreached": lambda db: Sources(db).look_at_unreached(["dns"], due + LATER),
        "drop": lambda db: Sources(db).drop("yonhap-ko", now),
        "searched": lambda db: Sources(db).gaps.searched(Sources(db).gaps.to_search(1)[0], look(*urls), due),
        "keep": lambda db: Wellness(db).keep("yonhap-ko", Diagnosis(Condition.SILENT, "says nothing"), now),
        "keep_all": lambda db: Wellness(db).keep_all(
            {name: Diagnosis(Condition.SILENT, "says nothing") for name in ("tass-ru", "yonhap-ko")}, now
        ),
        "ingest": lambda db: History(db).ingest(ingest(2, entry=urls[0])),
        "ingest_revision": lambda db: History(db).ingest(ingest(1, article=changed, story=1, read_at=due)),
        "claim": lambda db: Ledger(db).claim(now + LATER, lease=LEASE, limit=10),
        "sent": lambda db: Ledger(db).sent((2,), now),
        "failed": lambda db: Ledger(db).failed((2,), now, error="x", retry_at=None),
        "retry": lambda db: Ledger(db).retry(None, now + timedelta(days=9)),
        "recover": lambda db: Ledger(db).recover(due),
        "configured": lambda db: configured.take_up(
            db, [source(weight=1), source("new")], [Recipient("mail", "boris")], due
        ),
        "tell": lambda db: Notices(db).tell(NOTICE, TO, now, lasts=LEASE),
        "begin": lambda db: Notices(db).begin("network", NOTICE, TO, now, lasts=LEASE),
        "notices.end": lambda db: Notices(db).end("disk", NOTICE, TO, now, lasts=LEASE),
        "silences.add": lambda db: Silences(db).add(Silence(0, "anna", "busy", now, due), now),
        "end": lambda db: Silences(db).end(1, now),
        "replay": lambda db: Silences(db).replay(1, now, lasts=LEASE),
        "add": lambda db: Feedback(db).add(Verdict.IRRELEVANT, alert=1, now=now),
        "merge": lambda db: Regrouping(db).merge(2, 1, now=now),
        "split": lambda db: Regrouping(db).split(1, [3], now=now),
        "visits.save": save_visit,
        "join": lambda db: History(db).join(2, 1, now, ("kursk",)),
        "prune": lambda db: Pruning(db).prune(everything, BEGIN, most=9, begun=due, now=due),
    }


WRITES = [
    *("sync", "save_look", "save_failed_look", "save_looks", "reading_failed", "skip", "look_now"),
    *("hasten", "hasten_all", "look_at_unreached", "drop", "searched", "keep", "keep_all"),
    *("ingest", "ingest_revision"),
    *("claim", "sent", "failed", "retry", "recover", "configured"),
    *("tell", "begin", "notices.end"),
    *("silences.add", "end", "replay"),
    *("add", "merge", "split", "visits.save", "join", "prune"),
]

READS = {
    "states": lambda db, now: Sources(db).states(),
    "due": lambda db, now: Sources(db).due(now, 10),
    "visits.due": lambda db, now: Visits(db).due(now, 10),
    "listed": lambda db, now: Archive(db).listed(["https://yonhap-ko.example/1"]),
    "sources.next_due": lambda db, now: Sources(db).next_due(),
    "unlisted": lambda db, now: Sources(db).unlisted("yonhap-ko", CrawlReport("t", Outcome.UNCHANGED)),
    "stirs": lambda db, now: Sources(db).stirs(now),
    "stirred": lambda db, now: Sources(db).stirred(Stirs(frozenset({"a"})), (1,), now, 10),
    "reach": lambda db, now: Wellness(db).reach(),
    "undeclared": lambda db, now: Wellness(db).undeclared(["yonhap-ko"]),
    "to_read": lambda db, now: Sources(db).to_read(now, 10),
    "to_search": lambda db, now: Sources(db).gaps.to_search(10),
    "unjudged": lambda db, now: Wellness(db).unjudged(9),
    "harvests": lambda db, now: Wellness(db).harvests(now),
    "wellness.record": lambda db, now: Wellness(db).record("yonhap-ko", now),
    "remembered": lambda db, now: History(db).remembered(now),
    "was_pruned": lambda db, now: History(db).was_pruned("https://yonhap-ko.example/1"),
    "page": lambda db, now: History(db).page("https://yonhap-ko.example/1"),
    "apart": lambda db, now: History(db).apart(),
    "alerts": lambda db, now: History(db).alerts(limit=10),
    "summary": lambda db, now: History(db).summary(),
    "alert": lambda db, now: Ledger(db).alert(1),
    "delivery": lambda db, now: Ledger(db).delivery(1),
    "ledger.next_due": lambda db, now: Ledger(db).next_due(),
    "backlog": lambda db, now: Ledger(db).backlog(),
    "attempts": lambda db, now: History(db).attempts(1),
    "recipient": lambda db, now: Ledger(db).recipient(TO[0]),
    "standing": lambda db, now: Notices(db).standing(),
    "undelivered": lambda db, now: Notices(db).undelivered("canary desk 2026-11-25"),
    "silences.list": lambda db, now: Silences(db).list(),
    "coverage": coverage,
    "list": lambda db, now: Feedback(db).list(),
    "texts": lambda db, now: list(Archive(db).texts()),
    "count": lambda db, now: Archive(db).count(),
    "find": lambda db, now: Archive(db).find(1),
    "entry": lambda db, now: Archive(db).entry("https://yonhap-ko.example/1"),
    "tombstone": lambda db, now: Archive(db).tombstone("https://yonhap-ko.example/1"),
    "matches": lambda db, now: Archive(db).matches(1),
    "record": lambda db, now: Archive(db).record(1),
    "survey": lambda db, now: Pruning(db).survey(
        Cut(RetentionClass.MATCHED, PruneReason.AGE, now + timedelta(days=9), now)
    ),
    "pruning.lines": lambda db, now: Pruning(db).lines(limit=10),
    "totals": lambda db, now: Pruning(db).totals(),
    "lines": lambda db, now: Stories(db).lines(limit=10),
    "of_article": lambda db, now: Stories(db).of_article(1),
    "timeline": lambda db, now: Stories(db).timeline(1),
    "alerts_page": lambda db, now: alerts_page(db, Wanted()),
    "article_page": lambda db, now: article_page(db, 1),
    "rule_lines": rule_lines,
    "rule_page": lambda db, now: rule_page(db, "dprk-russia", "troops", now),
    "source_lines": source_lines,
    "source_page": lambda db, now: source_page(db, "yonhap-ko", now),
    "state": lambda db, now: Sources(db).state("yonhap-ko"),
    "harvest": lambda db, now: Wellness(db).harvest("yonhap-ko", now),
}


@pytest.fixture
def busy_history(stocked, now, ingest):
    """A history in which every method that writes has something to change."""
    History(stocked).ingest(ingest(9, fetched=Fetched("https://yonhap-ko.example/9")))
    History(stocked).ingest(ingest(8, story=1, alerts=()))
    (anna,) = Ledger(stocked).claim(now, lease=LEASE, limit=1)
    Ledger(stocked).sent(anna.ids, now)
    Ledger(stocked).claim(now, lease=LEASE, limit=1)
    Notices(stocked).begin("disk", NOTICE, TO, now, lasts=LEASE)
    stocked["gaps"].insert(
        {"source": "yonhap-ko", "since": time_text(now), "at": time_text(now), "page": ARCHIVE}
    )
    Silences(stocked).add(Silence(0, "anna", "busy", now - LATER, now + LEASE), now)
    stocked.execute("UPDATE deliveries SET state = 'suppressed', silence = 1 WHERE id = 3")
    stocked.execute("UPDATE sources SET failures = 1, last_reason = 'dns' WHERE name = 'tass-ru'")
    return stocked


def test_every_public_method_is_tried_here(writes):
    public = {name for store in STORES for name in vars(store) if not name.startswith("_")}
    tried = {name.partition(".")[2] or name for name in (*writes, *READS)}
    assert public <= tried
    assert list(writes) == WRITES


@pytest.mark.parametrize("name", WRITES)
def test_a_locked_history_is_reported_and_nothing_is_half_written(name, writes, busy_history, path, contents):
    before = contents(busy_history)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseBusy) as caught:
        writes[name](busy_history)
    assert caught.value.where == str(path)
    other.execute("ROLLBACK")
    other.close()
    assert contents(busy_history) == before
    writes[name](busy_history)
    assert contents(busy_history) != before
    assert check(busy_history) == ()


def test_reading_goes_on_while_the_history_is_locked(busy_history, path, now):
    free = {name: read(busy_history, now) for name, read in READS.items()}
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert {name: read(busy_history, now) for name, read in READS.items()} == free
    other.close()


def test_reading_keeps_nothing_open(busy_history, now):
    """A read that stays open would keep the log from being emptied."""
    for name, read in READS.items():
        read(busy_history, now)
        assert not busy_history.conn.in_transaction, name
        assert busy_history.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0, name


def test_a_history_locked_for_reading_too_is_reported(path, ingest):
    open_history(path).close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(DatabaseBusy):
        open_history(path, busy=0.0)
    other.close()


@pytest.mark.parametrize(
    "name",
    ["sync", "save_look", "ingest", "ingest_revision", "claim", "retry", "merge", "split", "join", "prune"],
)
def test_a_change_killed_at_any_statement_is_stored_whole_or_not_at_all(
    name, writes, busy_history, path, contents
):
    before = contents(busy_history)
    busy_history.close()
    statement = 1

    def work():
        db = open_history(path)
        killed_at(statement, db.conn)
        writes[name](db)

    while in_child(work) == -signal.SIGKILL:
        db = open_history(path)
        assert contents(db) == before, f"killed at statement {statement}"
        db.close()
        statement += 1
    assert statement > 3
    db = open_history(path)
    assert contents(db) != before
    assert check(db) == ()
    db.close()


def test_a_history_killed_while_it_is_made_is_completed_by_the_next_start(path):
    statement = 1
    connect = database._connect

    def make():
        database._connect = lambda name, busy: killed_at(statement, connect(name, busy))
        open_history(path)

    while in_child(make) == -signal.SIGKILL:
        db = open_history(path)
        assert check(db) == ()
        db.close()
        path.unlink()
        statement += 7  # a prime step over some hundred statements
    assert statement > 50


def test_killed_at_any_moment_the_history_holds_whole_articles(path, ingest, now):
    """Not only between statements: inside the commit, the write of the log, the checkpoint."""
    open_history(path).close()
    chance = random.Random(7)
    done, patience = 0, 0.03

    def work():
        db = open_history(path)
        signal.setitimer(signal.ITIMER_REAL, chance.uniform(0.002, patience))
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        db.execute("PRAGMA wal_autocheckpoint = 5")
        for number in range(done, done + 1000):
            History(db).ingest(ingest(number))

    for _ in range(12):
        chance.random()
        assert in_child(work) == -signal.SIGALRM
        db = open_history(path)
        assert check(db) == ()
        counts = {
            table: rows(db, f"SELECT count(*) AS many FROM {table}")[0]["many"]
            for table in ("articles", "revisions", "matches", "evidence", "alerts", "novelties", "entries")
        }
        assert len(set(counts.values())) == 1, counts
        assert rows(db, "SELECT count(*) AS many FROM deliveries")[0]["many"] == 2 * counts["articles"]
        assert counts["articles"] >= done
        if counts["articles"] == done:
            patience *= 2  # on a busy machine nothing was written yet
        done = counts["articles"]
        db.close()
    assert done > 0


def test_a_writer_waits_for_a_short_lock(path, now):
    db = open_history(path, busy=5.0)
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    timer = threading.Timer(0.05, lambda: other.execute("ROLLBACK"))
    timer.start()
    began = time.monotonic()
    assert Notices(db).tell(NOTICE, TO, now, lasts=LEASE)
    assert time.monotonic() - began < 5
    timer.join()
    other.close()
    db.close()
