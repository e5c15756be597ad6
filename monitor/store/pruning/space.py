"""Where the bytes of a history are, and how those that hold nothing are given back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.store.database import Database

_INCREMENTAL = 2  # of PRAGMA auto_vacuum: pages that hold nothing can be given back, some at a time


@dataclass(frozen=True, slots=True)
class Usage:
    """Where the bytes of a history are.

    Attributes:
        size: of the file; `free` of these hold nothing.
        page: of one page, by which a file grows and shrinks.
        log: of the write-ahead log.
        shrinks: whether the file can be made smaller while it is in use.
    """

    size: int
    free: int
    page: int
    log: int
    shrinks: bool

    @property
    def used(self) -> int:
        """Bytes of the file that hold something."""
        return self.size - self.free


class Space:
    """The file of a history.

    Every method may raise DatabaseBusy, DatabaseDamaged or StorageError; then nothing was changed.
    """

    def __init__(self, db: Database) -> None:
        self._db = db

    def usage(self) -> Usage:
        """Where the bytes are."""
        with self._db.turn, self._db.mapped():
            page, pages, free = (
                _pragma(self._db, name) for name in ("page_size", "page_count", "freelist_count")
            )
            shrinks = _pragma(self._db, "auto_vacuum") == _INCREMENTAL
        return Usage(page * pages, page * free, page, self._db.log.size(), shrinks)

    def give_back(self, most: int) -> int:
        """Make the file smaller by at most so many pages that hold nothing; how many that were."""
        with self._db.turn, self._db.mapped():
            before = _pragma(self._db, "page_count")
            # Each step of the statement moves a page; `execute` takes one step, since it sees no columns.
            self._db.conn.executescript(f"PRAGMA incremental_vacuum({most:d})")
            given = before - _pragma(self._db, "page_count")
            self._db.log.shorten(self._db.conn)
            return given

    def checkpoint(self) -> int:
        """Bring what the log holds into the file, as far as no reader needs it; how many bytes are left in it."""
        with self._db.turn, self._db.mapped():
            _, logged, done = self._db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            return max(0, int(logged) - int(done)) * _pragma(self._db, "page_size")


def used_bytes(db: Database) -> int:
    """How many bytes of the file hold something, also within a transaction."""
    pages = _pragma(db, "page_count") - _pragma(db, "freelist_count")
    return pages * _pragma(db, "page_size")


def _pragma(db: Database, name: str) -> int:
    return int(db.execute(f"PRAGMA {name}").fetchone()[0])
