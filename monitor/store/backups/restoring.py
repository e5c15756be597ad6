"""Putting a backup in the place of a history, so that nothing is sent twice.

The backup is copied beside the place and looked at there, where nobody exchanges it any more. Then the copy is
brought up to date, and what may have been sent since is kept back. Only when all of that is on the disk does it get
the name PATH.restored: from then on no history is opened at PATH until what lies there has been moved aside, never
deleted, and the copy has its place. Interrupted before that nothing has happened; after it, the same command begins
anew.
"""

from __future__ import annotations

import glob
import itertools
import os
import shutil
import stat
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.core.errors import DatabaseDamaged, InputError, StorageError
from monitor.core.retention import size_text
from monitor.store.backups.captures import bring
from monitor.store.backups.folder import CAPTURES
from monitor.store.backups.soundness import check_content, check_head, guarded, require_words
from monitor.store.database import open_history, open_reader
from monitor.store.durable import like, sync
from monitor.store.faults import unwritable
from monitor.store.identity import restored_of
from monitor.store.ledger import Ledger
from monitor.store.restored import hold_back, latest_time

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path
    from typing import BinaryIO

    from monitor.store.backups.captures import Brought
    from monitor.store.database import Database

_LOGS = ("-wal", "-journal")
_PIECE = 2**20  # bytes that are copied at a time
_SPARE = 1.1


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore came to.

    Attributes:
        path: the history.
        backup_at: when the last thing that it holds was stored.
        silence: the number of the silence that keeps back what may have been sent.
        kept_back: how many deliveries that are.
        aside: the folder to which the former history was moved, None if there was none.
        captures: how many captures it relies on, and how many were put back.
    """

    path: Path
    backup_at: datetime | None
    silence: int
    kept_back: int
    aside: Path | None
    captures: Brought


def examine(backup: Path, work: Path, prove: Callable[[Database], None]) -> int:
    """Copy a backup to `work`, and look there whether it can be restored; the version of its schema.

    `prove` looks at the texts.

    Raises:
        InputError, DatabaseDamaged, DatabaseNewer, StorageError: it cannot be, and why.
    """
    _take_over(backup, work)
    try:
        version = check_head(work)
        with guarded(work, limited=True) as db:
            require_words(db, version)
            check_content(db)
            prove(db)
    except DatabaseDamaged as error:
        raise type(error)(error.message, where=str(backup), remedy=error.remedy) from error
    except StorageError as error:
        raise type(error)(
            error.message, where=error.where.replace(str(work), str(backup)), remedy=error.remedy
        ) from error
    return version


def restore(backup: Path, work: Path, path: Path, captures: Path, now: datetime) -> Restored:
    """Put the copy `work` of a backup, which was examined, in the place of the history `path`, whose lock is held.

    `captures` is the folder of its captures. Raises StorageError.
    """
    with closing(open_history(work, keeps_former=False)) as db:
        backup_at = latest_time(db)
        Ledger(db).recover(now)  # what was being sent has been cut off
        silence, kept_back = hold_back(db, now, backup_at)
        brought = bring(db, backup.parent / CAPTURES, captures)
    with suppress(FileNotFoundError):
        shutil.copymode(path, work)
        with suppress(PermissionError):  # only root gives files away
            os.chown(work, path.stat().st_uid, path.stat().st_gid)
    try:
        aside = _swap(work, path, now)
    except OSError as error:
        raise unwritable(path, error) from error
    open_reader(path).close()
    return Restored(path, backup_at, silence, kept_back, aside, brought)


def work_of(path: Path) -> Path:
    """Where the copy of a backup is looked at."""
    return path.with_name(path.name + ".restoring")


def clear(work: Path) -> None:
    """Remove what is left of a copy."""
    for name in ("", *_LOGS, "-shm"):
        with suppress(OSError):
            work.with_name(work.name + name).unlink(missing_ok=True)


def _take_over(backup: Path, work: Path) -> None:
    """Copy a backup, if it is a plain file and nothing else. Raises InputError, StorageError."""
    clear(work)
    for log in _LOGS:
        beside = backup.with_name(backup.name + log)
        if beside.is_symlink() or beside.exists():
            raise InputError(
                f"a log lies beside it ({beside.name}), so it is no backup of Tumen's",
                where=str(backup),
                remedy="name a file that `tumen backup` made",
            )
    try:
        # Without waiting for whoever writes to a pipe, and without following a link.
        source = os.open(backup, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise InputError(
            f"this backup cannot be read: {error.strerror}", where=str(backup), remedy="name a plain file"
        ) from error
    found = os.fstat(source)
    if not stat.S_ISREG(found.st_mode):
        os.close(source)
        raise InputError(
            "this is no plain file", where=str(backup), remedy="name a file that `tumen backup` made"
        )
    with os.fdopen(source, "rb") as file:
        _copy_bytes(file, found, work)


def _copy_bytes(file: BinaryIO, found: os.stat_result, work: Path) -> None:
    size = found.st_size
    free = shutil.disk_usage(work.parent).free
    if free < size * _SPARE:
        raise StorageError(
            f"there is no room for it: {size_text(int(size * _SPARE))} are needed, {size_text(free)} are free",
            where=str(work.parent),
            remedy="free some space",
        )
    try:
        with open(work, "xb", opener=like(found.st_mode)) as copied:
            while size > 0 and (piece := file.read(min(size, _PIECE))):
                copied.write(piece)
                size -= len(piece)
    except OSError as error:
        raise unwritable(work, error) from error


def _aside(path: Path, now: datetime, *, goes_on: bool) -> Path:
    """The folder for the former history: one in which nothing is, or that an interrupted restore began to fill.

    That one may hold the former log already, without which the file is not what it was.
    """
    there = sorted(path.parent.glob(f"{glob.escape(path.name)}.before-*"))
    begun = [folder for folder in there if not os.path.lexists(folder / path.name)] if goes_on else []
    aside = path.with_name(f"{path.name}.before-{now:%Y%m%dT%H%M%SZ}")
    return begun[-1] if begun else _free(aside)


def _free(place: Path) -> Path:
    """This place, or one with a number, if something of a restore in the same second lies there."""
    others = (place.with_name(f"{place.name}-{number}") for number in itertools.count(2))
    return next(each for each in itertools.chain((place,), others) if not os.path.lexists(each))


def _swap(work: Path, path: Path, now: datetime) -> Path | None:
    """Have the copy take the place of the history, which is moved into a folder beside it; that folder, if any."""
    ready = restored_of(path)
    aside = _aside(path, now, goes_on=ready.exists())
    sync(work)
    work.replace(ready)
    sync(path.parent)
    moved = False
    for name in (*_LOGS, "-shm", ""):
        former = path.with_name(path.name + name)
        if former.is_symlink() or former.exists():
            aside.mkdir(exist_ok=True)
            former.rename(aside / former.name)
            moved = True
    if moved:
        sync(aside)
        sync(path.parent)
    ready.rename(path)
    sync(path.parent)
    return aside if moved else None
