"""The history as pages read it: one state of it for a short while, and never a write.

The log of the history grows for as long as anybody reads one state of it, so reading has a time limit.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from monitor.core.errors import StorageError
from monitor.store.database import open_reader, snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from monitor.store.database import Database

_BUSY_SECONDS = 5.0  # a page may wait longer for a checkpoint than the service's loop may
_STEPS = 10_000  # of SQLite's machine between two looks at the clock: some tenths of a millisecond


class TooSlow(StorageError):
    """A page asked for more than could be read in its time."""


@contextmanager
def browsing(path: Path, *, seconds: float) -> Iterator[Database]:
    """One state of the history to read from, for at most so many seconds.

    Raises:
        TooSlow: a question was not answered in this time.
        StorageError or a subclass: there is no history yet, or it cannot be read.
    """
    with closing(open_reader(path, busy=_BUSY_SECONDS)) as db:
        ends = time.monotonic() + seconds
        db.conn.set_progress_handler(lambda: time.monotonic() > ends, _STEPS)
        try:
            with snapshot(db):
                yield db
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
            raise TooSlow(
                f"this was not found within {seconds:g} s",
                where=str(path),
                remedy="ask for less: a shorter time, fewer lines, or a rarer word",
            ) from None


def connect_to_query(path: Path) -> sqlite3.Connection:
    """A connection for the questions of strangers: it reads this file and can neither write nor open another."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=_BUSY_SECONDS, check_same_thread=False
    )
    connection.execute("PRAGMA query_only = ON")
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    connection.set_authorizer(_authorized)
    return connection


def definitions(path: Path) -> dict[str, str]:
    """How each table is defined, with the comments that explain it; nothing as long as it cannot be read."""
    try:
        with closing(connect_to_query(path)) as connection:
            found = connection.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL"
            )
            return dict(found.fetchall())
    except sqlite3.Error:
        return {}


def _authorized(action: int, name: str | None, *_: str | None) -> int:
    """Everything but to ask where the file is: that is told to nobody, as if there were none."""
    asks = action == sqlite3.SQLITE_PRAGMA and (name or "").lower() == "database_list"
    return sqlite3.SQLITE_IGNORE if asks else sqlite3.SQLITE_OK
