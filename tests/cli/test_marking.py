"""Evidence is shown where it stands, in any text."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from monitor.cli.laboratory.marking import Marker
from monitor.core.statements import Evidence, Field
from spiders.items import Article
from tests.cli.conftest import CONTROLS

WORDS = st.lists(
    st.sampled_from(["strike", "rain.", "북한이", "\n", "كوريا", "朝鲜。", "🇰🇵", "e\u0301", "\u202e", "a"]),
    max_size=400,
)


def marker():
    return Marker(Console(file=io.StringIO()))


def found(text, word, field=Field.BODY):
    start = text.find(word)
    return [Evidence(field, start, start + len(word), word, "it")] if start >= 0 else []


@given(WORDS, st.sampled_from(["strike", "북한", "朝鲜", "e\u0301"]))
def test_whatever_the_text_its_evidence_is_shown_and_nothing_that_acts(words, word):
    text = " ".join(words)
    evidence = found(text, word)
    shown = "\n".join(line.plain for line in marker().body(Article("", "", text), evidence))
    assert not {sign for sign in shown if ord(sign) in CONTROLS}
    assert (f"«{word}»[it]" in shown) == bool(evidence)
    assert len(shown) <= len(text) + 6


def test_of_a_long_text_only_the_sentences_with_evidence_are_shown():
    text = "It rains. " * 100 + "A strike stops the port. " + "It rains. " * 100
    (shown,) = marker().body(Article("", "", text), found(text, "strike"))
    assert shown.plain == "A «strike»[it] stops the port."


def test_of_a_long_text_without_evidence_the_beginning_is_shown():
    (shown,) = marker().body(Article("", "", "It rains. " * 200), [])
    assert shown.plain.startswith("It rains.")
    assert len(shown.plain) <= 600


def test_an_endless_sentence_is_shown_once():
    text = "word " * 400 + "strike " + "word " * 400
    (shown,) = marker().body(Article("", "", text), found(text, "strike"))
    assert "«strike»[it]" in shown.plain
    assert len(shown.plain) < 2000


@pytest.mark.parametrize(("title", "shown"), [("", "(no title)"), ("A strike", "A «strike»[it]")])
def test_a_title_is_marked_too(title, shown):
    evidence = found(title, "strike", Field.TITLE)
    assert marker().title(Article("", title, ""), evidence).plain == shown


def test_words_are_named_by_concept_once():
    text = "strike Strike strike fire"
    evidence = [
        Evidence(Field.BODY, 0, 6, "strike", "strike"),
        Evidence(Field.BODY, 7, 13, "Strike", "strike"),
        Evidence(Field.BODY, 14, 20, "strike", "strike"),
        Evidence(Field.BODY, 21, 25, "fire", '"fire"'),
    ]
    assert [text[one.start : one.end] for one in evidence] == [one.text for one in evidence]
    assert marker().words(evidence).plain == 'strike strike, Strike · "fire"'
