"""What is installed is what was pinned: each file has a hash, and no other file is taken."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
RUN = {"requirements.txt": ["web"], "requirements-scale.txt": ["web", "scale"]}
_PIN = re.compile(
    r"([\w.-]+)==([\w.]+)(?: ; [^\\]+?)?((?: \\\n    --hash=sha256:[0-9a-f]{64})*)\n(?:    #[^\n]*\n)*"
)


def pins(name):
    """Version and hashes of each pin of a file, in which nothing else stands."""
    text = (ROOT / name).read_text(encoding="utf-8")
    found = list(_PIN.finditer(text))
    assert "".join(pin[0] for pin in found) == text
    return {
        canonicalize_name(pin[1]): (Version(pin[2]), frozenset(re.findall(r"[0-9a-f]{64}", pin[3])))
        for pin in found
    }


@pytest.mark.parametrize("name", ["constraints.txt", *RUN])
def test_every_pin_has_the_hashes_of_its_files_and_no_file_says_where_they_lie(name):
    assert not [package for package, (_, hashes) in pins(name).items() if not hashes]
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"://|^-|index|find-links", re.sub(r"^ +.*$", "", text, flags=re.MULTILINE))
    assert "://" not in text


@pytest.mark.parametrize(
    ("name", "extras"),
    [("constraints.txt", EXTRAS), *RUN.items()],
)
def test_the_pins_are_of_all_that_the_project_names(name, extras):
    found, wanted = pins(name), [one for extra in extras for one in EXTRAS[extra]]
    build = PROJECT["build-system"]["requires"]
    for requirement in map(Requirement, [*PROJECT["project"]["dependencies"], *wanted, *build]):
        version, _ = found[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), requirement


@pytest.mark.parametrize("run", RUN)
def test_what_is_run_is_pinned_as_what_is_tested(run):
    tested = pins("constraints.txt")
    assert all(tested[name] == pin for name, pin in pins(run).items())


def test_a_file_with_another_hash_is_not_installed(tmp_path):
    wheel = tmp_path / "made_up-1.0-py3-none-any.whl"
    wheel.write_bytes(b"what somebody else has put there")
    wanted = tmp_path / "wanted.txt"
    wanted.write_text(f"made-up==1.0 --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "--isolated", "download", "--no-index", "--no-deps"]
    done = subprocess.run(
        [
            *pip,
            "--find-links",
            str(tmp_path),
            "--require-hashes",
            "-r",
            str(wanted),
            "-d",
            str(tmp_path / "d"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "DO NOT MATCH THE HASHES" in done.stderr


def test_installing_takes_nothing_without_a_hash():
    rule = (ROOT / "Makefile").read_text(encoding="utf-8").partition("$(INSTALLED): ")[2].partition("\n\n")[0]
    installs = re.findall(r"\$\(PIP\) (.+)", rule)
    assert installs == ["--require-hashes -r constraints.txt", "--no-deps --no-build-isolation -e ."]
