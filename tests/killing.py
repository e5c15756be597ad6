"""Work in a process of its own, which is killed within it."""

from __future__ import annotations

import os
import signal
import traceback
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable


def in_child(work: Callable[[], object]) -> int:
    """Do the work in a process of its own; return how that process ended: 1 if the work raised anything."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the child needs no other thread
        child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        except BaseException:  # noqa: BLE001  it is the end of this process
            traceback.print_exc()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def killed_at(statement: int, connection: sqlite3.Connection) -> sqlite3.Connection:
    """End this process by SIGKILL when the connection begins its nth statement."""
    left = statement

    def trace(_sql: str) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    connection.set_trace_callback(trace)
    return connection
