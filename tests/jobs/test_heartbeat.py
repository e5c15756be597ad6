"""Cycles begin and end in virtual time; the pings go to a real server."""

from __future__ import annotations

import asyncio
import threading
from contextlib import closing
from datetime import timedelta
from functools import partial

import pytest

from monitor.core.liveness import Symptom, SymptomKind
from monitor.jobs.heartbeat import Heartbeat
from monitor.notify.heartbeat import Pinger
from monitor.store.database import open_reader, probe
from monitor.store.ledger import Ledger
from monitor.store.sources import Sources
from spiders.items import CrawlReport, Outcome
from tests.pings import PATIENCE, Checks

ON_TOPIC = "North Korea sends soldiers to Russia"


@pytest.fixture
def checks():
    with Checks() as one:
        yield one


@pytest.fixture
def desk(db, clock, checks):
    """A heartbeat every five minutes, and the rest of the service as far as a test plays it."""

    class Desk:
        silent: dict = {}  # noqa: RUF012  one desk for each test
        more: tuple = ()
        judged = 0

        def start(self, db=db):
            self.beat = Heartbeat(
                Pinger(checks.url()),
                Sources(db),
                Ledger(db),
                probe=partial(probe, db),
                silent=lambda: self.silent,
                more=self.find,
                clock=clock,
                every=timedelta(minutes=5),
            )
            self.beat.tick()

        def arrived(self):
            """Wait until what was pinged is answered: a server that is slow to answer is told less."""
            self.beat._pinger._latest.join(PATIENCE)

        def find(self):
            self.judged += 1
            return self.more

        def live(self, minutes=0, seconds=0):
            """Let time pass as the timer does: a tick every ten seconds."""
            for _ in range(minutes * 6 + seconds // 10):
                clock.forward(seconds=10)
                self.beat.tick()

    return Desk()


@pytest.fixture
def look(sources, clock):
    """Let a look at the source end, and the next be due in an hour."""

    def run(name="a"):
        report = CrawlReport("t", Outcome.UNCHANGED)
        later = clock.now + timedelta(hours=1)
        sources.save_look(name, report, next_due=later, now=clock.now, baseline_before=None)

    return run


def try_all(db, now):
    """Try every delivery that is due, without success."""
    for bundle in Ledger(db).claim(now, lease=timedelta(minutes=1), limit=20):
        Ledger(db).failed(bundle.ids, now, error="nobody there", retry_at=now + timedelta(hours=1))


def test_a_cycle_ends_well_once_what_was_due_at_its_begin_is_done(
    desk, db, clock, checks, make_ingestor, take, look
):
    take(make_ingestor(), ON_TOPIC)  # the source is due, and so is a delivery
    desk.start()
    begin = checks.next()
    assert begin.path == "/uuid/start"
    desk.live(minutes=1)
    look()
    desk.live(minutes=1)
    assert checks.is_silent
    try_all(db, clock.now)
    desk.live(seconds=10)
    end = checks.next()
    assert (end.path, end.text, end.run) == ("/uuid", "", begin.run)

    desk.live(minutes=2)
    assert checks.is_silent
    desk.live(minutes=1)  # five minutes after the begin, nothing is due
    following = checks.next()
    assert (following.path, following.run == begin.run) == ("/uuid/start", False)
    assert checks.next().path == "/uuid"


def test_a_watch_that_hangs_is_noticed(
    desk, sources, clock, checks, source, crawler, make_ingestor, make_watch
):
    async def scenario():
        sources.sync([source("a"), source("b")], clock.now)
        crawler.gate.clear()
        watch = make_watch(make_ingestor())
        watch.tick()
        desk.start()
        desk.live(minutes=21)
        await watch.stop()

    asyncio.run(scenario())
    assert [checks.cycle()[0] for _ in range(3)] == ["", "", ""]
    signal, text = checks.cycle()
    assert (signal, text) == ("fail", "looks_overdue: a is to be looked at since 2026-11-25 06:30 UTC")


def test_a_delivery_that_nobody_tries_is_noticed(desk, checks, make_ingestor, take, look):
    take(make_ingestor(), ON_TOPIC)
    look()
    desk.start()
    desk.live(minutes=16)
    assert [checks.cycle()[0] for _ in range(3)] == ["", "", ""]
    look()
    desk.live(minutes=5)
    signal, text = checks.cycle()
    assert signal == "fail"
    assert text.startswith("deliveries_overdue: ")


def test_a_channel_that_refuses_is_no_standstill(desk, db, clock, checks, make_ingestor, take, look):
    take(make_ingestor(), ON_TOPIC)
    desk.start()
    for _ in range(8):
        desk.arrived()
        look()
        try_all(db, clock.now)
        desk.live(minutes=5)
        assert checks.cycle() == ("", "")


def test_a_history_that_cannot_be_written_is_noticed_after_a_cycle(desk, db, path, clock, checks):
    desk.more = (Symptom(SymptomKind.TICKS, "what the history says cannot be asked"),)
    with closing(open_reader(path)) as reader:
        desk.start(reader)
        desk.live(minutes=5)
        signal, text = checks.cycle()
    assert signal == "fail"
    assert text.startswith("history_unwritable: ")
    assert "\n" not in text
    assert str(path) not in text, "where it lies is nobody's business"


def test_the_probe_of_the_history_changes_nothing(desk, db, path, checks):
    before = db.conn.total_changes
    desk.start()
    assert checks.cycle() == ("", "")
    assert db.conn.total_changes == before


def test_a_fault_that_passes_within_the_cycle_is_none(desk, db, path, checks):
    with closing(open_reader(path)) as other:
        other.execute("PRAGMA query_only = OFF")
        db.execute("PRAGMA query_only = ON")
        desk.start()
        desk.live(minutes=2)
        db.execute("PRAGMA query_only = OFF")
        desk.live(seconds=10)
    assert checks.cycle() == ("", "")


def test_a_tick_that_does_not_run_and_what_others_found_are_told(desk, checks):
    desk.silent = {"watch": timedelta(minutes=3), "deliver": timedelta(seconds=1)}
    desk.more = (Symptom(SymptomKind.HISTORY, "somebody else's news"),)
    desk.start()
    assert checks.cycle() == (
        "fail",
        "ticks_missing: watch has not run for 180 s\nhistory_unwritable: somebody else's news",
    )


@pytest.mark.parametrize("step", [{"hours": 9}, {"hours": -9}, {"minutes": 2}])
def test_after_a_sleep_or_a_step_of_the_clock_a_new_cycle_begins(desk, sources, clock, checks, source, step):
    sources.sync([source("a")], clock.now)  # never looked at
    desk.start()
    begin = checks.next()
    desk.live(minutes=4)
    clock.forward(**step)
    desk.live(seconds=10)
    following = checks.next()
    assert (following.path, following.run == begin.run) == ("/uuid/start", False)
    desk.live(minutes=5)
    assert checks.next().path == "/uuid", "nothing waited while nobody could work"


@pytest.mark.parametrize("fault", ["hung", "dead"])
def test_a_heartbeat_that_nobody_takes_delays_nothing(desk, checks, monkeypatch, fault):
    if fault == "hung":
        checks.open.clear()
    else:
        monkeypatch.setattr(checks, "host", "127.0.0.1:1")
    desk.start()
    desk.live(minutes=60)
    assert desk.judged == 13, "a cycle every five minutes, whatever becomes of its pings"
    assert sum(thread.name == "heartbeat" for thread in threading.enumerate()) <= 4
