"""Open the history, change it in transactions, and turn SQLite's errors into ours.

One connection writes, and every change is one `transaction`. Nothing else in the store commits.
"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

import sqlite_utils

from monitor.core.errors import DatabaseDamaged, StorageError
from monitor.store import schema
from monitor.store.backups.upgrading import keep_former
from monitor.store.columns import column
from monitor.store.faults import mapped
from monitor.store.identity import (
    check_current,
    check_file,
    check_identity,
    check_interrupted,
    check_sqlite,
    check_tables,
)
from monitor.store.indexing import adopt, keep_words
from monitor.store.write_ahead import LONG, Log

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

BUSY_SECONDS = (
    2.0  # another connection may hold the file this long; the service's loop stands still meanwhile
)
_CACHE = 16_000  # KiB; with SQLite's 2,000 a large history is read anew for the pages that most changes touch
_CHECKPOINT = 3_000  # pages, 12 MiB: what is changed again and again until then is brought into the file once


class Database(sqlite_utils.Database):
    """A history with the lock that keeps the threads of one process from entering each other's transactions."""

    def __init__(self, connection: sqlite3.Connection, path: Path | None) -> None:
        super().__init__(connection, execute_plugins=False)
        self.path = path
        self.log = Log(path)
        self.turn = threading.RLock()
        self.known_words: set[str] = set()  # that are stored in search_words; none after a change was undone
        self.new_words: set[str] = set()  # that this transaction has to store there
        self.damage: DatabaseDamaged | None = None  # what was met first
        self.on_damage: Callable[[], object] = lambda: None  # called once, in whichever thread met it

    @property
    def where(self) -> str:
        """How messages name this history."""
        return str(self.path) if self.path else "the history in memory"

    def mapped(self) -> AbstractContextManager[None]:
        """Raise SQLite's errors as ours, and remember damage: nothing should be written any more."""
        return mapped(self.where, self._note)

    def _note(self, damage: DatabaseDamaged) -> None:
        if self.damage is None:
            self.damage = damage
            self.on_damage()


def open_history(path: Path | None, *, busy: float = BUSY_SECONDS, keeps_former: bool = True) -> Database:
    """Open the history to write to it; create or migrate it if necessary.

    Args:
        path: the file, or None for a history in memory.
        busy: seconds to wait for another connection.
        keeps_former: whether a history of an older Tumen is backed up before it is brought up to date.

    Raises:
        DatabaseDamaged: the file is malformed, empty although it has a log, or no history of ours.
        DatabaseNewer: a newer Tumen wrote it.
        StorageError: the place cannot be read or written.
    """
    check_sqlite()
    if path is None:
        db = Database(_connect(":memory:", busy), None)
    else:
        check_file(path)
        with mapped(str(path)):
            db = Database(_connect(f"{path.absolute().as_uri()}?mode=rwc", busy), path)
    try:
        with mapped(db.where):
            _prepare(db, keeps_former=keeps_former)
    except BaseException:
        db.close()
        raise
    return db


def open_reader(path: Path, *, busy: float = BUSY_SECONDS) -> Database:
    """Open an existing history to read it; every attempt to write fails.

    Raises:
        DatabaseDamaged, DatabaseNewer: as `open_history`.
        StorageError: there is no such file, it is of an older Tumen, or it cannot be read.
    """
    check_sqlite()
    check_interrupted(path)
    if not path.exists():
        raise StorageError("there is no history here yet", where=str(path), remedy="start `tumen run` first")
    check_file(path)
    with mapped(str(path)):
        db = Database(_connect(f"{path.absolute().as_uri()}?mode=ro", busy), path)
    try:
        with mapped(db.where):
            db.execute("PRAGMA query_only = ON")
            check_current(db)
            check_tables(db)
    except BaseException:
        db.close()
        raise
    return db


def pin(db: Database) -> None:
    """Have a reader see the history as it is at this moment, whatever is written later, until it is closed.

    The log of the history grows meanwhile, so close it soon. Raises StorageError or a subclass.
    """
    with db.turn, db.mapped():
        db.execute("BEGIN")
        db.execute("SELECT 1 FROM sources LIMIT 1").fetchone()  # a transaction begins with its first read


@contextmanager
def transaction(db: Database) -> Iterator[None]:
    """One change of the history: all of it is stored at the end, or none of it if anything is raised.

    Raises:
        DatabaseBusy: another connection kept the file for too long; nothing was changed.
        DatabaseDamaged, StorageError: SQLite could not read or write.
    """
    # IMMEDIATE, because a deferred transaction that reads and then writes fails without waiting.
    with db.turn:
        with _within(db, "BEGIN IMMEDIATE"):
            yield
        db.log.shorten(db.conn)


@contextmanager
def snapshot(db: Database) -> Iterator[None]:
    """Several reads of one state of the history. Part of the transaction if one is open."""
    if db.conn.in_transaction:
        with db.turn, db.mapped():
            yield
    else:
        with _within(db, "BEGIN"):
            yield


@contextmanager
def _within(db: Database, begin: str) -> Iterator[None]:
    with db.turn, db.mapped():
        db.execute(begin)
        try:
            yield
            keep_words(db)
            db.execute("COMMIT")
        except BaseException:
            # A full disk or a damaged page may have ended the transaction already.
            if db.conn.in_transaction:
                db.execute("ROLLBACK")
            db.known_words.clear()
            db.new_words.clear()
            raise


def rows(db: Database, sql: str, parameters: Sequence[object] = ()) -> list[dict[str, Any]]:
    """The rows of a query, as dictionaries by column name. Raises StorageError or a subclass."""
    # SQLite itself: what `query` of sqlite-utils makes sure of besides would cost more than a short question.
    with db.turn, db.mapped():
        found = db.conn.execute(sql, [column(value) for value in parameters])
        lines = found.fetchall()
        names = [described[0] for described in found.description or ()] if lines else ()
        return [dict(zip(names, line, strict=True)) for line in lines]


def add(db: Database, table: str, row: Mapping[str, object]) -> int:
    """Insert a row and return its key."""
    values = [column(value) for value in row.values()]
    return db.conn.execute(_insert(table, tuple(row)), values).lastrowid or 0


def add_all(db: Database, table: str, many: Iterable[Mapping[str, object]], *, ignore: bool = False) -> None:
    """Insert rows that name the same columns; with `ignore`, those that exist already stay as they are."""
    found = list(many)
    if found:
        values = [[column(value) for value in row.values()] for row in found]
        db.conn.executemany(_insert(table, tuple(found[0]), ignore=ignore), values)


@cache
def _insert(table: str, columns: tuple[str, ...], *, ignore: bool = False) -> str:
    """Plain SQL: for the few rows that an article brings it costs a tenth of `Table.insert`."""
    names, marks = ", ".join(f'"{name}"' for name in columns), ", ".join("?" * len(columns))
    into = "INSERT OR IGNORE INTO" if ignore else "INSERT INTO"
    return f'{into} "{table}" ({names}) VALUES ({marks})'


def change(db: Database, sql: str, parameters: Sequence[object] = ()) -> int:
    """Run one UPDATE or DELETE and return how many rows it changed."""
    return int(db.conn.execute(sql, [column(value) for value in parameters]).rowcount)


def probe(db: Database) -> None:
    """Write something that changes nothing. Raises StorageError or a subclass if the history cannot be written."""
    with transaction(db):
        db.execute(f"PRAGMA user_version = {schema.VERSION}")


def check(db: Database) -> tuple[str, ...]:
    """What SQLite finds wrong with the file and its foreign keys, nothing if it is sound. Reads all of it."""
    with snapshot(db):
        found = [str(row[0]) for row in db.execute("PRAGMA integrity_check(20)") if row[0] != "ok"]
        broken = db.execute("PRAGMA foreign_key_check").fetchall()
        return (*found, *(f"a row of {row[0]} names a row of {row[2]} that is not there" for row in broken))


def _connect(name: str, busy: float) -> sqlite3.Connection:
    return sqlite3.connect(name, uri=True, timeout=busy, check_same_thread=False)


def _prepare(db: Database, *, keeps_former: bool = True) -> None:
    """Give a new file its identity, bring an old one up to date, and set how it is written."""
    version = check_identity(db)
    if db.path is not None:
        if keeps_former and 0 < version < schema.VERSION:
            keep_former(db.conn, db.path, version)
        # Counts only for a file that has no page yet; another one needs `compact`.
        db.execute("PRAGMA auto_vacuum = INCREMENTAL")
        db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")  # NORMAL may forget what was committed when the power fails
    db.execute("PRAGMA foreign_keys = ON")
    db.execute(f"PRAGMA cache_size = -{_CACHE}")
    db.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT}")
    db.execute("PRAGMA cell_size_check = ON")  # finds damaged pages earlier
    db.execute(f"PRAGMA journal_size_limit = {LONG}")  # a log that a slow reader made grow shrinks again
    with transaction(db):
        if check_identity(db) < schema.VERSION:
            _migrate(db)
        adopt(db)
        # Written every time: SQLite opens a file that it may only read without a word.
        db.execute(f"PRAGMA user_version = {schema.VERSION}")
    check_tables(db)


def _migrate(db: Database) -> None:
    schema.MIGRATIONS.apply(db)
    db.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
    if db.execute("PRAGMA foreign_key_check").fetchone():
        raise DatabaseDamaged(
            "the history does not hold together after its migration",
            where=db.where,
            remedy="go back to the last backup and report this",
        )
