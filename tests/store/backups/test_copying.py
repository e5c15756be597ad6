"""Copying a history that is written meanwhile."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing, suppress

import pytest

from monitor.core.errors import StorageError
from monitor.store.backups import copying
from monitor.store.backups.copying import Halt, Stopped, copy, wrong
from monitor.store.database import transaction
from monitor.store.history import History
from monitor.store.write_ahead import LONG


@pytest.fixture
def large(db, off_topic):
    """A history of some hundred pages."""
    for number in range(150):
        History(db).ingest(off_topic(number))
    return db


def undo(db, sql):
    """Change something in a transaction that fails."""
    with suppress(RuntimeError), transaction(db):
        db.execute(sql)
        raise RuntimeError


def counted(path, table):
    with closing(sqlite3.connect(path)) as copied:
        assert wrong(copied) == ()
        return copied.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def test_a_copy_is_one_file_that_holds_all(large, tmp_path):
    to = tmp_path / "copy.db"
    copy(large.conn, to, turn=large.turn)
    assert counted(to, "articles") == 150
    assert to.read_bytes()[18:20] == b"\x01\x01", "it needs no log"
    assert {file.name for file in tmp_path.glob("copy.db*")} == {"copy.db"}


def test_what_is_stored_while_it_is_copied_is_in_it_and_nobody_waits_for_the_end(
    large, tmp_path, off_topic, monkeypatch
):
    """Between any two goes somebody writes: more each time than there is to be copied, if it had to begin anew."""
    monkeypatch.setattr(copying, "_PAGES", 8)
    written = []

    def write(_seconds):
        History(large).ingest(off_topic(1000 + len(written)))
        written.append(large.log.size())

    monkeypatch.setattr(copying.time, "sleep", write)
    copy(large.conn, tmp_path / "copy.db", turn=large.turn)
    assert len(written) > 20
    assert counted(tmp_path / "copy.db", "articles") >= 150 + len(written) - 1
    assert max(written) < LONG


def test_another_thread_may_change_the_history_meanwhile(large, tmp_path, off_topic, monkeypatch):
    monkeypatch.setattr(copying, "_PAGES", 4)
    copied = threading.Thread(
        target=copy, args=(large.conn, tmp_path / "copy.db"), kwargs={"turn": large.turn}
    )
    copied.start()
    many = 0
    while copied.is_alive():
        many += 1
        History(large).ingest(off_topic(1000 + many))
    copied.join()
    assert 150 <= counted(tmp_path / "copy.db", "articles") <= 150 + many
    assert counted(tmp_path / "copy.db", "revisions") == counted(tmp_path / "copy.db", "articles")


def test_a_change_that_is_undone_meanwhile_is_not_in_it(large, tmp_path, monkeypatch):
    monkeypatch.setattr(copying, "_PAGES", 100)
    undone = []

    def fail(_seconds):
        if not undone:
            undone.append(True)
            undo(large, "DELETE FROM search_words")

    monkeypatch.setattr(copying.time, "sleep", fail)
    copy(large.conn, tmp_path / "copy.db", turn=large.turn)
    assert undone
    assert counted(tmp_path / "copy.db", "search_words") > 0


def test_it_ends_although_every_change_is_undone(large, tmp_path, monkeypatch):
    monkeypatch.setattr(copying, "_PAGES", 8)

    def fail(_seconds):
        undo(large, "UPDATE articles SET author = 'x' WHERE id = 1")

    monkeypatch.setattr(copying.time, "sleep", fail)
    with pytest.raises(StorageError, match="undone again and again"):
        copy(large.conn, tmp_path / "copy.db", turn=large.turn)


def test_whoever_ends_the_service_ends_the_copy_too(large, tmp_path, monkeypatch):
    monkeypatch.setattr(copying, "_PAGES", 8)
    halt = Halt()
    monkeypatch.setattr(copying.time, "sleep", lambda _: halt.ask())
    with pytest.raises(Stopped):
        copy(large.conn, tmp_path / "copy.db", turn=large.turn, halt=halt)
    History(large).summary()


def test_what_is_asked_for_is_interrupted():
    halt = Halt()

    def look_for_ever(connection):
        with halt.of(connection):
            connection.set_progress_handler(halt.ask, 1000)
            connection.execute(
                "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"
            )
            raise AssertionError

    with closing(sqlite3.connect(":memory:")) as other, pytest.raises(Stopped):
        look_for_ever(other)
