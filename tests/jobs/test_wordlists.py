"""The words that names of packs are held against."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import pytest

from monitor.jobs import wordlists

HAS_LISTS = pytest.mark.skipif(not wordlists.are_installed(), reason="the extra `lab` is not installed")


@HAS_LISTS
def test_words_come_most_common_first_with_their_share():
    lists = wordlists.word_lists(["lv", "ko", "no", "et", "any", "xx"])
    assert set(lists) == {"lv", "ko", "no"}
    for words in lists.values():
        shares = list(words.values())
        assert shares == sorted(shares, reverse=True)
        assert 0 < shares[-1] < shares[0] < 1
        assert len(words) <= 100_000
    assert "러시아" in lists["ko"]


@HAS_LISTS
def test_a_lemma_is_the_word_itself_where_nothing_is_known():
    lemma = wordlists.lemmatiser()
    assert lemma("Koreans", "en").lower() == "korean"
    assert lemma("husene", "no") == "hus"
    assert lemma("군인들", "ko") == "군인들"
    assert lemma("x", "any") == "x"


def test_the_libraries_are_not_loaded_before_they_are_needed():
    code = (
        "import sys, monitor.jobs.wordlists as door; door.are_installed()\n"
        "print(sorted({'wordfreq', 'simplemma'} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "[]"


def test_it_knows_when_they_are_missing(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert wordlists.are_installed() is False
