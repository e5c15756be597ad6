"""The backup that is made before a history is brought up to date: what the former Tumen can go back to.

It lies beside the history, as PATH.upgrades/tumen-v1-20261125T063000Z.db, apart from the other backups, whose
rotation would take it away while it may still be needed; the newest three stay.
"""

from __future__ import annotations

import logging
import re
import shutil
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from monitor.core.errors import DatabaseDamaged, StorageError
from monitor.core.retention import size_text
from monitor.store.backups.copying import copy, wrong
from monitor.store.durable import create_like, sync
from monitor.store.faults import mapped, unwritable

if TYPE_CHECKING:
    from pathlib import Path

_log = logging.getLogger("tumen.backup")
KEPT = 3
"""So many of the newest are kept."""
_SPARE = 1.05
_MAKING = ".making"


def upgrades_of(history: Path) -> Path:
    """The folder of the backups that were made before upgrades of a history."""
    return history.with_name(history.name + ".upgrades")


def keep_former(connection: sqlite3.Connection, history: Path, version: int) -> Path:
    """Back a history up that is about to be migrated from this version; the file.

    Raises:
        DatabaseDamaged: the history is; it is not to be migrated.
        StorageError: there is no room, or the folder cannot be written.
    """
    folder, stem = upgrades_of(history), history.name.removesuffix(".db")
    place = folder / f"{stem}-v{version}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.db"
    making = place.with_name(place.name + _MAKING)
    try:
        folder.mkdir(exist_ok=True)
        _clear(folder, stem)
        _check_room(connection, folder)
        create_like(making, history)
        with mapped(str(making)):
            copy(connection, making)
            _prove(making, history)
        sync(making)
        making.replace(place)
        sync(folder)
        _rotate(folder, stem)
        _log.info("the history was backed up before its upgrade: %s", place)
    except OSError as error:
        raise unwritable(folder, error) from error
    finally:
        with suppress(OSError):
            making.unlink(missing_ok=True)
    return place


def _check_room(connection: sqlite3.Connection, folder: Path) -> None:
    page, pages = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_size", "page_count"))
    wanted, free = int(page * pages * _SPARE), shutil.disk_usage(folder).free
    if free < wanted:
        raise StorageError(
            "there is no room for the backup that is made before an upgrade: "
            f"{size_text(wanted)} are needed, {size_text(free)} are free",
            where=str(folder),
            remedy="free some space; the history is as it was, and the former Tumen still reads it",
        )


def _prove(making: Path, history: Path) -> None:
    with closing(sqlite3.connect(making)) as copied:
        found = wrong(copied)
    if found:
        raise DatabaseDamaged(
            f"the history is damaged, so it is not upgraded: {'; '.join(found)}",
            where=str(history),
            remedy="keep a copy of the file, and restore the last backup",
        )


def _clear(folder: Path, stem: str) -> None:
    """Remove what upgrades left that were killed: each would take as much room again."""
    for _, path in _own(folder, stem, _MAKING):
        path.unlink()


def _rotate(folder: Path, stem: str) -> None:
    for _, path in sorted(_own(folder, stem))[:-KEPT]:
        path.unlink()


def _own(folder: Path, stem: str, ending: str = "") -> list[tuple[str, Path]]:
    """The files here that have such a name, with their times."""
    shape = re.compile(rf"{re.escape(stem)}-v\d+-(\d{{8}}T\d{{6}}Z)\.db{re.escape(ending)}", re.ASCII)
    named = [(match[1], path) for path in folder.iterdir() if (match := shape.fullmatch(path.name))]
    return [(at, path) for at, path in named if path.is_file() and not path.is_symlink()]
