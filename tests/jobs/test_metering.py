"""Metrics of a real history, read back by Prometheus' own parser."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from prometheus_client.parser import text_string_to_metric_families

from monitor import __version__
from monitor.jobs.health import Body, Health
from monitor.jobs.metering import Meter, Reported
from monitor.metrics import DECLARED, Metrics
from monitor.store.database import probe
from monitor.store.ledger import Ledger
from monitor.store.tally import Tally
from spiders.items import CrawlReport, Look, Outcome, Read

ON_TOPIC = "North Korea sends soldiers to Russia"


@pytest.fixture
def metered(db, path, clock):
    class Metered:
        reloaded = True
        backup = None
        cluster = None

        def __init__(self):
            self.health = Health(clock)
            self.metrics = Metrics()
            self.meter = Meter(self.metrics, self.health, path, clock=clock)

        def begin(self):
            reported = Reported(
                lambda: ("mail", "chat"), lambda: self.reloaded, lambda: self.backup, lambda: self.cluster
            )
            self.meter.begin(Tally(db), reported)
            silent = {"watch": timedelta(seconds=1)}
            self.health.begin(Body(partial(probe, db), lambda: silent, timedelta, tuple))

        def samples(self):
            return {
                (sample.name, *sorted(sample.labels.items())): sample.value
                for family in text_string_to_metric_families(self.meter.text().decode())
                for sample in family.samples
            }

        def value(self, name, **labels):
            return self.samples().get((f"tumen_{name}", *sorted(labels.items())))

    one = Metered()
    yield one
    one.meter.end()


def test_every_metric_is_exposed_once_the_service_watches_and_nothing_else(metered, take, make_ingestor):
    take(make_ingestor(), ON_TOPIC)
    metered.backup = datetime(2026, 11, 25, tzinfo=UTC)
    metered.cluster = {"workers": 2, "threads": 8, "orders": 3, "away": ""}
    metered.begin()
    families = {
        family.name
        for family in text_string_to_metric_families(metered.meter.text().decode())
        if family.samples
    }
    ours = {name for name in families if not name.startswith("process_")}
    named = {metric.full_name.removesuffix("_total") for metric in DECLARED}
    unseen = {"tumen_source_last_success_timestamp_seconds", "tumen_source_last_new_item_timestamp_seconds"}
    begun = {"tumen_cycle_duration_seconds", "tumen_matches", "tumen_alerts", "tumen_notifications_failed"}
    assert ours | unseen | begun == named


def test_before_the_history_is_open_little_is_said(metered):
    assert metered.value("ready") == 0
    assert metered.value("symptoms", kind="starting") == 1
    assert metered.value("history_up") is None
    assert metered.value("build_info", version=__version__, sqlite=_sqlite()) == 1


def test_what_happens_is_counted_from_zero(metered, db, clock, take, make_ingestor, sources, looked):
    ingestor = make_ingestor()
    take(ingestor, ON_TOPIC)
    metered.begin()
    before = metered.samples()
    for name in ("articles_stored_total", "deliveries_expired_total", "clock_jumps_total"):
        assert before[f"tumen_{name}",] == 0
    for outcome in Outcome:
        assert metered.value("source_fetch_total", source="a", outcome=outcome) == 0
    assert metered.value("notifications_total", channel="chat") == 0

    take(ingestor, "Bakery opens")
    sources.save_look(
        "a", looked("https://a.example/x"), next_due=clock.now, now=clock.now, baseline_before=None
    )
    (bundle,) = Ledger(db).claim(clock.now, lease=timedelta(minutes=1), limit=9)
    Ledger(db).sent(bundle.ids, clock.forward(seconds=3))
    for _ in range(2):
        found = metered.samples()
    assert found["tumen_articles_stored_total",] == 1
    assert found["tumen_source_fetch_total", ("outcome", "ok"), ("source", "a")] == 1
    assert found["tumen_source_last_success_timestamp_seconds", ("source", "a")] > 1e9
    assert found["tumen_notifications_total", ("channel", "mail")] == 1
    assert found["tumen_notification_latency_seconds_sum",] == 3
    assert found["tumen_detect_to_send_seconds_count",] == 1
    assert found["tumen_entries_to_read",] == 1


def test_a_delivery_that_waits_grows_old(metered, clock, take, make_ingestor):
    take(make_ingestor(), ON_TOPIC)
    metered.begin()
    clock.forward(minutes=40)
    assert metered.value("delivery_oldest_pending_age_seconds", channel="mail") == 2400
    assert metered.value("delivery_oldest_pending_age_seconds", channel="chat") == 0
    assert metered.value("deliveries", channel="mail", state="pending") == 1
    assert metered.value("deliveries", channel="chat", state="claimed") == 0
    assert metered.value("source_oldest_due_age_seconds") == 2400


def test_reports_of_the_crawler_are_counted_by_words_of_ours_only(metered):
    read, look = Read("r", "https://a.example/1", "en", 1.0, "a"), Look("l", "https://a.example", "feed")
    for task, reason in ((read, "blocked_private_address"), (look, "robots"), (look, 'made up"'), (read, "")):
        outcome = Outcome.FAILED if reason else Outcome.OK
        metered.meter.heed(task, CrawlReport(task.id, outcome, reason))
    found = metered.samples()
    assert found["tumen_pages_read_total", ("outcome", "failed")] == 1
    assert found["tumen_pages_read_total", ("outcome", "ok")] == 1
    blocked = {
        pairs[0][1]: value
        for (name, *pairs), value in found.items()
        if name == "tumen_blocked_requests_total"
    }
    assert blocked == {"blocked_private_address": 1, "robots": 1, "blocked_scheme": 0}


def test_a_refused_edit_and_the_last_backup_are_told(metered):
    metered.begin()
    assert metered.value("config_last_reload_successful") == 1
    assert metered.value("backup_last_success_timestamp_seconds") is None
    metered.reloaded, metered.backup = False, datetime(2026, 11, 25, tzinfo=UTC)
    assert metered.value("config_last_reload_successful") == 0
    assert metered.value("backup_last_success_timestamp_seconds") == metered.backup.timestamp()


def test_a_history_that_cannot_be_read_leaves_what_was_counted(metered, db, path, take, make_ingestor):
    metered.begin()
    take(make_ingestor(), ON_TOPIC)
    assert metered.value("articles_stored_total") == 1
    metered.meter._close()
    hidden = path.rename(path.with_name("hidden"))
    assert metered.value("history_up") == 0
    assert metered.value("articles_stored_total") == 1
    hidden.rename(path)
    assert metered.value("history_up") == 1


def test_asking_leaves_the_history_free(metered, db, take, make_ingestor):
    """No lock and no snapshot is left behind: the log of the history can be emptied between two questions."""
    metered.begin()
    take(make_ingestor(), ON_TOPIC)
    metered.samples()
    (busy, left, _) = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    assert (busy, left) == (0, 0)


def test_many_who_ask_at_once_count_nothing_twice(metered, take, make_ingestor):
    metered.begin()
    take(make_ingestor(), ON_TOPIC)
    crowd = [threading.Thread(target=metered.meter.text) for _ in range(8)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert metered.value("articles_stored_total") == 1


def _sqlite():
    import sqlite3  # noqa: PLC0415  its version only

    return sqlite3.sqlite_version


def test_of_very_many_sources_looks_are_counted_together(
    metered, monkeypatch, sources, source, clock, looked
):
    monkeypatch.setattr("monitor.store.levels.MOST_NAMED", 1)
    sources.sync([source("a"), source("b")], clock.now)
    metered.begin()
    assert metered.value("source_fetch_total", source="", outcome="ok") == 0
    for name in "ab":
        sources.save_look(name, looked(), next_due=clock.now, now=clock.now, baseline_before=None)
    assert metered.value("source_fetch_total", source="", outcome="ok") == 2
    assert metered.value("source_fetch_total", source="a", outcome="ok") is None
    assert metered.value("source_state", source="a", state="new") is None
    assert metered.value("sources", state="new") == 2


def test_how_it_stands_with_the_cluster_is_told_if_there_is_one(metered):
    metered.begin()
    assert metered.value("cluster_up") is None
    metered.cluster = {"workers": 2, "threads": 8, "orders": 3, "away": ""}
    assert [metered.value(f"cluster_{name}") for name in ("up", "workers", "orders")] == [1, 2, 3]
    metered.cluster = {"workers": 0, "threads": 0, "orders": 0, "away": "it cannot be used"}
    assert [metered.value(f"cluster_{name}") for name in ("up", "workers", "orders")] == [0, 0, 0]
