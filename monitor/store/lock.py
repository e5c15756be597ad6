"""One writer: the lock that a process holds while it may write a history."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import TYPE_CHECKING, Self

from monitor.core.errors import AlreadyRunning
from monitor.store.faults import unwritable

if TYPE_CHECKING:
    from types import TracebackType


def holder(path: Path) -> int | None:
    """The process that may write this history now, None if none does; the lock itself is left alone.

    The kernel is asked, where it says who holds what (Linux); elsewhere, the process that the file names counts.
    """
    file = path.with_name(path.name + ".lock")
    try:
        found = file.stat()
        named = int(file.read_text(encoding="ascii").strip() or 0)
    except (OSError, ValueError):
        return None
    try:
        held = Path("/proc/locks").read_text(encoding="ascii").splitlines()
    except OSError:
        return named if named and Path(f"/proc/{named}").exists() else None
    inode = f"{os.major(found.st_dev):02x}:{os.minor(found.st_dev):02x}:{found.st_ino}"
    for line in held:
        _, kind, _, _, pid, place, *_ = line.replace("-> ", "").split()
        if kind == "FLOCK" and place == inode:
            return int(pid)
    return None


class WriterLock:
    """Held by the one process that writes a history: a lock on PATH.lock.

    The kernel releases it when the process ends, however it ends. The file stays: removing it would let two
    processes lock two different files of the same name.
    """

    def __init__(self, path: Path) -> None:
        self._path = path.with_name(path.name + ".lock")
        self._file: int | None = None

    def __enter__(self) -> Self:
        """Take the lock.

        Raises:
            AlreadyRunning: another process holds it.
            StorageError: the lock file cannot be written.
        """
        try:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise unwritable(self._path, error) from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(file, 32, 0).decode("ascii", "replace").strip() or "unknown"
            os.close(file)
            raise AlreadyRunning(
                f"another Tumen (process {holder}) is writing this history",
                where=str(self._path),
                remedy="stop it first, or give this one another database",
            ) from None
        except OSError as error:
            os.close(file)
            raise unwritable(self._path, error) from error
        os.ftruncate(file, 0)
        os.pwrite(file, f"{os.getpid()}\n".encode(), 0)
        self._file = file
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Release the lock."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
