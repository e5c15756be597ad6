"""Snippets show the words that were found, as they were written, and cut no letter."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core import query as q
from monitor.core.reading import Origin
from monitor.core.searching.asking import Question
from monitor.core.searching.seeking import Seeker
from monitor.core.searching.snippets import snippet, title_pieces
from spiders.items import Article


def found(title, text, *words):
    query = q.AnyOf(tuple(q.Word(q.Term(word)) for word in words))
    return Seeker(Question(query)).hits(Article("", title, text), Origin()) or ()


def marked(pieces):
    return "".join(f"[{piece.text}]" if piece.is_hit else piece.text for piece in pieces)


def test_what_was_found_is_marked_as_it_was_written():
    hits = found("Rußland und CORE\u0301E", "", "corée", "rußland")
    assert marked(title_pieces("Rußland und CORE\u0301E", hits)) == "[Rußland] und [CORE\u0301E]"


def test_words_that_overlap_are_one():
    assert marked(title_pieces("북한군이", found("북한군이", "", "북한", "한군"))) == "[북한군]이"


def test_the_part_with_the_most_different_words_is_shown():
    text = "rain " * 80 + "dry " * 80 + "wind and rain " + "dry " * 80
    shown = marked(snippet(text, found("", text, "rain", "wind")))
    assert "[wind] and [rain]" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")


def test_a_short_text_is_shown_whole_and_on_one_line():
    assert (
        marked(snippet("It\nrains\u2028here.", found("", "It\nrains\u2028here.", "rains")))
        == "It [rains] here."
    )


def test_the_beginning_is_shown_where_only_the_title_was_found():
    assert marked(snippet("Dry. " * 100, found("Rain", "Dry. " * 100, "rain"))).startswith("Dry. Dry.")


@pytest.mark.parametrize("sign", ["北", "e\u0301", "각", "👩\u200d🚀", "กำ"])
def test_no_letter_is_cut(sign):
    text = sign * 300 + "rain" + sign * 300
    shown = "".join(piece.text for piece in snippet(text, found("", text, "rain", sign[:1])))
    inner = shown.strip("…")
    assert not unicodedata.combining(inner[0])
    assert inner[0] != "\u200d"
    assert inner[-1] != "\u200d"


@given(st.text(alphabet="ab é\u0301北한\u200d🚀\n .", max_size=400), st.sampled_from(["a", "北", "é", "b a"]))
def test_the_pieces_are_a_part_of_the_text(text, word):
    pieces = snippet(text, found("", text, word))
    flat = "".join(piece.text for piece in pieces).removeprefix("…").removesuffix("…")
    assert flat in text.replace("\n", " ")
    assert all(piece.text for piece in pieces)
