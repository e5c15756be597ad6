"""Copying a history while it is written.

The connection that writes is the one that copies, some pages at a time, and what it changes meanwhile goes into the
copy as well. So there is no second connection that could disturb the log (SQLite up to 3.51.2 may lose what is in it
when two write or checkpoint), no reader that would have the log grow, and nobody has to begin anew.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING

from monitor.core.errors import MonitorError, StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

_PAGES = 128  # copied in one go, while nobody writes: about a millisecond
_BREATH = 0.002  # seconds between two goes, in which others have their turn
_MOST = 50  # times that it may begin anew: SQLite does so when a change is undone meanwhile


class Stopped(MonitorError):
    """The service ends before its backup was made."""


class Halt:
    """Lets somebody else stop what a thread does to a database."""

    def __init__(self) -> None:
        self._asked = False
        self._connection: sqlite3.Connection | None = None

    def ask(self) -> None:
        """Have it stop soon."""
        self._asked = True
        connection = self._connection
        if connection is not None:
            with suppress(sqlite3.ProgrammingError):  # its thread has just closed it
                connection.interrupt()

    def check(self) -> None:
        """Raise Stopped if it was asked for."""
        if self._asked:
            raise Stopped(
                "the backup was not finished: the service ends", remedy="the next one is made when it runs"
            )

    @contextmanager
    def of(self, connection: sqlite3.Connection) -> Iterator[None]:
        """Interrupt this connection, which belongs to the one who can be stopped, when it is asked for."""
        self._connection = connection
        try:
            self.check()
            yield
        except sqlite3.OperationalError:
            self.check()
            raise
        finally:
            self._connection = None


def wrong(connection: sqlite3.Connection) -> tuple[str, ...]:
    """What SQLite finds wrong with pages, rows and references; reads all of them. Raises sqlite3.Error."""
    found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(3)") if row[0] != "ok"]
    broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    return (
        *found,
        *((f"a row of {broken[0]} names a row of {broken[2]} that is not there",) if broken else ()),
    )


def copy(
    source: sqlite3.Connection,
    to: Path,
    *,
    turn: AbstractContextManager[object] | None = None,
    halt: Halt | None = None,
) -> None:
    """Write what a database holds into the file `to`: one file without a log, in the state of the end of this call.

    Args:
        source: the connection that writes it, or the only one.
        to: the file; what it holds is overwritten.
        turn: a lock that is held while pages are copied, and by whoever changes something.
        halt: lets somebody stop it.

    Raises:
        sqlite3.Error, StorageError: it cannot be read or written.
        Stopped: it was asked for.
    """
    goes = 0

    def breathe(_status: int, _remaining: int, total: int) -> None:
        nonlocal goes
        goes += 1
        if goes > _MOST * (total // _PAGES + 1):
            raise StorageError("changes were undone again and again while it was copied", where=str(to))
        if halt is not None:
            halt.check()
        if turn is not None:
            turn.__exit__(None, None, None)
            time.sleep(_BREATH)
            turn.__enter__()

    with closing(sqlite3.connect(to, isolation_level=None)) as target:
        # Half a copy is worth nothing, and a whole one is brought to the disk when it was proven.
        target.execute("PRAGMA journal_mode = OFF")
        target.execute("PRAGMA synchronous = OFF")
        if turn is None:
            source.backup(target, pages=_PAGES, progress=breathe)
        else:
            with turn:
                source.backup(target, pages=_PAGES, progress=breathe)
        target.execute("PRAGMA journal_mode = DELETE")
