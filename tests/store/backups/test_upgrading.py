"""F31: an upgrade is whole or has not happened, and there is a proven backup from before it."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from sqlite_utils import Migrations

from monitor.core.errors import DatabaseDamaged, DatabaseNewer, StorageError
from monitor.store import database, schema
from monitor.store.backups import upgrading
from monitor.store.backups.upgrading import KEPT, upgrades_of
from monitor.store.database import check, open_history, open_reader, rows


@pytest.fixture
def newer(monkeypatch):
    """A Tumen of the future, with one more migration, which writes a good deal."""
    migrations = Migrations("tumen")
    migrations._migrations = list(schema.MIGRATIONS._migrations)

    @migrations(name=f"{schema.VERSION + 1:04}_moods")
    def moods(db):
        db.execute(
            "CREATE TABLE moods (alert INTEGER PRIMARY KEY REFERENCES alerts (id), mood TEXT NOT NULL) STRICT"
        )
        db.execute("INSERT INTO moods SELECT id, 'calm' FROM alerts")
        db.execute("ALTER TABLE silences ADD COLUMN mood TEXT NOT NULL DEFAULT ''")
        db.execute("UPDATE deliveries SET held = 'group' WHERE state = 'pending'")

    monkeypatch.setattr(schema, "MIGRATIONS", migrations)
    monkeypatch.setattr(schema, "VERSION", schema.VERSION + 1)


@pytest.fixture
def former(told, contents):
    """What a history of the present Tumen holds; it is closed."""
    held = contents(told)
    told.close()
    return held


def files(path):
    folder = upgrades_of(path)
    return sorted(folder.iterdir()) if folder.exists() else []


def test_an_upgrade_leaves_a_backup_of_the_former_history(path, former, newer, contents):
    with closing(open_history(path)) as db:
        assert [row["mood"] for row in rows(db, "SELECT mood FROM moods")] == ["calm", "calm"]
        assert check(db) == ()
    (backup,) = files(path)
    assert backup.name.startswith(f"{path.stem}-v{schema.VERSION - 1}-")
    with closing(sqlite3.connect(backup)) as kept:
        assert kept.execute("PRAGMA user_version").fetchone() == (schema.VERSION - 1,)
        assert kept.execute("SELECT count(*) FROM deliveries WHERE state = 'pending'").fetchone() == (3,)


def test_opening_it_again_makes_no_other(path, former, newer):
    for _ in range(3):
        open_history(path).close()
    assert len(files(path)) == 1


def test_the_former_tumen_refuses_the_new_history_and_takes_the_backup(
    path, former, newer, monkeypatch, restore, contents
):
    open_history(path).close()
    (backup,) = files(path)
    monkeypatch.undo()
    with pytest.raises(DatabaseNewer) as caught:
        open_history(path)
    assert caught.value.exit_code == 5
    restore(backup)
    with closing(open_history(path)) as db:
        assert len(rows(db, "SELECT 1 FROM articles")) == 2


def test_a_backup_of_the_former_tumen_is_brought_up_to_date_when_it_is_restored(
    told, back_up, newer, restore, path
):
    backup = back_up(told).path
    told.close()
    restore(backup)
    with closing(open_reader(path)) as db:
        assert len(rows(db, "SELECT * FROM moods")) == 2
    assert files(path) == []


def test_killed_at_any_statement_of_it_the_history_is_as_it_was(
    path, former, newer, contents, in_child, monkeypatch
):
    statement = 1
    connect = database._connect

    def killed_at(left):
        def trace(_sql):
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        def opened(name, busy):
            connection = connect(name, busy)
            connection.set_trace_callback(trace)
            return connection

        return opened

    def work():
        database._connect = killed_at(statement)
        open_history(path)

    while in_child(work) == -signal.SIGKILL:
        with closing(sqlite3.connect(path)) as db:
            (version,) = db.execute("PRAGMA user_version").fetchone()
            tables = {name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
            assert ("moods" in tables) == (version == schema.VERSION), statement
            held = {state for (state,) in db.execute("SELECT held FROM deliveries WHERE state = 'pending'")}
            assert held == ({"group"} if version == schema.VERSION else {""})
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        statement += 3
    assert statement > 30
    assert files(path)
    with closing(open_history(path)) as db:
        assert check(db) == ()
        assert len(rows(db, "SELECT * FROM moods")) == 2


def test_a_migration_that_fails_changes_nothing(path, former, newer, contents, monkeypatch):
    def broken(_db):
        raise sqlite3.OperationalError("made up")

    migrations = schema.MIGRATIONS
    monkeypatch.setattr(migrations._migrations[-1], "fn", broken)
    with pytest.raises(sqlite3.OperationalError):
        open_history(path)
    monkeypatch.undo()
    with closing(open_history(path)) as db:
        assert contents(db) == former


def test_without_room_for_a_backup_there_is_no_upgrade(path, former, newer, monkeypatch):
    monkeypatch.setattr(upgrading.shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
    with pytest.raises(StorageError, match="before an upgrade") as caught:
        open_history(path)
    assert "former Tumen still reads it" in caught.value.remedy
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (schema.VERSION - 1,)


def test_a_damaged_history_is_not_upgraded(path, former, newer):
    with closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE revisions SET article = 4711 WHERE id = 1")
        db.commit()
    with pytest.raises(DatabaseDamaged, match="not upgraded"):
        open_history(path)
    assert [file for file in files(path) if file.suffix == ".db"] == []


def test_upgrades_that_are_killed_again_and_again_do_not_fill_the_disk(path, former, newer):
    folder = upgrades_of(path)
    folder.mkdir()
    half = folder / f"{path.stem}-v1-20261101T000000Z.db.making"
    half.write_bytes(b"half")
    path.chmod(0o600)
    open_history(path).close()
    (made,) = files(path)
    assert made != half
    assert stat.S_IMODE(made.stat().st_mode) == 0o600


def test_the_latest_stay(path, former, newer, monkeypatch):
    for day in range(1, KEPT + 3):

        class Day(datetime):
            @classmethod
            def now(cls, _zone, day=day):
                return datetime(2026, 11, day, tzinfo=UTC)

        monkeypatch.setattr(upgrading, "datetime", Day)
        with closing(sqlite3.connect(path)) as db:
            upgrading.keep_former(db, path, 1)
    assert [file.name[-19:-11] for file in files(path)] == ["20261103", "20261104", "20261105"]


def test_a_new_history_needs_no_backup(path):
    open_history(path).close()
    assert files(path) == []
