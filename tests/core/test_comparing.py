"""Two versions of a text side by side."""

import random
from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from monitor.core import comparing
from monitor.core.comparing import Row, compare


def shown(row: Row) -> tuple[str, str]:
    """Both versions of a row, with brackets around what changed."""
    left, right = (
        "".join(f"[{piece.text}]" if piece.changed else piece.text for piece in side)
        for side in (row.before, row.after)
    )
    return left, right


def rows(before, after):
    return [shown(row) for row in compare(before, after).rows]


def test_of_a_paragraph_only_the_words_that_changed_are_marked():
    assert rows("North Korea sent 10,000 soldiers.", "North Korea has sent 12,000 soldiers.") == [
        ("North Korea [sent 10,000] soldiers.", "North Korea [has sent 12,000] soldiers.")
    ]
    assert rows("Сообщается о 500 погибших.", "Сообщается о 700 погибших.") == [
        ("Сообщается о [500] погибших.", "Сообщается о [700] погибших.")
    ]


def test_scripts_without_spaces_are_compared_sign_by_sign():
    assert rows("朝鲜向俄罗斯派兵一万人", "朝鲜向俄罗斯派兵两万人") == [
        ("朝鲜向俄罗斯派兵[一]万人", "朝鲜向俄罗斯派兵[两]万人")
    ]


def test_paragraphs_that_stayed_stand_beside_each_other_and_others_alone():
    before = "First.\nSecond one is here.\nThird."
    after = "First.\n\n   Third.\nA new paragraph ends it."
    assert rows(before, after) == [
        ("First.", "First."),
        ("[Second one is here.]", ""),
        ("Third.", "Third."),
        ("", "[A new paragraph ends it.]"),
    ]


def test_a_paragraph_stands_beside_what_it_became_although_others_came_between():
    before = "Kyiv says that ten thousand soldiers are in Kursk."
    after = "Seoul did not comment yet.\nKyiv says that twelve thousand soldiers are in Kursk."
    assert rows(before, after) == [
        ("", "[Seoul did not comment yet.]"),
        (
            "Kyiv says that [ten] thousand soldiers are in Kursk.",
            "Kyiv says that [twelve] thousand soldiers are in Kursk.",
        ),
    ]


def test_space_does_not_count():
    assert compare("a  b\n\n\nc", " a\u00a0b\nc ").is_same
    assert not compare("a b", "a c").is_same


def test_an_accent_or_a_part_of_an_emoji_is_never_shown_apart_from_its_letter():
    assert rows("cafe\u0301 👨‍👩‍👧", "cafe 👨‍👩‍👦") == [("[cafe\u0301 👨‍👩‍👧]", "[cafe 👨‍👩‍👦]")]


def test_a_word_that_stayed_between_two_that_changed_is_shown_with_them():
    assert rows("said that one of two was lost", "said that three of four was lost") == [
        ("said that [one of two] was lost", "said that [three of four] was lost")
    ]


def test_a_long_text_is_compared_to_its_limit_and_says_so():
    text = "wort " * 20_000
    assert not compare(text, text).whole
    assert not compare("a\n" * 3_000, "b").whole
    assert compare("a", "b").whole


def test_what_is_too_repetitive_is_shown_as_gone_and_new(monkeypatch):
    monkeypatch.setattr(comparing, "_WORK", 10)
    assert rows("x a b a b a b y", "x b a a b b a y") == [("x [a b a b a b] y", "x [b a a b b a] y")]


def test_hostile_texts_are_bounded_work():
    chance = random.Random(1)
    before, after = ("".join(chance.choice("ab ") for _ in range(60_000)) for _ in range(2))
    for pair in ((before, after), (before.replace(" ", "\n"), after.replace(" ", "\n"))):
        comparison = compare(*pair)
        assert not comparison.is_same
        assert len(comparison.rows) <= 4_000


texts = st.text(alphabet=st.sampled_from("ab dé\n\u0301한字.1,🪖\u200d\u202e"), max_size=60)


@given(before=texts, after=texts)
def test_both_versions_can_be_read_from_the_rows(before, after):
    comparison = compare(before, after)
    for text, side in (
        (before, [row.before for row in comparison.rows]),
        (after, [row.after for row in comparison.rows]),
    ):
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        assert [line for line in ("".join(piece.text for piece in row) for row in side) if line] == lines


@given(before=texts, after=texts)
def test_what_is_not_marked_stands_in_both_in_the_same_order(before, after):
    for row in compare(before, after).rows:
        kept = [
            "".join("".join(piece.text.split()) for piece in side if not piece.changed)
            for side in (row.before, row.after)
        ]
        assert kept[0] == kept[1]


@given(text=texts)
def test_a_text_is_the_same_as_itself(text):
    comparison = compare(text, text)
    assert comparison.is_same
    assert not any(piece.changed for row in comparison.rows for piece in chain(row.before, row.after))
