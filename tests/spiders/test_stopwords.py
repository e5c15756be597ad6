"""jusText's words in little memory: the same answers, and nobody notices."""

from __future__ import annotations

import gc
import tracemalloc

import pytest
from justext import core
from justext.utils import get_stoplist, get_stoplists
from lxml.html import fromstring
from trafilatura import external

from spiders import body
from spiders.stopwords import Stopwords, slim

SENTENCE = (
    "The ministers of the three countries met in the capital and agreed upon what is to be done about it."
)
PAGE = f"<html><body><div>Menu</div><p>{SENTENCE * 3}</p><p>Sports</p></body></html>"


@pytest.fixture
def words():
    return frozenset(word for language in get_stoplists() for word in get_stoplist(language))


def test_it_holds_all_words_and_no_other(words):
    held = Stopwords(words)
    assert len(held) == len(words)
    assert all(word in held for word in words)
    others = {f"{word}-{word}" for word in words} - words
    assert not any(word in held for word in others)


def test_it_takes_no_more_memory_than_its_hashes(words):
    gc.collect()
    tracemalloc.start()
    held = Stopwords(words)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 10 * len(held)  # bytes


def test_trafilatura_uses_it_and_finds_what_it_found(monkeypatch, words):
    ours = [p.text for p in external.try_justext(fromstring(PAGE), None, None).iter("p")]
    assert isinstance(external.JT_STOPLIST, Stopwords)
    monkeypatch.setattr(external, "JT_STOPLIST", tuple(words))
    theirs = [p.text for p in external.try_justext(fromstring(PAGE), None, None).iter("p")]
    assert ours == theirs == [SENTENCE * 3]


def test_reading_texts_makes_use_of_it():
    assert body.slim is slim
    assert core.define_stoplist.__module__ == "spiders.stopwords"
