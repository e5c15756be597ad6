"""Is a file that nobody writes sound, and is it a history of ours to the word? Nothing that it says is run.

A backup may come from anywhere. Its head is read as bytes first; then it is opened so that its schema is not trusted
and nothing can be attached, written or called; and its schema must be ours word by word before a row is read.
"""

from __future__ import annotations

import sqlite3
import struct
from contextlib import contextmanager
from typing import TYPE_CHECKING

from monitor.core.errors import DatabaseDamaged, DatabaseNewer
from monitor.store import schema
from monitor.store.backups.copying import wrong
from monitor.store.database import Database
from monitor.store.faults import mapped, unwritable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MAGIC = b"SQLite format 3\0"
_HEAD = 100  # bytes of every SQLite file
_LONGEST = 64 * 2**20  # bytes of a text: the largest article has a hundredth of it
_ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_TRANSACTION}
_PRAGMAS = {
    "integrity_check",
    "foreign_key_check",
    "cell_size_check",
    "trusted_schema",
    "query_only",
    "table_list",
}
_FUNCTIONS = {"count", "max", "min"}
# Made by SQLite itself, by ANALYZE: what they hold can mislead nobody but the planner of queries.
_STATISTICS = {
    "sqlite_stat1": "CREATE TABLE sqlite_stat1(tbl,idx,stat)",
    "sqlite_stat4": "CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)",
}
_SCHEMA = "SELECT type, name, tbl_name, sql FROM sqlite_master"
_Words = dict[tuple[str, str, str], str | None]


def check_head(path: Path) -> int:
    """The version of the schema of a file, by its first bytes alone.

    Raises:
        DatabaseDamaged: it is no whole SQLite file, or no history of ours.
        DatabaseNewer: a newer Tumen wrote it.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise unwritable(path, error) from error
    if len(head) < _HEAD or not head.startswith(_MAGIC):
        raise _refused("this is no SQLite database", path)
    (page,) = struct.unpack_from(">H", head, 16)
    page = 65536 if page == 1 else page
    (pages,) = struct.unpack_from(">I", head, 28)
    encoding, version, identity = (struct.unpack_from(">I", head, at)[0] for at in (56, 60, 68))
    if identity != schema.APPLICATION_ID or encoding != 1:
        raise _refused("this is a database of another program", path)
    if page < 512 or page & (page - 1) or page * pages != size:  # noqa: PLR2004  SQLite's smallest page
        raise _refused(f"it says that it has {pages} pages of {page} bytes, and has {size} bytes", path)
    if version > schema.VERSION:
        raise DatabaseNewer(
            f"a newer Tumen wrote this history (version {version}, this one knows {schema.VERSION})",
            where=str(path),
            remedy="update Tumen first",
        )
    if version < 1:
        raise _refused("it has no version", path)
    return int(version)


@contextmanager
def guarded(path: Path, *, limited: bool = False, is_kept: bool = False) -> Iterator[Database]:
    """A file that nobody writes, opened to be looked at and for nothing else.

    Args:
        path: the file.
        limited: have whatever a history does not need refused, too: the file may come from anywhere.
        is_kept: the file itself is a backup, and not a copy that was just made: nothing may change or lie beside it.

    Raises:
        DatabaseDamaged, StorageError: it cannot be read.
    """
    # SQLite holds rows against the constraints of their tables only in a file that it may write (3.40).
    how = "mode=ro&immutable=1" if is_kept else "mode=rw"
    with mapped(str(path)):
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True, check_same_thread=False)
    db = Database(connection, path)
    try:
        with mapped(db.where):
            for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "query_only = ON"):
                connection.execute(f"PRAGMA {pragma}")
            # So that Ctrl-C ends it although SQLite is at work for long.
            connection.set_progress_handler(lambda: None, 100_000)
            if limited:
                connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
                connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
                connection.set_authorizer(_authorize)
            yield db
    finally:
        db.close()


def check_words(db: Database, version: int) -> tuple[str, ...]:
    """How the schema of a history differs from what this Tumen makes for that version; empty if in nothing."""
    with mapped(db.where):
        there: _Words = {tuple(row[:3]): row[3] for row in db.conn.execute(_SCHEMA)}
    ours = _words(version)
    own = {key: sql for key, sql in there.items() if key[1] not in _STATISTICS or _STATISTICS[key[1]] != sql}
    strange = [f"{key[0]} {key[1]} is not Tumen's" for key in own if key not in ours]
    other = [f"{key[0]} {key[1]} is another" for key, sql in own.items() if key in ours and ours[key] != sql]
    missing = [f"{key[0]} {key[1]} is missing" for key in ours if key not in own]
    return (*sorted(strange), *sorted(other), *sorted(missing))


def require_words(db: Database, version: int) -> None:
    """Refuse a history whose schema is not ours word by word. Raises DatabaseDamaged."""
    strange = check_words(db, version)
    if strange:
        raise DatabaseDamaged(
            f"its schema is not Tumen's: {'; '.join(strange[:5])}",
            where=db.where,
            remedy="do not trust it, unless you added that yourself: then remove it from a copy",
        )


def check_content(db: Database) -> None:
    """Whether all pages, rows and references hold together; reads all of it. Raises DatabaseDamaged."""
    with mapped(db.where):
        found = wrong(db.conn)
    if found:
        raise _refused(f"it is damaged: {'; '.join(found)}", db.path)


def _words(version: int) -> _Words:
    """The schema that Tumen makes for a version."""
    db = Database(sqlite3.connect(":memory:"), None)
    try:
        later = [each.name for each in schema.MIGRATIONS.pending(db)][version:]
        schema.MIGRATIONS.apply(db, stop_before=later)
        return {tuple(row[:3]): row[3] for row in db.conn.execute(_SCHEMA)}
    finally:
        db.close()


def _authorize(
    action: int, one: str | None, two: str | None, _database: str | None, _inside: str | None
) -> int:
    if action in _ALLOWED:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_PRAGMA and (one or "").lower() in _PRAGMAS:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_FUNCTION and (two or "").lower() in _FUNCTIONS:
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


def _refused(why: str, path: Path | None) -> DatabaseDamaged:
    return DatabaseDamaged(
        why, where=str(path), remedy="take another backup: `tumen backup --list` shows them"
    )
