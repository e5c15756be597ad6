import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.fitting import Words, stem
from monitor.core.text import is_unspaced

LETTERS = "aßк7'_가人. -\n\u3000"
LETTER = "[^\\W_가人]"  # what is a letter among these
TEXTS = st.text(LETTERS, max_size=30)
WORDS = st.lists(
    st.builds(
        lambda word, star: word + star,
        st.text(LETTERS, min_size=1, max_size=3).filter(lambda word: word.strip("- \n\u3000")),
        st.sampled_from(("", "*")),
    ),
    min_size=1,
    max_size=3,
)


def shape(words, *, begins, ending):
    """What is meant, as a regular expression."""
    found = ""
    for number, word in enumerate(words):
        if number:
            found += r"\s?" if is_unspaced(word) and is_unspaced(words[number - 1]) else r"[\s\-]{1,3}"
        if is_unspaced(word):
            found += re.escape(stem(word))
        else:
            before = f"(?<!{LETTER})" if begins and not number else ""
            found += before + re.escape(stem(word)) + (ending if word.endswith("*") else f"(?!{LETTER})")
    return found


@given(WORDS, TEXTS, st.integers(0, 30), st.booleans())
def test_words_stand_where_a_regular_expression_says(words, text, start, begins):
    start = min(start, len(text))
    match = re.compile(shape(words, begins=begins, ending=f"{LETTER}*")).match(text, start)
    assert Words(words, begins=begins).end(text, start) == (match.end() if match else None)


@given(WORDS, TEXTS, st.integers(0, 30), st.booleans())
def test_words_stand_before_another_where_a_regular_expression_says(words, text, end, touches):
    end, touches = min(end, len(text)), touches and is_unspaced(words[-1])
    gap = r"\s?" if touches else r"[\s\-]{1,3}"
    whole = re.compile(shape(words, begins=True, ending=f"{LETTER}{{0,40}}") + gap + r"\Z")
    asked = Words(words, is_bounded=True)
    match = whole.search(text, max(0, end - asked.reach), end)
    assert asked.before(text, end, touches=touches) == (match.start() if match else None)


@pytest.mark.parametrize(("letters", "start"), [(40, 0), (41, None)])
def test_a_star_before_another_word_stands_for_forty_letters(letters, start):
    text = f"a{'b' * letters} "
    assert Words(["a*"], is_bounded=True).before(text, len(text), touches=False) == start


def test_a_row_of_the_same_letters_takes_linear_time():
    text = "a" * 200_000
    assert Words(["a*", "b"]).end(text, 0) is None
