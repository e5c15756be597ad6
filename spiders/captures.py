"""Captures: pages as they were fetched. The values that say what was captured, and how it is to be done.

Like `spiders.items`, this imports nothing that the parent process must not load.
"""

from __future__ import annotations

import errno
import re
from dataclasses import dataclass
from datetime import datetime  # noqa: TC003  the JSON codec reads the annotations at run time
from enum import StrEnum

# What a file of a capture is called: when its page was asked for, and chance. Nothing of it comes from the page.
NAME = re.compile(r"(\d{4})(\d{2})\d{2}T\d{6}Z-[0-9a-f]{32}\.warc\.gz", re.ASCII)

UNFINISHED = ".part"  # how a file ends while a worker writes it


class CaptureFault(StrEnum):
    """Why a page could not be captured. It is read, matched and told all the same."""

    DISK_FULL = "disk_full"  # there is no room, or only what is left for the history
    UNWRITABLE = "unwritable"  # its file cannot be written
    LOST = "lost"  # its file was gone when it was to be kept
    ALTERED = "altered"  # its file was not the one that the worker wrote
    BUG = "bug"  # the fault is in Tumen; see the log


@dataclass(frozen=True, slots=True)
class Capture:
    """One page as it was fetched, in a file of the spool; or why there is none.

    Attributes:
        at: when the page was asked for, in UTC.
        name: of the file, see `NAME`; empty if there is none.
        size: bytes of the file.
        sha256: of the file, hexadecimal.
        payload: SHA-256 of the page's body as it was received, hexadecimal.
        fault: why there is no file.
        detail: one sentence about that for a person.
    """

    at: datetime
    name: str = ""
    size: int = 0
    sha256: str = ""
    payload: str = ""
    fault: CaptureFault | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class CaptureOptions:
    """How pages are captured.

    Attributes:
        spool: the folder in which a worker leaves its files until the parent keeps or drops them.
        level: how hard they are compressed, 1 to 9.
        reserve: bytes that stay free on the disk, so that captures never take the room of the history.
    """

    spool: str
    level: int = 1
    reserve: int = 64 * 1024 * 1024


def fault_of(error: OSError) -> CaptureFault:
    """What an error of the disk means for a capture."""
    full = error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
    return CaptureFault.DISK_FULL if full else CaptureFault.UNWRITABLE
