"""The log of a history, in which what was written stands until SQLite has brought it into the file.

SQLite begins the log anew when it meets a moment at which nobody reads from it. Among several readers there is hardly
such a moment, so whoever writes makes one when the log has become long: the next change waits for a short time, in
which those who read something older come to their end, while those who begin no longer need the log. The longer the
log, the longer the wait.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LONG = 16 * 2**20
"""Bytes beyond which the log is begun anew."""
_STEP = 2**20  # bytes by which it grows before that is tried once more
_PATIENCE = 50  # milliseconds of the first wait; each further step waits so much longer
_MOST_PATIENCE = 1000  # milliseconds: the service's loop stands still meanwhile


class Log:
    """The log beside a file; a history in memory, which has no path, has none."""

    def __init__(self, path: Path | None) -> None:
        self._file = None if path is None else f"{path}-wal"
        self._next = LONG

    def size(self) -> int:
        """Bytes of it on the disk."""
        if self._file is not None:
            with suppress(OSError):  # nothing was written since the history was opened
                return os.stat(self._file).st_size  # noqa: PTH116  after each change: a path costs more than the look
        return 0

    def shorten(self, connection: sqlite3.Connection) -> None:
        """Begin it anew if it is long and its readers let go of it soon; for between two changes.

        What fails here fails no change: it is tried again when the log has grown by another step.
        """
        size = self.size()
        if size < self._next:
            return
        self._next = size + _STEP
        with suppress(sqlite3.Error), _waiting(connection, patience(size)):
            (is_busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if not is_busy:
                self._next = LONG


def patience(size: int) -> int:
    """How many milliseconds the readers of a log of so many bytes are waited for. Pure."""
    return min(_MOST_PATIENCE, _PATIENCE * (1 + (size - LONG) // _STEP))


@contextmanager
def _waiting(connection: sqlite3.Connection, milliseconds: int) -> Iterator[None]:
    """Have the connection wait for others so long, not as long as it does otherwise."""
    (before,) = connection.execute("PRAGMA busy_timeout").fetchone()
    connection.execute(f"PRAGMA busy_timeout = {milliseconds:d}")
    try:
        yield
    finally:
        connection.execute(f"PRAGMA busy_timeout = {before:d}")
