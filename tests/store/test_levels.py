"""How things stand, and that a large history makes no question of it slow."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta

import pytest

from monitor.core.sources.state import Condition, Diagnosis
from monitor.store import levels as module
from monitor.store.database import open_reader, rows, transaction
from monitor.store.ledger import Ledger
from monitor.store.levels import levels
from monitor.store.sources import Sources
from monitor.store.wellness import Wellness

LEASE = timedelta(seconds=60)


def test_sources_stand_with_their_condition_and_their_times(stocked, now):
    yonhap, tass = sorted(levels(stocked).sources, reverse=True)
    assert (yonhap.name, yonhap.condition) == ("yonhap-ko", Condition.NEW)
    assert (yonhap.last_ok, yonhap.last_new) == (now, now)
    assert (tass.last_ok, tass.last_new) == (None, None)


def test_a_source_that_was_given_up_or_retired_is_not_waited_for(stocked, now, source):
    sources = Sources(stocked)
    assert levels(stocked).due == now, "one was never looked at"
    sources.drop("tass-ru", now)
    standing = levels(stocked)
    assert {one.name: one.condition for one in standing.sources}["tass-ru"] is Condition.DROPPED
    assert standing.due == now + timedelta(minutes=5)
    sources.sync([source("tass-ru", unverified=True)], now)
    assert [one.name for one in levels(stocked).sources] == ["tass-ru"]
    assert levels(stocked).due is None


def test_what_waits_is_counted_and_since_when(stocked, now):
    standing = levels(stocked)
    assert standing.to_read == 3
    assert standing.open == {("mail", "pending"): 1, ("chat", "pending"): 1}
    assert standing.waiting == {"mail": now, "chat": now}
    Ledger(stocked).claim(now, lease=LEASE, limit=1)
    assert levels(stocked).open == {("mail", "claimed"): 1, ("chat", "pending"): 1}


@pytest.mark.parametrize(
    ("held", "since"),
    [("quiet_hours", timedelta(hours=3)), ("digest", timedelta(hours=3)), ("parked", timedelta())],
)
def test_what_a_channel_wishes_to_hear_later_waits_only_from_then_on(stocked, now, held, since):
    with transaction(stocked):
        stocked.execute(
            "UPDATE deliveries SET held = ?, not_before = ?", (held, "2026-11-25T09:30:00.000000Z")
        )
    standing = levels(stocked)
    assert standing.open == {("mail", "held"): 1, ("chat", "held"): 1}
    assert standing.waiting == {"mail": now + since, "chat": now + since}


def test_what_was_sent_waits_no_more(stocked, now):
    ledger = Ledger(stocked)
    for bundle in ledger.claim(now, lease=LEASE, limit=10):
        ledger.sent(bundle.ids, now)
    standing = levels(stocked)
    assert (standing.open, standing.waiting) == ({}, {})


def test_the_bytes_of_the_file_are_named(path, stocked):
    with closing(open_reader(path)) as reader:
        usage = levels(reader).usage
    assert usage.size > usage.page
    assert usage.log == path.with_name(path.name + "-wal").stat().st_size


ASKED = {"_SOURCES": (1, 9), "_OPEN": ()}


@pytest.mark.parametrize("question", ASKED)
def test_no_question_reads_a_large_table_from_end_to_end(stocked, question):
    plan = [
        row["detail"]
        for row in rows(stocked, f"EXPLAIN QUERY PLAN {getattr(module, question)}", ASKED[question])
    ]
    scans = [step for step in plan if step.startswith("SCAN") and "INDEX deliveries_open" not in step]
    assert scans == (
        [] if question == "_OPEN" else ["SCAN sources USING INDEX sqlite_autoindex_sources_1"]
    ), plan


def test_of_very_many_sources_only_those_are_named_that_are_not_well(stocked, now, monkeypatch):
    Wellness(stocked).keep("tass-ru", Diagnosis(Condition.FAILING, "fails (http_500)"), now)
    standing = levels(stocked)
    assert standing.are_named
    assert [one.name for one in standing.sources] == ["tass-ru", "yonhap-ko"]
    monkeypatch.setattr(module, "MOST_NAMED", 1)
    standing = levels(stocked)
    assert not standing.are_named
    assert [one.name for one in standing.sources] == ["tass-ru"]
    assert standing.conditions == {Condition.FAILING: 1, Condition.NEW: 1}
