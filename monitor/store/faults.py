"""What SQLite's errors mean to a reader."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from monitor.core.errors import DatabaseBusy, DatabaseDamaged, StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT}
_REMEDIES = {
    sqlite3.SQLITE_FULL: "free some space; nothing that was stored before is lost",
    sqlite3.SQLITE_IOERR: "look at the disk and the kernel's log",
    sqlite3.SQLITE_READONLY: "let the user that runs Tumen write to this file and its directory",
    sqlite3.SQLITE_CANTOPEN: "let the user that runs Tumen read and write this directory, or choose another path",
    sqlite3.SQLITE_PERM: "let the user that runs Tumen read and write this file",
    sqlite3.SQLITE_AUTH: "let the user that runs Tumen read and write this file",
    sqlite3.SQLITE_NOMEM: "give the service more memory",
    sqlite3.SQLITE_TOOBIG: "a text is larger than SQLite can hold; report this",
    sqlite3.SQLITE_NOLFS: "move the history to another file system",
    sqlite3.SQLITE_PROTOCOL: "move the history to a local disk: file locks do not work here",
}


@contextmanager
def mapped(where: str, on_damage: Callable[[DatabaseDamaged], object] = lambda _: None) -> Iterator[None]:
    """Raise SQLite's errors as ours. `where` names the history; `on_damage` is told if it is damaged."""
    try:
        yield
    except sqlite3.Error as error:
        ours = _ours(error, where)
        if ours is None:
            raise
        if isinstance(ours, DatabaseDamaged):
            on_damage(ours)
        raise ours from error


def _ours(error: sqlite3.Error, where: str) -> StorageError | None:
    """The error as a reader understands it; None for a bug: a broken constraint or a wrong statement."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # without the details of extended codes
    if code in _BUSY:
        return DatabaseBusy(
            "another program holds the history locked",
            where=where,
            remedy="close what else writes to it (a shell, a copy in progress); it is tried again",
        )
    if code in _DAMAGED or "decode to UTF-8" in str(error):
        return DatabaseDamaged(
            f"the history is damaged: {error}",
            where=where,
            remedy="stop Tumen, keep a copy of the file, and restore the last backup",
        )
    if code in _REMEDIES:
        return StorageError(f"the history cannot be used: {error}", where=where, remedy=_REMEDIES[code])
    return None


def unwritable(path: Path, error: OSError) -> StorageError:
    """The error for a place that the system does not let us use."""
    if isinstance(error, FileNotFoundError) and not path.parent.is_dir():
        return missing_directory(path)
    return StorageError(
        f"cannot be read or written: {error.strerror or error}",
        where=str(path),
        remedy="let the user that runs Tumen read and write this directory, or choose another path",
    )


def missing_directory(path: Path) -> StorageError:
    """The error for a file whose directory is not there. None is made: it may be a disk that is not mounted."""
    return StorageError(
        "there is no such directory",
        where=str(path.parent),
        remedy="create or mount it, or choose another path",
    )
