from __future__ import annotations

import os
import sqlite3
import warnings
from contextlib import closing
from datetime import timedelta

import pytest

from monitor.store.backups import restoring
from monitor.store.backups.folder import BackupFolder
from monitor.store.backups.making import check_seals, make
from monitor.store.history import History
from monitor.store.ledger import Ledger
from monitor.store.sealing import seals

LEDGER = ("alerts", "novelties", "deliveries", "attempts", "recipients", "notices", "silences")


@pytest.fixture
def told(stocked, ingest, now):
    """A history with an alert of which one receiver has heard, and one that nobody has."""
    (one,) = Ledger(stocked).claim(now, lease=timedelta(minutes=1), limit=1)
    Ledger(stocked).sent(one.ids, now)
    History(stocked).ingest(ingest(2))
    return stocked


@pytest.fixture
def folder(tmp_path, path):
    """The folder of the history's backups."""
    return BackupFolder(tmp_path / "backups", path)


@pytest.fixture
def captures(path):
    """The folder of the history's captures."""
    return path.with_name(f"{path.name}.captures")


@pytest.fixture
def back_up(folder, captures, now):
    """Back a history up at a time."""

    def make_one(db, after=timedelta(), **options):
        return make(db, captures, folder, now + after, **options)

    return make_one


@pytest.fixture
def restore(path, captures, now):
    """Restore a backup an hour later, by default in the place of the history; what came of it."""

    def put(backup, into=path, after=timedelta(hours=1)):
        work = restoring.work_of(into)
        try:
            restoring.examine(backup, work, lambda db: check_seals(seals(db), db))
            return restoring.restore(backup, work, into, captures, now + after)
        finally:
            restoring.clear(work)

    return put


@pytest.fixture
def altered(tmp_path):
    """A copy of a backup after some SQL, or with other bytes."""

    def alter(backup, *statements, name="crafted.db"):
        copy = tmp_path / name
        copy.write_bytes(backup.read_bytes())
        with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
            connection.execute("PRAGMA writable_schema = ON")
            for statement in statements:
                connection.execute(statement)
        return copy

    return alter


@pytest.fixture
def ledger():
    """What was told to whom, and what waits: each row of the tables that hold it, without columns to leave out."""

    def read(path, *without):
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            return {
                table: [
                    {key: value for key, value in dict(row).items() if key not in without}
                    for row in connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2")
                ]
                for table in LEDGER
            }

    return read


@pytest.fixture
def in_child():
    """Do something in a process of its own; how that ended."""

    def run(work):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # the child needs no other thread
            child = os.fork()
        if child == 0:
            try:
                work()
            finally:
                os._exit(0)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    return run
