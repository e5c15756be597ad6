"""What a crawl worker is started with, and how what it says and how it ends is read."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import spiders

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncIterator, Mapping

COMMAND = (sys.executable, "-P", "-m", "spiders.worker")
_LONGEST_LINE = 64 * 1024 * 1024
# Whole names: a secret may be called HOMESERVER_TOKEN. Python's own variables have no underscore.
_PASSED_ON = re.compile(r"PATH|HOME|LANG|TZ|VIRTUAL_ENV|PYTHON[A-Z]+|LC_\w+|SSL_CERT_(FILE|DIR)")


async def lines(stream: asyncio.StreamReader, *, cut: int | None = None) -> AsyncIterator[bytes]:
    """The lines of a stream. One that never ends is cut, or refused with ValueError.

    `StreamReader.readline` would have to be allowed a buffer as large as the longest line, and would fill it while
    nobody takes what it holds.
    """
    held: list[bytes] = []
    size = 0
    while data := await stream.read(65536):
        *ends, rest = data.split(b"\n")
        for end in ends:
            yield b"".join([*held, end])[:cut]
            held, size = [], 0
        if rest and (cut is None or size < cut):
            held.append(rest)
            size += len(rest)
        if cut is None and size > _LONGEST_LINE:
            raise ValueError("a line without an end")
    if held and cut is not None:
        yield b"".join(held)[:cut]


def environment(ours: Mapping[str, str]) -> dict[str, str]:
    """What a worker may know of our environment: where things are, and no secrets."""
    passed = {name: value for name, value in ours.items() if _PASSED_ON.fullmatch(name)}
    here = str(Path(spiders.__file__).parents[1])
    # A worker must find `spiders` in a checkout as well, whatever the working directory is.
    passed["PYTHONPATH"] = os.pathsep.join(filter(None, (here, ours.get("PYTHONPATH"))))
    # Each arena of glibc reserves 64 MB of the address space, which is limited.
    passed["MALLOC_ARENA_MAX"] = "2"
    return passed


def ending(status: int) -> str:
    """How a child process ended, by its exit status, as the end of a sentence."""
    if status < 0:
        with contextlib.suppress(ValueError):
            return f"it was ended by {signal.Signals(-status).name}"
    return f"it ended with status {status}"
