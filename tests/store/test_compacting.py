"""Writing a history anew: all of it is in the new file, or the old one is as it was."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import warnings
from types import SimpleNamespace

import pytest

from monitor.core.errors import DatabaseBusy, DatabaseDamaged, StorageError
from monitor.store.database import check, open_history, open_reader
from monitor.store.history import History
from monitor.store.pruning import Space, compacting
from monitor.store.pruning.compacting import compact


@pytest.fixture
def old_file(path, off_topic, ingest, now, contents):
    """A closed history of the time before files could shrink, half of which holds nothing; and what it holds."""
    db = open_history(path)
    db.execute("PRAGMA auto_vacuum = NONE")
    db.execute("PRAGMA journal_mode = DELETE")
    db.execute("VACUUM")
    db.execute("PRAGMA journal_mode = WAL")
    for number in range(300):
        History(db).ingest(off_topic(number, read_at=now))
    History(db).ingest(ingest(1000))
    db.execute("UPDATE entries SET article = NULL WHERE article < 200")
    db.execute("DELETE FROM revisions WHERE article < 200")
    db.execute("DELETE FROM articles WHERE id < 200")
    db.conn.commit()
    assert not Space(db).usage().shrinks
    held = contents(db)
    db.close()
    return held


def test_the_new_file_holds_all_of_the_old_one_and_can_shrink(path, old_file, contents, ingest):
    before = path.stat().st_size
    path.chmod(0o640)
    compact(path)
    assert path.stat().st_size < before * 0.8
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    db = open_history(path)
    assert contents(db) == old_file
    assert check(db) == ()
    usage = Space(db).usage()
    assert (usage.free, usage.shrinks) == (0, True)
    assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert History(db).ingest(ingest(2)).article == 302, "numbers are not given twice"
    db.close()


def test_what_a_link_leads_to_is_replaced_and_not_the_link(path, old_file, tmp_path, contents):
    link = tmp_path / "link.db"
    link.symlink_to(path)
    compact(link)
    assert link.is_symlink()
    assert Space(open_reader(path)).usage().free == 0


def test_while_somebody_reads_it_nothing_happens(path, old_file, contents):
    reader = open_reader(path)
    reader.execute("SELECT 1 FROM articles").fetchone()
    with pytest.raises(DatabaseBusy, match="has the history open") as caught:
        compact(path)
    assert "tumen web" in caught.value.remedy
    assert contents(reader) == old_file
    reader.close()
    compact(path)


def test_without_room_for_a_second_file_nothing_happens(path, old_file, monkeypatch):
    monkeypatch.setattr(compacting.shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
    before = path.read_bytes()
    with pytest.raises(StorageError, match="no room for a second file"):
        compact(path)
    assert path.read_bytes()[100:] == before[100:]


def test_a_new_file_that_lacks_something_is_not_used(path, old_file, monkeypatch, contents):
    counts = compacting._counts
    monkeypatch.setattr(
        compacting, "_counts", lambda db: counts(db) | ({"articles": 1} if db.path != path else {})
    )
    with pytest.raises(DatabaseDamaged, match="rows are missing"):
        compact(path)
    db = open_history(path)
    assert contents(db) == old_file
    db.close()
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_killed_at_any_step_the_history_is_the_old_one_or_the_new_one(path, old_file, contents):
    steps = ("_check_room", "_keep_others_out", "_check_same", "_swap")
    for step in steps:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # the child needs no other thread
            child = os.fork()
        if child == 0:
            setattr(compacting, step, lambda *_: os.kill(os.getpid(), signal.SIGKILL))
            compact(path)
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL, step
        db = open_history(path)
        assert contents(db) == old_file, step
        assert check(db) == ()
        db.close()
    compact(path)
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("microseconds", range(500, 30_000, 2_950))
def test_killed_at_any_moment_nothing_is_lost(path, old_file, contents, microseconds):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, microseconds / 1e6)
        compact(path)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) in {0, -signal.SIGALRM}
    db = open_history(path)
    assert contents(db) == old_file
    assert check(db) == ()
    db.close()


def test_whoever_had_waited_for_the_file_reads_the_old_one_soundly(path, old_file):
    """In the moment between: a connection that was made before and used after."""
    late = sqlite3.connect(path)
    compact(path)
    assert late.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    late.close()
    db = open_history(path)
    assert check(db) == ()
    db.close()


def test_a_history_that_is_compacted_twice_stays_the_same(path, old_file, contents):
    compact(path)
    compact(path)
    db = open_history(path)
    assert contents(db) == old_file
    db.close()


def test_a_place_that_is_gone_is_reported(path):
    with pytest.raises(StorageError):
        compact(path / "nowhere.db")
