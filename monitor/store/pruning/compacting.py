"""Writing a history anew, without the pages that hold nothing.

The new file is complete, checked and on the disk before it takes the place of the old one, in one step. Whatever is
interrupted before that, the old one is as it was.
"""

from __future__ import annotations

import os
import shutil
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from monitor.core.errors import DatabaseBusy, DatabaseDamaged, StorageError
from monitor.core.retention import size_text
from monitor.store.database import check, open_history, open_reader, rows
from monitor.store.durable import sync
from monitor.store.faults import mapped, unwritable
from monitor.store.pruning.space import Space

if TYPE_CHECKING:
    from pathlib import Path

    from monitor.store.database import Database

_SPARE = 1.05  # of what is used: pages are filled a little differently


def compact(path: Path) -> None:
    """Write the history at `path` anew. The caller holds its lock as the one writer.

    Raises:
        DatabaseBusy: somebody else has it open, be it only to read.
        DatabaseDamaged: the new file does not hold what the old one does; the old one stays.
        StorageError: there is no room for a second file, or it cannot be written.
    """
    path = path.resolve()  # of a link, what it leads to is replaced
    made = path.with_name(path.name + ".compact")
    try:
        made.unlink(missing_ok=True)  # of a run that was interrupted
        with closing(open_history(path, busy=0.0)) as old:
            _check_room(old, path)
            _keep_others_out(old)
            with mapped(old.where):
                old.execute("VACUUM INTO ?", [str(made)])
                _check_same(old, made)
            _swap(path, made)
    except OSError as error:
        raise unwritable(made, error) from error
    finally:
        with suppress(OSError):
            made.unlink(missing_ok=True)


def _check_room(db: Database, path: Path) -> None:
    wanted, free = int(Space(db).usage().used * _SPARE), shutil.disk_usage(path.parent).free
    if free < wanted:
        raise StorageError(
            f"there is no room for a second file: {size_text(wanted)} are needed, {size_text(free)} are free",
            where=str(path.parent),
            remedy="free some space, or prune more first",
        )


def _keep_others_out(db: Database) -> None:
    """Be the only one with the file open, without a log: what one holds must not be taken for the new file's."""
    try:
        with mapped(db.where):
            db.execute("PRAGMA journal_mode = DELETE")
            db.execute("PRAGMA locking_mode = EXCLUSIVE")
            db.execute("BEGIN EXCLUSIVE")
            db.execute("COMMIT")  # the lock stays until the connection is closed
    except DatabaseBusy as error:
        raise DatabaseBusy(
            "another program has the history open",
            where=db.where,
            remedy="close what reads it (`tumen web`, Datasette, a shell), and try again",
        ) from error


def _check_same(old: Database, made: Path) -> None:
    """Whether the new file is sound and holds as many rows. Raises DatabaseDamaged."""
    with closing(open_reader(made)) as new:
        wrong = check(new)
        if wrong or _counts(old) != _counts(new):
            raise DatabaseDamaged(
                f"the new file is not what the old one is: {'; '.join(wrong) or 'rows are missing'}",
                where=str(made),
                remedy="the history is as it was; look at the disk",
            )


def _counts(db: Database) -> dict[str, int]:
    """How many rows each table has. What is virtual has no root: its rows are those of other tables."""
    sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0 ORDER BY name"
    names = [row["name"] for row in rows(db, sql)]
    return {name: rows(db, f'SELECT count(*) AS many FROM "{name}"')[0]["many"] for name in names}  # noqa: S608


def _swap(path: Path, made: Path) -> None:
    """Have the new file, once it is on the disk, take the place of the old one. Raises OSError."""
    shutil.copymode(path, made)
    with suppress(PermissionError):  # only root gives files away
        os.chown(made, path.stat().st_uid, path.stat().st_gid)
    sync(made)
    made.replace(path)
    sync(path.parent)
