"""Making a backup: copied, proven, brought to the disk, and only then given its name; then the oldest ones go."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from monitor.core.errors import DatabaseDamaged, StorageError
from monitor.core.rotation import Rotation, surplus
from monitor.store import schema, sealing
from monitor.store.backups.captures import bring, drop, names_in
from monitor.store.backups.copying import Halt, copy
from monitor.store.backups.soundness import check_content, check_head, check_words, guarded
from monitor.store.captures import Captures
from monitor.store.durable import create_like
from monitor.store.faults import mapped, unwritable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

    from monitor.store.backups.folder import BackupFolder
    from monitor.store.database import Database

_SPARE = 1.05  # of the history: the file may grow while it is copied
_SAMPLE = 200  # articles whose versions are proven: so many of the latest, and about so many among all
_COUNTED = ("articles", "alerts", "deliveries")


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made.

    Attributes:
        path: its file.
        at: when it was begun.
        size: of the file, in bytes.
        counts: how many articles, alerts and deliveries it holds.
        captures: how many captures it relies on, and `brought` how many of them were brought to it now.
        missing: the names of those that are not there, or not as they were stored.
        strange: what its schema has that is not Tumen's: it cannot be restored by command until that is removed.
        removed: how many old backups went.
    """

    path: Path
    at: datetime
    size: int
    counts: dict[str, int]
    captures: int
    brought: int
    missing: tuple[str, ...] = ()
    strange: tuple[str, ...] = ()
    removed: int = 0


def make(
    db: Database,
    captures: Path,
    folder: BackupFolder,
    now: datetime,
    *,
    rotation: Rotation | None = None,
    reserve: float = 0.0,
    halt: Halt | None = None,
) -> Made:
    """Make a backup of a history; it may be written meanwhile, by the connection of `db` only.

    Args:
        db: the history.
        captures: the folder of its captures.
        folder: where the backup goes.
        now: the time.
        rotation: which backups are kept afterwards; None: all.
        reserve: so many times the history's size must stay free on the disk.
        halt: lets somebody stop it.

    Raises:
        DatabaseDamaged: the history is; then no backup was made and none has gone.
        StorageError: there is no room, or the folder cannot be written; likewise.
        Stopped: it was asked for; likewise.
    """
    halt = halt or Halt()
    with db.turn, mapped(db.where):
        page, pages = (db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_size", "page_count"))
    making = folder.begin(now, int(page * pages * (_SPARE + reserve)))
    try:
        _create(making, db)
        with mapped(str(making)):
            copy(db.conn, making, turn=db.turn, halt=halt)
        made = replace(_prove(making, db, captures, folder, now, halt), path=folder.place(making))
    except BaseException:
        with suppress(OSError):
            making.unlink(missing_ok=True)
        raise
    return made if rotation is None else replace(made, removed=rotate(folder, rotation, now, captures))


def rotate(folder: BackupFolder, rotation: Rotation, now: datetime, captures: Path) -> int:
    """Remove the backups that are not kept any more, and the captures that no other relies on; how many backups.

    `captures` are those of the history itself, which stay, should they lie in this very place.
    """
    there = folder.backups()
    gone = surplus((backup.at for backup in there), rotation, now)
    removed = [backup for backup in there if backup.at in gone and folder.remove(backup)]
    kept: set[str] = set()
    try:
        if not removed or (captures.exists() and folder.captures.samefile(captures)):
            return len(removed)
        for file in folder.relying():
            with guarded(file, is_kept=True) as db, mapped(db.where):
                kept.update(names_in(db))
    except (StorageError, sqlite3.Error, OSError):  # what cannot be read may rely on any of them
        return len(removed)
    drop(folder.captures, kept)
    return len(removed)


def _create(making: Path, db: Database) -> None:
    """Whoever may not read the history may not read its backup. Raises StorageError."""
    try:
        if db.path is not None:
            create_like(making, db.path)
    except OSError as error:
        raise unwritable(making, error) from error


def _prove(
    making: Path, db: Database, captures: Path, folder: BackupFolder, now: datetime, halt: Halt
) -> Made:
    """Prove a copy, and bring the captures that it relies on. Raises DatabaseDamaged, StorageError, Stopped."""
    try:
        version = check_head(making)
        with guarded(making) as made, halt.of(made.conn):
            check_content(made)
            strange = check_words(made, version)
            if version == schema.VERSION:
                _check_texts(made, halt)
            brought = bring(made, captures, folder.captures, halt)
            relied_on = Captures(db).names(brought.missing)  # it may have removed some since it was copied
            counts = {name: _count(made, name) for name in _COUNTED}
    except DatabaseDamaged as error:
        raise DatabaseDamaged(
            f"the history is damaged, so no backup was made of it: {error.message}",
            where=db.where,
            remedy="stop Tumen, keep a copy of the file, and restore the last backup",
        ) from error
    size = making.stat().st_size
    missing = tuple(name for name in brought.missing if name in relied_on)
    return Made(making, now, size, counts, brought.known, brought.brought, missing, strange)


def _check_texts(db: Database, halt: Halt) -> None:
    """Whether the latest articles, and a sample of all, say what was stored. Raises DatabaseDamaged."""
    (most,) = db.conn.execute("SELECT max(id) FROM articles").fetchone()
    latest = [
        row[0] for row in db.conn.execute("SELECT id FROM articles ORDER BY id DESC LIMIT ?", (_SAMPLE,))
    ]
    spread = range(1, most or 0, max(1, (most or 0) // _SAMPLE))
    for article in {*latest, *spread}:
        halt.check()
        check_seals(sealing.seals(db, article), db)


def check_seals(seals: Iterable[sealing.SealedRevision], db: Database) -> None:
    """Whether versions of articles say what was stored. Raises DatabaseDamaged."""
    for one in seals:
        if not (one.says_so and one.follows):
            raise DatabaseDamaged(
                f"the text of article {one.article}, version {one.number}, is not the one that was stored",
                where=db.where,
                remedy="`tumen evidence --check` shows all that does not hold",
            )


def _count(db: Database, table: str) -> int:
    (many,) = db.conn.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608  own words
    return int(many)
