"""pytest runs the examples of packs, and says why one fails without a traceback."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture
def harbour(tmp_path):
    shutil.copytree(ROOT / "tests" / "system" / "pack", tmp_path / "harbour")
    return tmp_path / "harbour"


def run(folder, *options):
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--rootdir", folder, *options, folder],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout + done.stderr


def test_each_example_is_a_test_with_a_readable_name(harbour):
    code, said = run(harbour, "-v")
    assert code == 0, said
    assert "::harbour must fire [en 1] A strike stops all work in the port of Norwick" in said
    assert "::any rule must not fire [en 1] The port wine" in said
    assert "3 passed" in said


def test_a_failure_says_where_and_why_without_a_traceback(harbour):
    rules = harbour / "rules" / "harbour.yaml"
    rules.write_text(
        rules.read_text().replace("A strike stops all", "All", 1).replace("in Hull", "in Norwick harbour")
    )
    code, said = run(harbour)
    assert code == 1
    line = next(n for n, text in enumerate(rules.read_text().splitlines(), 1) if "All work" in text)
    assert f"{rules}:{line}:" in said
    assert "nothing of strike" in said
    assert "harbour: fires by " in said
    assert "Traceback" not in said
    assert ".py" not in said


def test_a_broken_pack_is_one_error_with_its_place(harbour):
    (harbour / "pack.yaml").write_text("name: harbour\nlabel: {de: Hafen}\n")
    code, said = run(harbour)
    assert code == 2
    assert "pack.yaml:2:" in said
    assert "English" in said
    assert "Traceback" not in said


def test_nothing_of_tumen_is_loaded_until_a_pack_is_met(tmp_path):
    (tmp_path / "test_it.py").write_text(
        "import sys\n\n"
        "def test_it():\n"
        "    loaded = {name for name in sys.modules if name.partition('.')[0] in ('monitor', 'spiders')}\n"
        "    assert loaded <= {'monitor', 'monitor.pytest_plugin'}\n"
        "    assert 'ahocorasick_rs' not in sys.modules\n"
    )
    (tmp_path / "pack.yaml").write_text("no pack: there is no folder rules beside it\n")
    code, said = run(tmp_path)
    assert code == 0, said
    assert "1 passed" in said
