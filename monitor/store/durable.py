"""What was written stays written when the power fails, and is read by nobody who may not read the history."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def like(mode: int) -> Callable[[str, int], int]:
    """An opener for `open` that gives a new file the rights of another one of this mode, or fewer."""
    return lambda place, flags: os.open(place, flags | os.O_CLOEXEC, mode & 0o666)


def create_like(place: Path, other: Path) -> None:
    """Make an empty file with the rights of another one, or fewer. Raises OSError."""
    open(place, "xb", opener=like(other.stat().st_mode)).close()


def sync(place: Path) -> None:
    """Have the content of a file, or which files a folder holds, on the disk before this returns. Raises OSError."""
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
