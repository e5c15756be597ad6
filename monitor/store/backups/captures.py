"""The captures of backups: the files that a history relies on, once for all backups of a folder.

A capture never changes once it is kept. So each is brought there once: as a hard link where that can be, which takes
no room, and outlives that the history has the file removed; else as a copy, which outlives the disk as well.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.store.capture_files import CaptureFiles, sha256_of
from monitor.store.durable import sync
from monitor.store.faults import unwritable
from spiders.captures import NAME

if TYPE_CHECKING:
    from collections.abc import Container, Iterator
    from pathlib import Path

    from monitor.store.backups.copying import Halt
    from monitor.store.database import Database

_BRINGING = ".bringing"
_FILES = "SELECT file, size, sha256 FROM captures WHERE file IS NOT NULL ORDER BY id"


@dataclass(frozen=True, slots=True)
class Brought:
    """How many captures a history relies on, how many were brought now, and which are not there or not as stored."""

    known: int
    brought: int
    missing: tuple[str, ...]


def bring(db: Database, source: Path, to: Path, halt: Halt | None = None) -> Brought:
    """Have the files that a history relies on in the folder `to`, from the folder `source`, each proven.

    What is missing or altered where it comes from is not brought. Raises StorageError if it cannot be written.
    """
    files, place = CaptureFiles(source), CaptureFiles(to)
    known = brought = 0
    missing = []
    folders: set[Path] = set()
    for name, size, digest in db.conn.execute(_FILES):
        known += 1
        if halt is not None:
            halt.check()
        if not NAME.fullmatch(name):
            missing.append(name)
            continue
        target = place.place_of(name)
        try:
            if target.is_file() and not target.is_symlink() and target.stat().st_size == size:
                continue
            found = files.find(name)
            if found is None or found.is_symlink() or not _is_whole(found, size, digest):
                missing.append(name)
                continue
            _bring(found, target)
        except FileNotFoundError:  # the history had it removed at this very moment
            missing.append(name)
            continue
        except OSError as error:
            raise unwritable(target, error) from error
        folders.add(target.parent)
        brought += 1
    for folder in folders:
        try:
            sync(folder)
        except OSError as error:
            raise unwritable(folder, error) from error
    return Brought(known, brought, tuple(missing))


def names_in(db: Database) -> Iterator[str]:
    """The names of the files that a history relies on."""
    return (str(row[0]) for row in db.conn.execute(_FILES))


def drop(folder: Path, kept: Container[str]) -> int:
    """Remove the captures of a folder that are not among these; how many. What is no capture is left alone."""
    gone = 0
    for place, _, names in os.walk(folder):
        for name in names:
            if NAME.fullmatch(name) and name not in kept:
                with suppress(OSError):  # the next rotation removes it
                    os.unlink(os.path.join(place, name))  # noqa: PTH108, PTH118  there may be very many
                    gone += 1
    return gone


def _is_whole(file: Path, size: int, digest: str) -> bool:
    return file.stat().st_size == size and sha256_of(file) == digest


def _bring(found: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(target.name + _BRINGING)
    unfinished.unlink(missing_ok=True)
    try:
        os.link(found, unfinished)
    except OSError:  # another disk, or one that knows no links
        shutil.copyfile(found, unfinished)
        sync(unfinished)
    unfinished.replace(target)
