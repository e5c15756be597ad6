"""What was added since the last look is counted once, however it was stored."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from datetime import timedelta

import pytest

from monitor.core.models import Reason
from monitor.store import tally
from monitor.store.database import open_reader, transaction
from monitor.store.history import History
from monitor.store.ledger import HELD, Ledger
from monitor.store.sources import Sources
from monitor.store.tally import Added, Tally
from spiders.items import CrawlReport, Outcome

LEASE = timedelta(seconds=60)
NOTHING = Added()


@pytest.fixture
def reader(path, stocked):
    with closing(open_reader(path)) as db:
        yield db


@pytest.fixture
def added(stocked, reader):
    """What was added since the last call; what is stocked is there already."""
    counting = Tally(stocked)
    return lambda: counting.added(reader)


def gap(db, source):
    with transaction(db):
        db.execute("INSERT INTO gaps (source, since, at) VALUES (?, '2026', '2026')", (source,))


@pytest.fixture
def ledger(stocked):
    return Ledger(stocked)


def test_what_was_there_before_is_not_counted(added):
    assert added() == NOTHING
    assert added() == NOTHING


def test_looks_are_counted_by_source_and_outcome(added, stocked, now):
    for source, outcome in (("yonhap-ko", "ok"), ("tass-ru", "failed"), ("tass-ru", "failed")):
        report = CrawlReport("t", Outcome(outcome), "http_500" if outcome == "failed" else "", seconds=1.5)
        Sources(stocked).save_look(source, report, next_due=now, now=now, baseline_before=None)
    found = added()
    assert found.looks == {("yonhap-ko", "ok"): 1, ("tass-ru", "failed"): 2}
    assert found.look_seconds == [1.5] * 3
    assert added() == NOTHING


def test_possible_gaps_are_counted_by_source(added, stocked):
    gap(stocked, "tass-ru")
    gap(stocked, "tass-ru")
    assert added().gaps == {"tass-ru": 2}


def test_articles_are_counted_with_what_came_of_them(added, stocked, ingest, off_topic):
    history = History(stocked)
    history.ingest(ingest(2))
    history.ingest(ingest(3, reason=Reason.REPEAT, alerts=()))
    history.ingest(off_topic(4))
    found = added()
    assert found.articles == 3
    assert found.matches == {("dprk-russia", "urgent"): 2}
    assert found.alerts == {("dprk-russia", "urgent"): 1}
    assert found.untold == {"repeat": 1}, "what is off topic was not to be told"


def test_a_message_is_counted_when_it_is_taken_with_the_time_it_took(added, ledger, now):
    anna, room = ledger.claim(now, lease=LEASE, limit=10)
    ledger.sent(anna.ids, now + timedelta(seconds=2))
    ledger.failed(room.ids, now, error="451", reason="smtp_451", retry_at=now + timedelta(minutes=5))
    found = added()
    assert found.sent == {"mail": 1}
    assert found.failed == {("chat", "smtp_451"): 1}
    assert found.latencies == found.detections == [timedelta(seconds=2)]
    assert not +found.dead
    assert not +found.unknown


def test_deliveries_that_leave_together_are_one_message(added, ledger, stocked, ingest, now):
    ledger.sent(ledger.claim(now, lease=LEASE, limit=1)[0].ids, now)
    with transaction(stocked):
        stocked.execute("UPDATE attempts SET bundle = 'k', ended_at = '2026-11-25T06:30:00.000000Z'")
        stocked.execute(
            "INSERT INTO attempts (delivery, bundle, begun_at, ended_at, outcome) "
            "SELECT 2, bundle, begun_at, ended_at, outcome FROM attempts"
        )
    assert sum(added().sent.values()) == 1


def test_what_is_given_up_is_a_dead_letter_once(added, ledger, now):
    (anna, *_) = ledger.claim(now, lease=LEASE, limit=10)
    ledger.failed(anna.ids, now, error="busy", retry_at=now)
    (anna,) = ledger.claim(now, lease=LEASE, limit=10)
    ledger.failed(anna.ids, now + timedelta(seconds=1), error="550", reason="smtp_550", retry_at=None)
    found = added()
    assert +found.dead == {"mail": 1}
    assert sum(found.failed.values()) == 2
    assert added() == NOTHING


def test_an_attempt_that_was_cut_off_may_arrive_twice(added, ledger, now):
    ledger.claim(now, lease=LEASE, limit=1)
    ledger.claim(now + LEASE + HELD, lease=LEASE, limit=1)
    assert +added().unknown == {"mail": 1}


def test_what_became_too_old_is_counted(added, ledger, now):
    ledger.claim(now + timedelta(hours=49), lease=LEASE, limit=10)
    assert added().expired == 2
    ledger.retry(None, now)
    assert added().expired == 0, "somebody wanted it after all"


def test_however_much_was_added_each_row_is_counted_once(added, stocked, now, monkeypatch):
    monkeypatch.setattr(tally, "_AT_ONCE", 2)
    for _ in range(5):
        Sources(stocked).save_look(
            "tass-ru", CrawlReport("t", Outcome.UNCHANGED), next_due=now, now=now, baseline_before=None
        )
    many = [added().looks["tass-ru", "unchanged"] for _ in range(4)]
    assert many == [2, 2, 1, 0]


def test_rows_that_begin_anew_after_everything_was_pruned_are_counted(added, stocked, now):
    with transaction(stocked):
        stocked.execute("DELETE FROM looks")
    assert added() == NOTHING
    Sources(stocked).save_look(
        "tass-ru", CrawlReport("t", Outcome.UNCHANGED), next_due=now, now=now, baseline_before=None
    )
    assert added().looks == Counter({("tass-ru", "unchanged"): 1})
