"""Where packs lie."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

from monitor.core.errors import RuleError
from monitor.documents import suggestion

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable
    from pathlib import Path

HEAD = "pack.yaml"


def shipped(name: str) -> Traversable | None:
    """The folder of a pack that comes with Tumen, or None."""
    folder = resources.files("rules").joinpath(name)
    return folder if _is_pack(folder) else None


def shipped_names() -> list[str]:
    """The packs that come with Tumen, in alphabetical order."""
    return sorted(item.name for item in resources.files("rules").iterdir() if _is_pack(item))


def find_pack(name: str, beside: Path) -> Traversable:
    """The folder of a pack: a path relative to `beside`, or the name of a shipped one.

    Raises:
        RuleError: if there is neither.
    """
    own = beside / name
    if _is_pack(own):
        return own
    if "/" not in name and (folder := shipped(name)) is not None:
        return folder
    known = shipped_names()
    listed = f"shipped packs: {', '.join(known)}; or give a folder"
    if name and _is_folder(own):
        misnamed = _is_file(own / "pack.yml")
        start = "rename pack.yml" if misnamed else "write one (`tumen packs new` does)"
        raise RuleError(f"there is no {HEAD} in this folder", where=str(own), remedy=f"{start}; {listed}")
    meant = suggestion(name, known)
    raise RuleError(
        f"there is no pack {name}", where=str(own), remedy=f"{meant} {listed}" if meant else listed
    )


def _is_pack(folder: Traversable) -> bool:
    return _is_file(folder.joinpath(HEAD))


def _is_file(file: Traversable) -> bool:
    try:
        return file.is_file()
    except OSError:  # a name too long, or a folder that we may not enter
        return False


def _is_folder(folder: Traversable) -> bool:
    try:
        return folder.is_dir()
    except OSError:
        return False
