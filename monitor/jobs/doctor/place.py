"""Where the history lies: the file system, the room there, and who may read and write what."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.core.checkup import ok, problem, warning
from monitor.core.checkup.machine import judge_file_system, judge_space

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from monitor.core.checkup import Finding

_ESCAPES = {"\\040": " ", "\\011": "\t", "\\012": "\n", "\\134": "\\"}
_OTHERS_READ, _OTHERS_WRITE = stat.S_IROTH, stat.S_IWOTH | stat.S_IWGRP


def file_system(folder: Path, mounts: Path = Path("/proc/self/mountinfo")) -> Iterator[Finding]:
    """Of which kind the one of this folder is."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        yield ok("file system", "this system does not say of which kind it is", str(folder))
        return
    there = folder.resolve()
    best: tuple[int, str, list[str]] | None = None
    for line in lines:
        left, _, right = line.partition(" - ")
        mount, options, kind = Path(_plain(left.split()[4])), left.split()[5], right.split()[0]
        if there.is_relative_to(mount) and (best is None or len(mount.parts) >= best[0]):
            best = (len(mount.parts), kind, options.split(","))
    if best is not None:
        yield judge_file_system(best[1], best[2], str(folder))


def space(history: Path) -> Iterator[Finding]:
    """Whether there is room for more."""
    found = os.statvfs(history.parent)
    size = history.stat().st_size if history.exists() else 0
    files = found.f_favail if found.f_files else None
    yield judge_space(found.f_bavail * found.f_frsize, size, files, str(history.parent))


def permissions(history: Path, socket: Path, captures: Path, secrets: Iterable[Path]) -> Iterator[Finding]:
    """Whether Tumen may do there what it must, and others may not what they should not.

    Args:
        history: the file.
        socket: by which commands reach the service; whoever may use it may do all that the service does.
        captures: the folder of pages as they were fetched.
        secrets: files that hold some.
    """
    found = [*_own(history, captures), *_strange(history, socket), *_readable(secrets)]
    yield from found or [ok("permissions", "only who should can read secrets and write", str(history.parent))]


def _own(history: Path, captures: Path) -> Iterator[Finding]:
    """What we must write."""
    for path in (history.parent, *_beside(history), captures):
        if path.exists() and not os.access(path, os.W_OK):
            says = f"this user ({os.geteuid()}) may not write it; it belongs to user {path.stat().st_uid}"
            remedy = "run this as the user that runs Tumen; if you do, let it write there: chown, chmod"
            yield problem("permissions", says, str(path), remedy=remedy)


def _strange(history: Path, socket: Path) -> Iterator[Finding]:
    """What others may write."""
    for path in (history.parent, *_beside(history), socket):
        if not path.exists():
            continue
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode) and mode & stat.S_ISVTX:
            continue  # each may remove only what is theirs
        if mode & (_OTHERS_WRITE | (0o077 if stat.S_ISSOCK(mode) else 0)):
            says = f"others may write it ({stat.filemode(mode)})"
            yield warning("permissions", says, str(path), remedy=f"chmod go-w {path}")


def _readable(secrets: Iterable[Path]) -> Iterator[Finding]:
    for path in secrets:
        if path.exists() and path.stat().st_mode & _OTHERS_READ:
            says = (
                f"everybody on this machine may read the secrets in it ({stat.filemode(path.stat().st_mode)})"
            )
            yield problem("permissions", says, str(path), remedy=f"chmod o= {path}")


def _beside(history: Path) -> tuple[Path, ...]:
    return tuple(history.with_name(history.name + end) for end in ("", "-wal", "-shm", ".lock"))


def _plain(path: str) -> str:
    for written, meant in _ESCAPES.items():
        path = path.replace(written, meant)
    return path
