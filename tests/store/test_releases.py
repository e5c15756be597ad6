"""What was ever released can be opened: each schema is brought up to date, and nothing of the ledger changes."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from monitor.store import schema
from monitor.store.backups.soundness import check_words
from monitor.store.backups.upgrading import upgrades_of
from monitor.store.database import Database, check, open_history
from monitor.store.history import History
from monitor.store.ledger import Ledger
from monitor.store.sealing import seals
from tests.store.releases.filling import NOW
from tests.store.releases.release import dump, file_of, load

RELEASED = range(1, schema.VERSION + 1)
LEDGER = ("alerts", "novelties", "deliveries", "attempts", "recipients", "notices", "conditions", "silences")


@pytest.fixture(params=RELEASED, ids="version {}".format)
def released(request, path):
    """A history that a release left behind, and its version."""
    load(request.param, path)
    return request.param


def ledger(path):
    """Each row of the ledger, by the names of the columns that it has."""
    with closing(sqlite3.connect(path)) as db:
        db.row_factory = sqlite3.Row
        return {
            table: [dict(row) for row in db.execute(f"SELECT * FROM {table} ORDER BY 1, 2")]
            for table in LEDGER
        }


def test_every_version_has_its_file():
    """If not: `python -m tests.store.releases.release`."""
    for version in RELEASED:
        assert file_of(version).exists()


def test_every_table_of_a_release_is_filled(released, path):
    with closing(sqlite3.connect(path)) as db:
        for (table,) in db.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0"
        ).fetchall():
            assert db.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0], table


def test_a_released_migration_makes_what_it_made(released, path):
    with closing(Database(sqlite3.connect(path), path)) as db:
        assert check_words(db, released) == ()


def test_a_released_history_is_brought_up_to_date_and_its_ledger_stays(released, path):
    before = ledger(path)
    with closing(open_history(path)) as db:
        assert check(db) == ()
        assert check_words(db, schema.VERSION) == ()
        assert all(one.says_so and one.follows for one in seals(db))
    after = ledger(path)
    for table, found in before.items():
        columns = found[0].keys()
        assert [{name: row[name] for name in columns} for row in after[table]] == found
    assert upgrades_of(path).exists() == (released < schema.VERSION)


def test_a_released_history_can_be_used(released, path):
    with closing(open_history(path)) as db:
        assert History(db).summary().articles == 4
        assert len(History(db).remembered(NOW - timedelta(days=1))) == 4
        claimed = Ledger(db).claim(NOW + timedelta(hours=1), lease=timedelta(minutes=1), limit=9)
        assert claimed


def test_a_release_that_is_written_down_is_the_same_when_it_is_read(path, released):
    with closing(sqlite3.connect(path)) as db:
        assert dump(db) == file_of(released).read_text(encoding="utf-8")
