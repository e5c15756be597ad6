"""Tumen as its users have it: the wheel and the pinned packages of a service, none of those for developers."""

from __future__ import annotations

import subprocess
import sys
import venv
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.bench.peers.environments import PLACE
from tests.bench.processes import ROOT

if TYPE_CHECKING:
    from pathlib import Path

_HOME = PLACE / "tumen"
_PINS = ROOT / "requirements.txt"
_MARK = _HOME / "requirements.txt"


def install() -> Path:
    """The program `tumen` of this checkout, in an environment of its own. Raises CalledProcessError."""
    python = _HOME / "bin" / "python"
    if not _MARK.is_file() or _MARK.read_bytes() != _PINS.read_bytes():
        venv.create(_HOME, clear=True, with_pip=True)
        _pip(python, "install", "--require-hashes", "-r", str(_PINS))
        _MARK.write_bytes(_PINS.read_bytes())
    with TemporaryDirectory() as folder:
        # The build's own packages are those of this environment, so that nothing comes from elsewhere.
        _pip(sys.executable, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, str(ROOT))
        _pip(
            python, "install", "--no-deps", "--force-reinstall", "--no-index", "--find-links", folder, "tumen"
        )
    return python.with_name("tumen")


def _pip(python: str | Path, *command: str) -> None:
    subprocess.run([python, "-m", "pip", "--quiet", "--disable-pip-version-check", *command], check=True)
