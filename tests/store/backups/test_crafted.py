"""T25: a backup that somebody made to do harm is refused with a reason, and nothing in it is run."""

from __future__ import annotations

import os
import sqlite3
import struct

import pytest

from monitor.core.errors import DatabaseDamaged, DatabaseNewer, InputError, StorageError
from monitor.store import schema
from monitor.store.backups import restoring, soundness
from monitor.store.backups.soundness import guarded


@pytest.fixture
def backup(told, back_up):
    """A good backup, which what is crafted starts from."""
    path = back_up(told).path
    told.close()
    return path


@pytest.fixture
def refused(restore, path, tmp_path):
    """Try to restore one; the error. Neither the history nor anything beside it has changed."""

    def attempt(crafted, error=DatabaseDamaged):
        before, there = path.read_bytes(), set(tmp_path.iterdir())
        with pytest.raises(error) as caught:
            restore(crafted)
        assert path.read_bytes() == before
        assert set(tmp_path.iterdir()) == there
        assert str(crafted) in caught.value.where
        assert caught.value.remedy
        return str(caught.value)

    return attempt


def test_the_good_one_is_not_refused(backup, altered, restore):
    assert restore(altered(backup)).kept_back


@pytest.mark.parametrize(
    ("statements", "why"),
    [
        (["CREATE TABLE stolen (a)"], "table stolen is not Tumen's"),
        (["CREATE VIEW v AS SELECT load_extension('/tmp/x.so')"], "view v is not Tumen's"),
        (
            ["CREATE TRIGGER t AFTER UPDATE ON deliveries BEGIN DELETE FROM deliveries; END"],
            "trigger t is not Tumen's",
        ),
        (["CREATE VIRTUAL TABLE f USING fts5 (x)"], "table f is not Tumen's"),
        (["CREATE INDEX i ON articles (abs(id))"], "index i is not Tumen's"),
        (["DROP VIEW alerts_readable", "CREATE VIEW alerts_readable AS SELECT 1"], "view alerts_readable is another"),
        (["DROP TABLE conditions"], "table conditions is missing"),
        (
            ["UPDATE sqlite_schema SET sql = replace(sql, 'at TEXT', 'at TEXT CHECK (f())') WHERE name = 'feedback'"],
            "table feedback is another",
        ),
        (
            ["UPDATE sqlite_schema SET sql = replace(sql, 'DEFAULT 3', 'DEFAULT 4') WHERE name = 'sources'"],
            "table sources is another",
        ),
        (["INSERT INTO sqlite_schema VALUES ('view', 'w', 'w', 0, 'CREATE VIEW w AS SELECT 1')"], "view w is not"),
        (["UPDATE sqlite_schema SET rootpage = 2 WHERE name = 'alerts'"], "damaged"),
        (["UPDATE sqlite_schema SET sql = 'rubbish' WHERE name = 'alerts'"], "damaged"),
        (["PRAGMA application_id = 1"], "another program"),
        (["PRAGMA user_version = 0"], "no version"),
    ],
)  # fmt: skip
def test_a_schema_that_is_not_ours_to_the_word_is_refused(backup, altered, refused, statements, why):
    assert why in refused(altered(backup, *statements))


def test_one_of_a_newer_tumen_is_refused(backup, altered, refused):
    assert "newer" in refused(altered(backup, f"PRAGMA user_version = {schema.VERSION + 1}"), DatabaseNewer)


@pytest.mark.parametrize(
    ("statements", "why"),
    [
        (["UPDATE revisions SET text = 'It was never so.' WHERE id = 1"], "not the one that was stored"),
        (["UPDATE revisions SET chain = 'x' WHERE id = 1"], "not the one that was stored"),
        (["UPDATE revisions SET article = 4711 WHERE id = 1"], "a row of revisions"),
        (
            ["PRAGMA ignore_check_constraints = ON", "UPDATE deliveries SET state = 'odd' WHERE id = 2"],
            "CHECK",
        ),
    ],
)
def test_content_that_does_not_hold_together_is_refused(backup, altered, refused, statements, why):
    assert why in refused(altered(backup, *statements))


@pytest.mark.parametrize(
    ("offset", "value", "why"),
    [
        (0, b"PRAGMA rubbish!!", "no SQLite database"),
        (16, struct.pack(">H", 1000), "bytes"),  # a page size that is no power of two
        (16, struct.pack(">H", 1), "bytes"),  # 65,536
        (28, struct.pack(">I", 2**32 - 1), "4294967295 pages"),
        (28, struct.pack(">I", 1), "1 pages"),
        (56, struct.pack(">I", 2), "another program"),  # UTF-16
    ],
)
def test_a_head_that_lies_is_refused_before_sqlite_sees_it(
    backup, altered, refused, monkeypatch, offset, value, why
):
    crafted = altered(backup)
    with crafted.open("r+b") as file:
        file.seek(offset)
        file.write(value)
    monkeypatch.setattr(soundness, "guarded", None)
    assert why in refused(crafted)


@pytest.mark.parametrize("size", [0, 50, 100, 4096, 5000])
def test_a_file_that_was_cut_off_is_refused(backup, altered, refused, size):
    crafted = altered(backup)
    os.truncate(crafted, size)
    refused(crafted)


def test_pages_of_rubbish_are_refused(backup, altered, refused):
    crafted = altered(backup)
    with crafted.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (crafted.stat().st_size - 4096))
    assert "damaged" in refused(crafted)


def test_an_absurd_size_is_refused_for_want_of_room(backup, altered, restore, path):
    crafted = altered(backup)
    os.truncate(crafted, 2**43)  # 8 TiB, nearly all of it holes
    before = path.read_bytes()
    with pytest.raises(StorageError, match="no room"):
        restore(crafted)
    assert path.read_bytes() == before


@pytest.mark.parametrize("log", ["-wal", "-journal"])
def test_a_log_beside_it_is_not_taken_in(backup, altered, refused, log):
    crafted = altered(backup)
    crafted.with_name(crafted.name + log).write_bytes(b"\x37\x7f\x06\x82" + b"x" * 5000)
    assert "a log lies beside it" in refused(crafted, InputError)


def test_a_link_is_not_followed(backup, refused, tmp_path):
    link = tmp_path / "link.db"
    link.symlink_to(backup)
    assert "cannot be read" in refused(link, InputError)


def test_nothing_but_a_plain_file_is_read(refused, backup, tmp_path):
    os.mkfifo(tmp_path / "pipe.db")
    assert "no plain file" in refused(tmp_path / "pipe.db", InputError)
    (tmp_path / "folder.db").mkdir()
    assert "no plain file" in refused(tmp_path / "folder.db", InputError)
    assert "cannot be read" in refused(tmp_path / "nowhere.db", InputError)


def test_what_is_looked_at_is_a_copy_that_nobody_exchanges(backup, restore, path, monkeypatch, tmp_path):
    """Whoever may write the backup exchanges it as soon as it was looked at."""
    head = restoring.check_head

    def exchange(work):
        backup.write_bytes(b"exchanged" * 1000)
        return head(work)

    monkeypatch.setattr(restoring, "check_head", exchange)
    assert restore(backup).kept_back


@pytest.mark.parametrize(
    "statement",
    [
        "ATTACH DATABASE '/tmp/x' AS x",
        "CREATE TABLE t (a)",
        "DELETE FROM alerts",
        "UPDATE alerts SET pack = 'x'",
        "PRAGMA trusted_schema = ON; SELECT load_extension('x')",
        "SELECT fts5(NULL)",
        "PRAGMA writable_schema = ON",
        "PRAGMA journal_mode = WAL",
    ],
)
def test_whoever_looks_at_one_can_do_nothing_else(backup, statement):
    with guarded(backup, limited=True) as db:
        *first, last = statement.split("; ")
        for each in first:
            db.conn.execute(each)
        with pytest.raises(sqlite3.DatabaseError):
            db.conn.execute(last).fetchall()


def test_a_text_beyond_all_bounds_is_not_loaded(backup, altered, refused):
    crafted = altered(backup, "UPDATE revisions SET text = printf('%.*c', 70000000, 'x') WHERE id = 1")
    assert "larger than SQLite can hold" in refused(crafted, StorageError)
