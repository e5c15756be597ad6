"""The files of captures: one web archive (WARC) for each page that is kept, in folders by month.

    FOLDER/2026/11/20261126T071203Z-8f….warc.gz    what the history relies on
    FOLDER/spool/                                  what a row is being made for, or taken away

A worker leaves a file in the spool. If its article is kept, the file is made durable there, its row is stored, and
only then it is moved to its month. So each file outside of the spool has a row, whatever is interrupted; and for one
in the spool the rows tell whether it is to be put into place or removed. What is removed goes the same way back.
"""

from __future__ import annotations

import hashlib
import logging
import os
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.store.captures import Captures
from monitor.store.durable import sync
from spiders.captures import NAME, UNFINISHED, CaptureFault, fault_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from monitor.store.database import Database
    from spiders.captures import Capture

_log = logging.getLogger("tumen.captures")
SPOOL = "spool"


class CaptureFiles:
    """Keeps, finds and removes the files of captures. Faults of the disk are said or logged, and never raised.

    Args:
        folder: where they lie; it is made when the first one is kept.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.spool = folder / SPOOL
        self._held: set[str] = set()  # files of the spool that a row is being made for

    def find(self, name: str) -> Path | None:
        """The file of a capture, None if it is not there. While its row is young it may still be in the spool."""
        if not NAME.fullmatch(name):
            return None
        places = (self.place_of(name), self.spool / name, self.place_of(name))
        return next((path for path in places if path.is_file()), None)

    def place_of(self, name: str) -> Path:
        """Where the file of a capture belongs. Raises ValueError for what is no name of one."""
        match = NAME.fullmatch(name)
        if match is None:
            raise ValueError(f"no name of a capture: {name!r}")
        return self.folder / match[1] / match[2] / name

    def prepare(self, db: Database) -> None:
        """Make the spool, and tidy up what the last run left there. No worker may be at work."""
        try:
            self.spool.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            _log.warning("pages cannot be captured: %s: %s", self.spool, error.strerror or error)
            return
        self.settle(db, self._waiting())

    def hold(self, capture: Capture) -> Capture:
        """Make the file of a capture durable, before its row is stored; with the fault if that cannot be done."""
        if capture.fault is not None:
            return capture
        path = self.spool / capture.name
        try:
            self.place_of(capture.name)  # a worker that was taken over may name anything
            sync(path)
            if (path.stat().st_size, sha256_of(path)) != (capture.size, capture.sha256):
                return _failed(capture, CaptureFault.ALTERED, "its file is not the one that was reported")
            sync(self.spool)
        except FileNotFoundError:
            return _failed(capture, CaptureFault.LOST, "its file is gone")
        except ValueError as error:
            return _failed(capture, CaptureFault.ALTERED, str(error))
        except OSError as error:
            return _failed(capture, fault_of(error), error.strerror or str(error))
        self._held.add(capture.name)
        return capture

    def place(self, name: str) -> bool:
        """Move a file to its month, after its row is stored. If that fails, it stays in the spool until `settle`."""
        path = self.place_of(name)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            (self.spool / name).replace(path)
            sync(path.parent)
        except OSError as error:
            _log.warning("%s stays in the spool: %s", name, error.strerror or error)
            return False
        self._held.discard(name)
        return True

    def release(self, name: str) -> None:
        """Have a file that was held dropped: no row was stored for it."""
        self._held.discard(name)
        self.drop(name)

    def drop(self, name: str) -> None:
        """Remove a file of the spool that nobody keeps; one that is held stays."""
        if name not in self._held and NAME.fullmatch(name):
            with suppress(OSError):  # it is tidied up later
                (self.spool / name).unlink(missing_ok=True)

    def settle(self, db: Database, names: Iterable[str]) -> None:
        """Put files of the spool into place if the history relies on them, else remove them. Raises StorageError."""
        found = tuple(names)
        known = Captures(db).names(found)
        for name in found:
            if name not in known:
                self.release(name)
                with suppress(OSError):
                    self.place_of(name).unlink(missing_ok=True)
            elif (self.spool / name).exists():
                self.place(name)

    def tidy(self, db: Database, older_than: float) -> None:
        """Settle what was left in the spool before a time (seconds since 1970), by workers that died most of all."""
        with suppress(OSError):  # it may have been gone, with the disk that it lies on
            self.spool.mkdir(parents=True, exist_ok=True)
        self.settle(db, self._waiting(older_than))

    @contextmanager
    def removing(self, db: Database, articles: Iterable[int]) -> Iterator[tuple[str, ...]]:
        """Take the files of articles out of their place while a transaction within this block deletes their rows.

        At the end those are gone whose rows are, and the others are in their place again, whatever was raised. The
        names of the files are given.

        Raises:
            StorageError: the history cannot be read.
        """
        names = Captures(db).files_of(articles)
        for name in names:
            with suppress(
                OSError
            ):  # a file that is gone is gone; one that cannot be moved is removed where it is
                self.spool.mkdir(parents=True, exist_ok=True)
                self.place_of(name).replace(self.spool / name)
        try:
            yield names
        finally:
            self.settle(db, names)

    def _waiting(self, older_than: float | None = None) -> Iterator[str]:
        """The files of the spool; what a worker did not finish writing is removed."""
        with suppress(OSError), os.scandir(self.spool) as entries:
            for entry in entries:
                if older_than is not None and entry.stat().st_mtime >= older_than:
                    continue
                if NAME.fullmatch(entry.name):
                    yield entry.name
                elif entry.name.endswith(UNFINISHED):
                    Path(entry.path).unlink(missing_ok=True)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _failed(capture: Capture, fault: CaptureFault, detail: str) -> Capture:
    return replace(capture, name="", size=0, sha256="", fault=fault, detail=detail)
