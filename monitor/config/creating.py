"""New files, all of them or none: whatever goes wrong on the way, an interruption included, nothing stays behind."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from monitor.core.errors import InputError, StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_OPEN, _SECRET = 0o644, 0o600


class Creation:
    """What has been made so far."""

    def __init__(self) -> None:
        self.made: list[Path] = []
        self._folders: set[Path] = set()

    @property
    def files(self) -> tuple[Path, ...]:
        """What a person may want to look at: the files, and the folders of others."""
        return tuple(path for path in self.made if path not in self._folders)

    def folder(self, folder: Path) -> None:
        """Make a folder and those above it; one that is there already stays as it is."""
        missing = [each for each in (folder, *folder.parents) if not each.exists()]
        for each in reversed(missing):
            each.mkdir()
            self.made.append(each)
            self._folders.add(each)

    def file(self, file: Path, text: str, *, secret: bool = False, public: bool = False) -> None:
        """Write a new file; a `secret` one can be read by its owner only, a `public` one by everybody."""
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _SECRET if secret else _OPEN)
        self.made.append(file)
        with os.fdopen(handle, "w", encoding="utf-8") as opened:
            if public:
                os.fchmod(handle, _OPEN)  # whatever the mask says
            opened.write(text)

    def take(self, folder: Path) -> None:
        """A folder that somebody else has just made, with all that is in it, belongs to it too."""
        self.made.append(folder)

    def undo(self) -> None:
        """Remove what was made, the latest first."""
        for path in reversed(self.made):
            with suppress(OSError):
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink()


@contextmanager
def creating() -> Iterator[Creation]:
    """Make files within the block; they stay if it ends well.

    Raises:
        InputError: one is there already.
        StorageError: one cannot be written.
    """
    creation = Creation()
    try:
        yield creation
    except BaseException as problem:
        creation.undo()
        if isinstance(problem, FileExistsError):
            raise taken(problem.filename) from None
        if isinstance(problem, OSError):
            raise StorageError(
                f"cannot be written: {problem.strerror or problem}",
                where=str(problem.filename or ""),
                remedy="choose another folder, or check its permissions",
            ) from None
        raise


def taken(path: object) -> InputError:
    """Something stands where a file should go: it is never overwritten."""
    return InputError(
        "is there already, and is not overwritten",
        where=str(path),
        remedy="choose another folder, or edit what is there",
    )
