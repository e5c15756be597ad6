"""The log of a history stays short although somebody always reads."""

import threading
from contextlib import closing

import pytest

from monitor.store import write_ahead
from monitor.store.database import open_history, open_reader, transaction
from monitor.store.pruning import Space
from monitor.store.write_ahead import patience

LONG, STEP = 40 * 4096, 20 * 4096


@pytest.fixture
def history(path, monkeypatch):
    """A history whose log is long soon, and whose writer waits for nobody."""
    monkeypatch.setattr(write_ahead, "LONG", LONG)
    monkeypatch.setattr(write_ahead, "_STEP", STEP)
    monkeypatch.setattr(write_ahead, "_PATIENCE", 0)
    db = open_history(path)
    # SQLite itself does not look after the log here.
    db.execute("PRAGMA wal_autocheckpoint = 0")
    yield db
    db.close()


@pytest.fixture
def reader(path, history):
    """Somebody who looks at the history as it was."""
    db = open_reader(path)
    db.execute("BEGIN")
    db.execute("SELECT count(*) FROM robots").fetchone()
    yield db
    db.close()


def write(db, many=1):
    for _ in range(many):
        with transaction(db):
            db.execute("PRAGMA user_version = 0")
            db.execute("PRAGMA user_version = 1")


def test_a_log_that_nobody_reads_is_begun_anew_when_it_is_long(history):
    sizes = []
    for _ in range(200):
        write(history)
        sizes.append(history.log.size())
    assert max(sizes) < LONG + 2 * STEP
    assert sizes.count(0) > 1


def test_a_reader_lets_it_grow_and_it_shrinks_when_the_reader_is_gone(history, reader):
    write(history, 100)
    grown = history.log.size()
    assert grown > LONG + STEP
    reader.close()
    write(history, 30)
    assert history.log.size() < LONG


def test_it_is_tried_again_only_after_another_step(history, reader):
    tried = []
    history.conn.set_trace_callback(lambda sql: tried.append(sql) if "checkpoint" in sql else None)
    write(history, 100)
    steps = (history.log.size() - LONG) // STEP
    assert 1 < len(tried) <= steps + 1


def test_whoever_writes_waits_a_little_for_who_reads(history, reader, monkeypatch):
    write(history, 35)
    monkeypatch.setattr(write_ahead, "_PATIENCE", 60_000)
    monkeypatch.setattr(write_ahead, "_MOST_PATIENCE", 60_000)
    leaving = threading.Timer(0.01, reader.close)
    leaving.start()
    while history.log.size() > 0:
        write(history)
    leaving.join()
    assert history.log.size() == 0


def test_a_log_that_stays_long_is_no_fault_and_changes_nothing_else(history, reader):
    (before,) = history.execute("PRAGMA busy_timeout").fetchone()
    write(history, 100)
    assert history.execute("PRAGMA busy_timeout").fetchone() == (before,)
    assert not history.conn.in_transaction
    assert Space(history).usage().log == history.log.size() > LONG


def test_the_longer_it_is_the_longer_is_the_wait():
    assert [patience(size * 2**20) for size in (16, 17, 20, 300)] == [50, 100, 250, 1000]


def test_a_history_in_memory_has_none():
    with closing(open_history(None)) as db:
        write(db)
        assert db.log.size() == 0
