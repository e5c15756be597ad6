"""Where a value comes from that does not stand in `tumen.yaml`: a variable, a file, or a credential of systemd.

What is read here is secret. So is what a variable says that should name a file and holds the secret itself: messages
name the variable, never its value.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.core.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

_LARGEST = 64 * 1024  # bytes of a file; an address or a password has a thousandth of it
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")  # what `tumen.yaml` may not hold either


def value_of(name: str, environment: Mapping[str, str], *, where: str) -> str:
    """What `${NAME}` stands for.

    It is the variable NAME, the text of the file that the variable NAME_FILE names, or that of the systemd
    credential NAME (https://systemd.io/CREDENTIALS).

    Raises:
        ConfigError: with `where`, if it is none of them or more than one, or the file cannot be read.
    """
    files: dict[str, Path] = {}
    if path := environment.get(f"{name}_FILE"):
        files[f"the file that {name}_FILE names"] = Path(path)
    folder = environment.get("CREDENTIALS_DIRECTORY")
    if folder and os.path.lexists(credential := Path(folder, name)):
        files[f"the credential {name}"] = credential
    found = [*([f"the variable {name}"] if name in environment else []), *files]
    if not found:
        raise ConfigError(
            f"the environment has no variable {name}",
            where=where,
            remedy=f"set {name}, or {name}_FILE to the path of a file that holds it; for systemd, write "
            f"LoadCredential={name}: and that path into the unit",
        )
    if len(found) > 1:
        raise ConfigError(
            f"{name} is given more than once: by {' and by '.join(found)}",
            where=where,
            remedy="keep one of them",
        )
    for called, file in files.items():
        return read_secret(file, called=called, where=where)
    return environment[name]


def read_secret(file: Path, *, called: str, where: str) -> str:
    """The text of a file, without the newline at its end.

    Args:
        file: its path.
        called: how messages name it.
        where: what needs it.

    Raises:
        ConfigError: it cannot be read, or is no text of at most 64 KiB.
    """

    def refused(says: str) -> ConfigError:
        remedy = "check the path, its permissions, and that the file holds nothing but the secret"
        return ConfigError(f"{called} {says}", where=where, remedy=remedy)

    try:
        with file.open("rb") as opened:
            raw = opened.read(_LARGEST + 1)
    except OSError as problem:
        raise refused(f"cannot be read: {problem.strerror}") from None
    except ValueError:
        raise refused("has a path that no system knows") from None
    if len(raw) > _LARGEST:
        raise refused(f"is larger than {_LARGEST // 1024} KiB")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise refused("is not UTF-8 text") from None
    if _CONTROL.search(text):
        raise refused("holds a control character")
    return text.removesuffix("\n").removesuffix("\r")
