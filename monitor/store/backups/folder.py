"""The folder of a history's backups: which are there, and how one comes to its place or goes.

    FOLDER/tumen-20261125T063000Z.db         a backup that was proven, named after the history and the time (UTC)
    FOLDER/tumen-20261125T063000Z.db.making  one that is being made
    FOLDER/captures/2026/11/….warc.gz        the captures that these backups rely on

Whatever bears another name, and whatever is no plain file, is somebody else's and is left alone.
"""

from __future__ import annotations

import re
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from monitor.core.errors import StorageError
from monitor.core.retention import size_text
from monitor.store.durable import sync
from monitor.store.faults import unwritable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CAPTURES = "captures"
_MAKING = ".making"
_TIME = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that is there: its file, when it was made (UTC, to the second), and its bytes."""

    path: Path
    at: datetime
    size: int


class BackupFolder:
    """The backups of a history in a folder.

    Args:
        folder: where they lie; it is made with the first one.
        history: the path of the history, after which they are named.
    """

    def __init__(self, folder: Path, history: Path) -> None:
        self.folder = folder
        self.captures = folder / CAPTURES
        self._stem = history.name.removesuffix(".db")
        self._shape = re.compile(
            rf"{re.escape(self._stem)}-(\d{{8}}T\d{{6}}Z)\.db({re.escape(_MAKING)})?", re.ASCII
        )

    def backups(self) -> tuple[Backup, ...]:
        """Those that are there, the oldest first; none if the folder cannot be read."""
        found = (Backup(path, at, path.lstat().st_size) for path, at, is_made in self._own() if is_made)
        with suppress(OSError):  # it was never made, or its disk is gone
            return tuple(sorted(found, key=lambda backup: backup.at))
        return ()

    def relying(self) -> tuple[Path, ...]:
        """The files that may rely on captures here: backups, also of other histories or renamed. Raises OSError."""
        found = (path for path in self.folder.iterdir() if path.suffix == ".db" and path.is_file())
        # A history that is in use is no backup: nobody but its writer may touch its file, and its log belongs to it.
        return tuple(path for path in found if not path.with_name(path.name + ".lock").exists())

    def last(self, now: datetime) -> datetime | None:
        """When the newest was made that is not of a time to come, None if there is none."""
        return max((backup.at for backup in self.backups() if backup.at <= now), default=None)

    def begin(self, now: datetime, wanted: int) -> Path:
        """The file to make a backup in, on a disk with so many bytes free. What a killed run left is removed.

        Raises:
            StorageError: the folder cannot be written, there is no room, or a backup of this second is there.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            for path, _, is_made in tuple(self._own()):
                if not is_made:
                    path.unlink()
            free = shutil.disk_usage(self.folder).free
            place = self._place(now)
            is_taken = place.is_symlink() or place.exists()
        except OSError as error:
            raise unwritable(self.folder, error) from error
        if is_taken:
            raise StorageError("there is a backup of this very second", where=str(place), remedy="try again")
        if free < wanted:
            raise StorageError(
                f"there is no room for a backup: {size_text(wanted)} are needed, {size_text(free)} are free",
                where=str(self.folder),
                remedy="free some space, keep fewer backups, or give `backup: folder` another disk",
            )
        return place.with_name(place.name + _MAKING)

    def place(self, made: Path) -> Path:
        """Give a file that `begin` named its name, once it was proven and is on the disk. Raises StorageError."""
        place = made.with_name(made.name.removesuffix(_MAKING))
        try:
            sync(made)
            made.rename(place)
            sync(self.folder)
        except OSError as error:
            raise unwritable(place, error) from error
        return place

    def remove(self, backup: Backup) -> bool:
        """Remove a backup; whether that could be done."""
        try:
            backup.path.unlink()
        except OSError:
            return False
        return True

    def _place(self, at: datetime) -> Path:
        return self.folder / f"{self._stem}-{at.astimezone(UTC):{_TIME}}.db"

    def _own(self) -> Iterator[tuple[Path, datetime, bool]]:
        """What is ours: file, time, and whether it is a backup by now. Raises OSError."""
        for path in self.folder.iterdir():
            match = self._shape.fullmatch(path.name)
            if match is None or path.is_symlink() or not path.is_file():
                continue
            with suppress(ValueError):  # the 99th of a month is no time of ours
                yield path, datetime.strptime(match[1], _TIME).replace(tzinfo=UTC), match[2] is None
