"""The fuzzing itself, in small: that every kind of input is read, sound ones are among them, and a fault is found."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, seed, settings

from tests.fuzz import markup
from tests.fuzz.targets import TARGETS

ROOT = Path(__file__).parents[2]
SOUND = {
    "rules": {"matched", "nothing"},
    "packs": {"pack"},
    "configuration": {"configuration"},
    "sources": {"feed", "sitemap", "section"},
    "pages": {"article"},
}


def tried(name, examples=150):
    """How so many inputs end; the same each time."""
    strategy, read = TARGETS[name]
    ends = Counter()

    @seed(1)
    @settings(max_examples=examples, database=None, suppress_health_check=list(HealthCheck))
    @given(strategy)
    def one(made):
        ends[read(made)] += 1

    one()
    return ends


@pytest.mark.parametrize("name", TARGETS)
def test_whatever_is_made_up_ends_as_what_it_is_or_as_one_error(name):
    ends = tried(name)
    assert SOUND[name] <= set(ends), "some of it is sound"
    assert set(ends) - SOUND[name], "and some is not"


def test_what_nobody_expects_is_found(monkeypatch):
    def forgetful(body, *given, **how):
        seen = read(body, *given, **how)
        if b"item" in body and not seen.entries:
            raise KeyError("link")
        return seen

    read = markup.read_source
    monkeypatch.setattr(markup, "read_source", forgetful)
    with pytest.raises(KeyError):
        tried("sources", 1000)


def test_a_moment_of_it_finds_nothing():
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", "0.02", "1"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "nothing found" in done.stdout
    assert all(f"{name} " in done.stdout for name in TARGETS)
