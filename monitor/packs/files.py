"""The files of a pack, and the version that they make together."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from monitor.core.errors import RuleError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


def yaml_files(folder: Traversable) -> list[Traversable]:
    """The YAML files of a folder by name; none if there is no such folder.

    Raises:
        OSError: if the folder cannot be read.
        RuleError: for a file that its author believes to be read: `.yml`.
    """
    if not folder.is_dir():
        return []
    files = sorted(folder.iterdir(), key=lambda file: file.name)
    for file in files:
        if file.name.endswith(".yml"):
            raise RuleError("ends in .yml, so it would not be read", where=str(file), remedy="name it .yaml")
    return [file for file in files if file.name.endswith(".yaml")]


def pack_files(folder: Traversable) -> list[Traversable]:
    """The files that a pack consists of, in a fixed order. Raises OSError."""
    parts = [folder.joinpath("concepts"), folder.joinpath("rules")]
    return [folder.joinpath("pack.yaml"), *(file for part in parts for file in yaml_files(part))]


def pack_version(folder: Traversable) -> str:
    """The first 12 hexadecimal digits of a SHA-256 of the pack's files. Raises RuleError if one cannot be read."""
    digest = hashlib.sha256()
    try:
        for file in pack_files(folder):
            content = file.read_bytes()
            digest.update(f"{file.name} {len(content)}\n".encode())
            digest.update(content)
    except OSError as problem:
        raise RuleError(
            f"cannot be read: {problem.strerror or problem}",
            where=str(problem.filename or folder),
            remedy="check the path and its permissions",
        ) from None
    return digest.hexdigest()[:12]
