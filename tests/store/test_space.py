"""Where the bytes of a history are, and how those that hold nothing are given back."""

import sqlite3
from datetime import timedelta

import pytest

from monitor.core.errors import DatabaseBusy
from monitor.core.retention import Cut, PruneReason, RetentionClass
from monitor.store.database import check, open_history, open_reader
from monitor.store.history import History
from monitor.store.pruning import BEGIN, Pruning, Space

DAY = timedelta(days=1)


def prune(db, now):
    """Remove everything that no rule matched."""
    place, cut = BEGIN, Cut(RetentionClass.UNMATCHED, PruneReason.AGE, now, now)
    while place is not None:
        place = Pruning(db).prune(cut, place, most=100, begun=now, now=now).next


def test_the_space_of_what_went_is_free_and_can_be_given_back(declared, off_topic, path, now):
    for number in range(600):
        History(declared).ingest(off_topic(number, read_at=now - 200 * DAY))
    space = Space(declared)
    full = space.usage()
    assert full.shrinks
    assert full.log > 0
    prune(declared, now)
    emptied = space.usage()
    assert emptied.used < full.used * 0.7
    assert sum(line.freed for line in Pruning(declared).lines(limit=9)) == full.used - emptied.used
    assert space.give_back(10) == 10
    while space.give_back(50):
        pass
    assert space.usage().free == 0
    assert space.checkpoint() == 0
    assert path.stat().st_size == space.usage().size
    assert check(declared) == ()


def test_a_reader_that_looks_on_keeps_the_log(declared, off_topic, path, now):
    History(declared).ingest(off_topic(1))
    reader = open_reader(path)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM articles").fetchone()
    History(declared).ingest(off_topic(2))
    assert Space(declared).checkpoint() > 0
    reader.close()
    assert Space(declared).checkpoint() == 0


def test_giving_back_waits_for_nobody(declared, off_topic, path, now):
    for number in range(50):
        History(declared).ingest(off_topic(number, read_at=now - DAY))
    prune(declared, now)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseBusy):
        Space(declared).give_back(10)
    other.execute("ROLLBACK")
    other.close()
    assert Space(declared).give_back(10) == 10


def test_a_history_in_memory_has_no_log():
    db = open_history(None)
    assert Space(db).usage().log == 0
    db.close()
