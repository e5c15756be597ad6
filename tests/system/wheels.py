"""The project's wheel, built apart from the checkout, and environments that hold it, without a network."""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def build_wheel(folder: Path) -> Path:
    """Build it in the folder; the test is skipped where there is no builder."""
    source = folder / "source"
    ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
    for name in ("monitor", "spiders", "rules"):
        shutil.copytree(ROOT / name, source / name, ignore=ignored)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    out = folder / "dist"
    if find_spec("hatchling"):
        pip = [sys.executable, "-m", "pip", "wheel"]
        command = [*pip, ".", "--no-deps", "--no-build-isolation", "-w", str(out)]
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


def install(wheel: Path, folder: Path) -> Path:
    """Make an environment with the wheel in it; its commands. What it depends on is that of the tests' own Python."""
    venv.create(folder, symlinks=True)
    python = folder / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python)]
    subprocess.run([*pip, "install", "--quiet", "--no-deps", "--no-index", str(wheel)], check=True)
    (packages,) = folder.glob("lib/*/site-packages")
    here = [each for each in sys.path if Path(each).name in {"site-packages", "dist-packages"}]
    (packages / "tests.pth").write_text("\n".join(here), encoding="utf-8")
    return folder / "bin"
