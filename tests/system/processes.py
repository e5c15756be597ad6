"""Processes of a test, found by a mark in their environment that they hand down to their children."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# Crawl workers get little of their parent's environment; settings of the locale are among it.
VARIABLE = "LC_TUMEN_TEST"


def marked(mark: str) -> dict[int, str]:
    """The processes that bear the mark: command lines by process id. What only waits to be buried has none."""
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                if f"{VARIABLE}={mark}\0".encode() in (folder / "environ").read_bytes():
                    command = (folder / "cmdline").read_bytes().replace(b"\0", b" ")
                    found[int(folder.name)] = command.decode(errors="replace")
    return found


def end(pids: dict[int, str]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def wait_until(condition: Callable[[], object], seconds: float, what: str = "") -> None:
    """Wait for something that another process or thread brings about."""
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, f"not within {seconds:g} s: {what or condition}"
        time.sleep(0.03)


def are_gone(mark: str, seconds: float = 10.0) -> bool:
    """Whether nothing bears the mark any more, at the latest after this time.

    A worker at work ends with its parent at once; one that is just starting has its libraries to load first.
    """
    with suppress(AssertionError):
        wait_until(lambda: not marked(mark), seconds)
    return not marked(mark)
