"""Starting a pack: a small one that works, in a folder of its own, for a person to make theirs."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

from monitor.core.errors import InputError, StorageError
from monitor.packs.declared import is_name
from monitor.packs.finding import shipped

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_FILES = ("pack.yaml", "concepts/names.yaml", "rules/rules.yaml")
_EXAMPLE = "my-topic"  # what the template calls itself


def check_new(name: str) -> None:
    """Whether a new pack may be called this. Raises InputError."""
    if not is_name(name):
        raise InputError(
            f"{name!r} is no name for a pack",
            remedy="use small letters, digits, - and _, and begin with a letter",
        )
    if shipped(name) is not None:
        raise InputError(f"a pack named {name} comes with Tumen", remedy="choose another name")


def start_pack(name: str, folder: Path, schemas: Mapping[str, str]) -> tuple[Path, ...]:
    """Write the files of a new pack.

    Args:
        name: what configuration and history will call it.
        folder: where; it must not exist.
        schemas: JSON Schemas by the name of their file, for editors; they go to `.schema` in the folder.

    Returns:
        The files that a person edits.

    Raises:
        InputError: if the name is none, or there is something in the way.
        StorageError: if the files cannot be written.
    """
    check_new(name)
    try:
        folder.mkdir(parents=True)
        for file, text in schemas.items():
            _write(folder / ".schema" / file, text)
        template = resources.files("monitor.packs").joinpath("template")
        for file in _FILES:
            text = template.joinpath(file).read_text(encoding="utf-8")
            _write(folder / file, text.replace(f"name: {_EXAMPLE}\n", f"name: {name}\n"))
    except FileExistsError:
        raise InputError(
            "is there already", where=str(folder), remedy="choose another name or --folder"
        ) from None
    except OSError as problem:
        raise StorageError(
            f"cannot be written: {problem.strerror or problem}",
            where=str(problem.filename or folder),
            remedy="choose another --folder, or check its permissions",
        ) from None
    return tuple(folder / file for file in _FILES)


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
