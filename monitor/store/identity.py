"""What a file must be to be a history that this Tumen can use; whoever opens one asks here first."""

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING

from monitor.core.errors import DatabaseDamaged, DatabaseNewer, StorageError
from monitor.store import schema
from monitor.store.faults import missing_directory, unwritable

if TYPE_CHECKING:
    from pathlib import Path

    from monitor.store.database import Database

_MAGIC = b"SQLite format 3\0"
_OLDEST_SQLITE = (3, 37, 0)  # STRICT tables


def check_identity(db: Database) -> int:
    """The version of the history's schema, 0 for a file without content.

    Raises:
        DatabaseDamaged: another program made it.
        DatabaseNewer: a newer Tumen did.
    """
    (identity,) = db.execute("PRAGMA application_id").fetchone()
    (version,) = db.execute("PRAGMA user_version").fetchone()
    (tables,) = db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if identity == 0 and version == 0 and tables == 0:
        return 0
    if identity != schema.APPLICATION_ID:
        raise DatabaseDamaged(
            "this is a database of another program",
            where=db.where,
            remedy="give Tumen a path of its own",
        )
    if version > schema.VERSION:
        raise DatabaseNewer(
            f"a newer Tumen wrote this history (version {version}, this one knows {schema.VERSION})",
            where=db.where,
            remedy="update Tumen, or restore the backup from before the update",
        )
    return int(version)


def check_current(db: Database) -> None:
    """Refuse what a reader cannot migrate. Raises StorageError."""
    if check_identity(db) < schema.VERSION:
        raise StorageError(
            "this history is only just being made, or an older Tumen wrote it",
            where=db.where,
            remedy="try again in a moment; an old one is migrated when `tumen run` starts",
        )


def check_tables(db: Database) -> None:
    """Refuse a history without all its tables. Raises DatabaseDamaged."""
    missing = schema.TABLES - set(db.table_names())
    if missing:
        raise DatabaseDamaged(
            f"tables are missing: {', '.join(sorted(missing))}",
            where=db.where,
            remedy="restore the last backup",
        )


def check_sqlite() -> None:
    """Refuse an SQLite that cannot hold a history. Raises StorageError."""
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        raise StorageError(
            f"SQLite {sqlite3.sqlite_version} is too old for the history",
            remedy="use a Python with SQLite 3.37 or newer",
        )


def restored_of(path: Path) -> Path:
    """Where a restore has a history ready before it takes its place."""
    return path.with_name(path.name + ".restored")


def check_interrupted(path: Path) -> None:
    """Refuse the place of a history in which a restore was interrupted. Raises StorageError."""
    if os.path.lexists(restored_of(path)):
        raise StorageError(
            "a restore of this history was interrupted",
            where=str(path),
            remedy="run the same `tumen restore` again; the former history is not lost",
        )


def check_file(path: Path) -> None:
    """Refuse what SQLite would take for a new database although it is none. Raises StorageError or a subclass."""
    check_interrupted(path)
    try:
        log = path.with_name(path.name + "-wal")
        has_log = log.exists() and log.stat().st_size > 0
        if not path.parent.is_dir():
            raise missing_directory(path)
        if path.is_dir():
            raise StorageError("this is a directory", where=str(path), remedy="name a file in it")
        head = b""
        if path.exists():
            with path.open("rb") as file:
                head = file.read(len(_MAGIC))
    except OSError as error:
        raise unwritable(path, error) from error
    if not head and has_log:
        raise DatabaseDamaged(
            "the history is empty, but its write-ahead log is not",
            where=str(path),
            remedy=f"put the file back that belongs to {log.name}, or restore a backup and remove that log",
        )
    if head and head != _MAGIC:
        raise DatabaseDamaged(
            "this file is no SQLite database",
            where=str(path),
            remedy="restore the last backup, or give Tumen a path of its own",
        )
