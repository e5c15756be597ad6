"""Opening a history to back it up: as it is, without bringing it up to date first."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from monitor.core.errors import StorageError
from monitor.store.database import BUSY_SECONDS, Database
from monitor.store.faults import mapped
from monitor.store.identity import check_file, check_identity, check_interrupted

if TYPE_CHECKING:
    from pathlib import Path


def open_source(path: Path) -> Database:
    """The history, whatever version of Tumen made it. The caller holds its lock.

    Raises:
        DatabaseDamaged, DatabaseNewer: it is no history that this Tumen knows.
        StorageError: there is none, or it cannot be read.
    """
    check_interrupted(path)
    if not path.exists():
        raise StorageError("there is no history here yet", where=str(path), remedy="start `tumen run` first")
    check_file(path)
    with mapped(str(path)):
        uri = f"{path.absolute().as_uri()}?mode=rw"
        db = Database(sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, check_same_thread=False), path)
    try:
        with mapped(db.where):
            check_identity(db)
    except BaseException:
        db.close()
        raise
    return db
