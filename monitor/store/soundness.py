"""What can be said of a history's file without reading all of it, or about it from outside."""

from __future__ import annotations

import sqlite3
import threading
from typing import TYPE_CHECKING

from monitor.store.columns import read_optional_time
from monitor.store.database import rows, snapshot

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.store.database import Database

SQLITE = sqlite3.sqlite_version
"""The version of the library that Python uses."""


def quick_check(db: Database, seconds: float) -> tuple[str, ...] | None:
    """What a look at the pages finds wrong, nothing if they are sound; None if that was not done in so many seconds.

    Unlike `check` it does not compare indexes with what they index. Raises StorageError or a subclass.
    """
    stop = threading.Timer(seconds, db.conn.interrupt)
    stop.daemon = True
    stop.start()
    try:
        with snapshot(db):
            return tuple(str(row[0]) for row in db.execute("PRAGMA quick_check(5)") if row[0] != "ok")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
        return None
    finally:
        stop.cancel()


def newest(db: Database) -> datetime | None:
    """The latest time at which something was looked at or read, None if nothing was. Raises StorageError."""
    (row,) = rows(
        db,
        """SELECT max(ifnull((SELECT max(looked_at) FROM sources), ''), ifnull((SELECT read_at FROM articles
        ORDER BY id DESC LIMIT 1), '')) AS at""",
    )
    return read_optional_time(row["at"] or None)
