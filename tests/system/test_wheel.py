"""What is installed from a wheel is complete."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DATA = {".yaml", ".html", ".txt", ".xml", ".css", ".jinja", ".j2"}


@pytest.fixture
def wheel(tmp_path):
    """The project's wheel, built apart from the checkout."""
    source = tmp_path / "source"
    ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
    for name in ("monitor", "spiders", "rules"):
        shutil.copytree(ROOT / name, source / name, ignore=ignored)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    out = tmp_path / "dist"
    if find_spec("hatchling"):
        command = [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            ".",
            "--no-deps",
            "--no-build-isolation",
            "-w",
            str(out),
        ]
    elif uv := shutil.which("uv", path=f"{Path(sys.executable).parent}") or shutil.which("uv"):
        command = [uv, "build", "--wheel", "--out-dir", str(out), "."]
    else:
        pytest.skip("no build backend: neither hatchling nor uv is installed")
    done = subprocess.run(command, cwd=source, capture_output=True, text=True, timeout=100, check=False)
    if done.returncode and "hatchling" in done.stderr and not find_spec("hatchling"):
        pytest.skip(f"the build backend cannot be had here: {done.stderr.strip().splitlines()[-1]}")
    assert done.returncode == 0, done.stderr
    (built,) = out.glob("*.whl")
    return built


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
