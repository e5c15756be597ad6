"""Does everything that is kept as evidence still hold? Files, their digests, and the seals of all versions."""

from __future__ import annotations

import os
from contextlib import closing, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.store import sealing
from monitor.store.capture_files import SPOOL, CaptureFiles, sha256_of
from monitor.store.captures import Captures
from monitor.store.database import open_reader
from monitor.store.warc import payload_of
from spiders.captures import NAME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.store.captures import CaptureLine, CaptureTotals
    from monitor.store.database import Database
    from monitor.store.sealing import SealedRevision


class FaultKind(StrEnum):
    """What does not hold any more."""

    FILE_MISSING = "file_missing"  # the file of a capture is not there
    FILE_UNREADABLE = "file_unreadable"  # it cannot be read
    FILE_ALTERED = "file_altered"  # it is not the one that was stored
    PAYLOAD_ALTERED = "payload_altered"  # the page in it is not the one that was stored
    FILE_UNKNOWN = "file_unknown"  # no capture of the history belongs to a file
    TEXT_ALTERED = "text_altered"  # title or text of a version are not those that were stored
    CHAIN_BROKEN = "chain_broken"  # a version, or one before it, was exchanged, removed or added


REMEDIES = {
    FaultKind.FILE_MISSING: "put it back from a backup; files are removed by retention only, never by hand",
    FaultKind.FILE_UNREADABLE: "let the user that runs Tumen read it, and look at the disk and the kernel's log",
    FaultKind.FILE_ALTERED: "put it back from a backup, and look at the disk, and at who can write there",
    FaultKind.PAYLOAD_ALTERED: "compare the history with a backup: its row was changed",
    FaultKind.FILE_UNKNOWN: "move it elsewhere: it is of another history, or of one before a backup was restored",
    FaultKind.TEXT_ALTERED: "compare the history with a backup, or an export: somebody changed the text",
    FaultKind.CHAIN_BROKEN: "compare the history with a backup, or an export: which version is another, or gone?",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that does not hold.

    Attributes:
        kind: what.
        where: a file, or a version of an article.
        article: its number, None for a file that belongs to none.
        says: one sentence for a person.
    """

    kind: FaultKind
    where: str
    article: int | None
    says: str

    @property
    def remedy(self) -> str:
        """What to do."""
        return REMEDIES[self.kind]


class Inspection:
    """Looks at all that is kept, one after another; each walk gives a fault, or None for what holds.

    The service may run meanwhile: what it stores or removes while a walk is on its way is no fault.
    """

    def __init__(self, history: Path, folder: Path) -> None:
        self._history = history
        self._files = CaptureFiles(folder)

    def totals(self) -> tuple[CaptureTotals, int]:
        """How many captures and versions there are. Raises StorageError."""
        with closing(open_reader(self._history)) as db:
            return Captures(db).totals(), sealing.count(db)

    def captures(self) -> Iterator[Fault | None]:
        """Whether the file of each capture is there and whole. Raises StorageError."""
        with closing(open_reader(self._history)) as db:
            for line in Captures(db).all():
                yield self._of_capture(db, line) if line.file else None

    def strangers(self) -> Iterator[Fault]:
        """The files that no capture belongs to. Raises StorageError."""
        with closing(open_reader(self._history)) as db:
            known = Captures(db)
            for path in _files(self._files.folder):
                if not known.names([path.name]) and path.exists():
                    where = str(path.relative_to(self._files.folder))
                    yield Fault(
                        FaultKind.FILE_UNKNOWN, where, None, "no capture of the history belongs to it"
                    )

    def revisions(self) -> Iterator[Fault | None]:
        """Whether each version says what it said, and follows the one before. Raises StorageError."""
        with closing(open_reader(self._history)) as db:
            yield from map(of_revision, sealing.seals(db))

    def _of_capture(self, db: Database, line: CaptureLine) -> Fault | None:
        fault = of_file(self._files, line)
        if fault is not None and not Captures(db).names([line.file]):
            return None  # it was removed meanwhile, with its file
        return fault


def of_file(files: CaptureFiles, line: CaptureLine) -> Fault | None:
    """What is wrong with the file of a capture, if anything."""
    found = _wrong(files.find(line.file), line)
    return Fault(found[0], line.file, line.article, found[1]) if found else None


def _wrong(path: Path | None, line: CaptureLine) -> tuple[FaultKind, str] | None:
    missing = (FaultKind.FILE_MISSING, "the file is not there")
    if path is None:
        return missing
    try:
        if (path.stat().st_size, sha256_of(path)) != (line.size, line.sha256):
            return FaultKind.FILE_ALTERED, "its size or SHA-256 is another"
        is_same = payload_of(path) == line.payload
    except FileNotFoundError:
        return missing
    except ValueError as error:
        return FaultKind.FILE_ALTERED, str(error)
    except OSError as error:
        return FaultKind.FILE_UNREADABLE, error.strerror or str(error)
    return None if is_same else (FaultKind.PAYLOAD_ALTERED, "the SHA-256 of its page is another")


def of_revision(one: SealedRevision) -> Fault | None:
    """What is wrong with a version, if anything."""
    where = f"article {one.article}, version {one.number}"
    if not one.says_so:
        return Fault(FaultKind.TEXT_ALTERED, where, one.article, "title or text have another SHA-256")
    if not one.follows:
        return Fault(FaultKind.CHAIN_BROKEN, where, one.article, "its seal is not that of this version")
    return None


def _files(folder: Path) -> Iterator[Path]:
    """The files of captures below a folder, without those of the spool, which come and go."""
    for place, folders, names in os.walk(folder):
        with suppress(ValueError):
            folders.remove(SPOOL)
        yield from (Path(place, name) for name in sorted(names) if NAME.fullmatch(name))
