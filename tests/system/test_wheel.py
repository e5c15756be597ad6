"""What is installed from a wheel is complete."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.system.wheels import ROOT, build_wheel

DATA = {".yaml", ".html", ".txt", ".xml", ".css", ".jinja", ".j2"}


@pytest.fixture
def wheel(tmp_path):
    """The project's wheel."""
    return build_wheel(tmp_path)


def test_the_wheel_carries_code_packs_catalogue_and_templates(wheel):
    listing = subprocess.run(
        [sys.executable, "-m", "zipfile", "-l", str(wheel)], capture_output=True, text=True, check=True
    ).stdout
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        file.relative_to(ROOT).as_posix()
        for package in ("monitor", "spiders", "rules")
        for file in (ROOT / package).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts and file.suffix != ".pyc"
    }
    assert not wanted - names
    for package in ("monitor/", "spiders/", "rules/"):
        assert any(name.startswith(package) and Path(name).suffix in DATA for name in names)
    for name in ("rules/dprk-russia/pack.yaml", "monitor/cli/__init__.py", "spiders/worker.py"):
        assert name in listing
    assert any(name.endswith("entry_points.txt") for name in names)
    assert not [name for name in names if name.startswith("tests/") or name.endswith((".db", ".log"))]
