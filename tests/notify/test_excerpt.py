"""Excerpts: safe, whole sentences, nothing cut inside a letter."""

from __future__ import annotations

import time

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.statements import Evidence, Field
from monitor.notify.excerpt import JOINER, clean, defuse, lead, one_line, shorten, spans


def plain(paragraphs):
    return ["".join(span.text for span in paragraph) for paragraph in paragraphs]


def at(text, word):
    start = text.index(word)
    return Evidence(Field.BODY, start, start + len(word), word, "c")


def graphemes(text):
    return regex.findall(r"\X", text)


def test_a_short_text_is_given_whole():
    assert plain(lead("One. Two.\nThree.", ())) == ["One. Two.", "Three."]


def test_a_long_text_ends_with_a_sentence():
    text = "This is a sentence of some length. " * 50
    (paragraph,) = plain(lead(text, (), 200))
    assert paragraph.endswith("length.")
    assert 150 < len(paragraph) <= 200


def test_evidence_far_down_brings_its_own_sentences():
    text = (
        "Nothing of interest happens here. " * 60
        + "Before it. Soldiers went to Kursk. Then more. "
        + "Rest. " * 90
    )
    (paragraph,) = plain(lead(text, (at(text, "Soldiers"),), 300))
    assert paragraph.startswith("… Before it. Soldiers went to Kursk. Then more.")


def test_evidence_is_marked_where_it_stands():
    text = "Nordkorea schickt Soldaten. Kursk."
    (paragraph,) = lead(text, (at(text, "Soldaten"), at(text, "Kursk"), at(text, "Nordkorea")))
    assert [span.text for span in paragraph if span.marked] == ["Nordkorea", "Soldaten", "Kursk"]


def test_overlapping_evidence_is_marked_once():
    text = "about 12,000 soldiers there"
    found = spans(text, (at(text, "12,000 soldiers"), at(text, "soldiers"), at(text, "000 soldiers there")))
    assert "".join(span.text for span in found) == text
    assert [span.text for span in found if span.marked] == ["12,000 soldiers", " there"]


@pytest.mark.parametrize(
    "text", ["Am 8. Oktober kam Dr. Kim nach Moskau. Dann ging er.", "The U.S. Army said so. Then not."]
)
def test_abbreviations_and_dates_end_no_sentence(text):
    (paragraph,) = plain(lead(text, (), len(text) - 3))
    assert paragraph == text[: text.index(".", 30 if "Dr." in text else 18) + 1]


def test_chinese_and_japanese_sentences_end_at_their_own_marks():
    text = "朝鲜向俄罗斯派遣了一万两千名士兵。" * 20
    (paragraph,) = plain(lead(text, (), 100))
    assert paragraph.endswith("。")
    assert len(paragraph) <= 100


def test_one_endless_sentence_is_cut_at_a_word_around_the_evidence():
    text = "word " * 400 + "Kursk " + "more " * 400
    (paragraph,) = plain(lead(text, (at(text, "Kursk"),), 200))
    assert "Kursk" in paragraph
    assert paragraph.startswith("… word")
    assert paragraph.endswith("more…")
    assert len(paragraph) <= 204


def test_endless_text_without_spaces_is_cut_too():
    text = "가" * 5000
    (paragraph,) = plain(lead(text, (Evidence(Field.BODY, 3000, 3002, "가가", "c"),), 100))
    assert 50 < len(paragraph) <= 104


def test_a_cut_never_splits_a_letter():
    family = "👩‍👩‍👧‍👦"
    for limit in range(2, 60):
        cut = shorten(f"a{family}b{family}é{family}" * 2, limit)
        assert len(cut) <= limit
        assert set(graphemes(cut)) <= {"a", "b", "é", family, "…"}


def test_marks_of_a_decomposed_letter_stay_with_it():
    text = "Pok\u0301j i wojna"
    found = spans(text, (Evidence(Field.BODY, 0, 3, "Pok", "c"),))
    assert found[0].text == "Pok\u0301"


def test_escape_sequences_go_whole():
    assert one_line("\x1b[31mred\x1b[0m and\x00 \x1b]0;t") == "red and 0;t"


def test_joiners_that_scripts_need_are_kept():
    assert clean("می\u200cخواهم 👩\u200d🚀 \u200f") == "می\u200cخواهم 👩\u200d🚀 \u200f"


def test_ordinary_text_is_not_defused():
    assert defuse("a < b, 5 @ 3, [1] (2) mail") == "a < b, 5 @ 3, [1] (2) mail"


@pytest.mark.parametrize(
    "text",
    [
        "https://evil.example",
        "www.evil.example",
        "#general",
        "~town",
        "<users/all>",
        "<https://a|b>",
        "@**all**",
    ],
)
def test_what_a_chat_would_act_upon_is_parted_and_looks_the_same(text):
    assert defuse(text) != text
    assert defuse(text).replace(JOINER, "") == text


def test_a_megabyte_takes_no_time():
    text = "Ein Satz mit Wörtern ohne Ende " * 40_000
    started = time.process_time()
    lead(text, (Evidence(Field.BODY, 900_000, 900_005, "", "c"),))
    assert time.process_time() - started < 2


@given(
    st.text(max_size=400),
    st.lists(st.tuples(st.integers(0, 420), st.integers(0, 30)), max_size=5),
    st.integers(1, 200),
)
def test_any_text_gives_a_lead_within_its_limit(text, places, limit):
    found = tuple(Evidence(Field.BODY, start, start + size, "", "c") for start, size in places)
    paragraphs = plain(lead(text, found, limit))
    assert sum(map(len, paragraphs)) <= limit + 4
    assert not any("\n" in paragraph or "\x1b" in paragraph for paragraph in paragraphs)


@given(st.text(max_size=200), st.lists(st.tuples(st.integers(0, 220), st.integers(0, 30)), max_size=5))
def test_marks_neither_add_nor_lose_text(text, places):
    found = tuple(Evidence(Field.BODY, start, start + size, "", "c") for start, size in places)
    pieces = spans(text, found)
    if clean(text) == text and "\x1b" not in text:
        assert "".join(span.text for span in pieces) == text


@given(st.text(max_size=100), st.integers(0, 120))
def test_shortening_keeps_to_its_limit(text, limit):
    assert len(shorten(text, limit)) <= limit
