"""What the index is asked for, said in few words and meaning the same."""

from hypothesis import given
from hypothesis import strategies as st

from monitor.core.searching.demand import (
    ANYTHING,
    NOTHING,
    Either,
    Every,
    Has,
    either,
    every,
    gathered,
    written,
)

WORDS = "abcdef"
DEMANDS = st.recursive(
    st.sampled_from(WORDS).map(Has),
    lambda inner: st.lists(inner, max_size=5).map(every) | st.lists(inner, max_size=5).map(either),
    max_leaves=20,
)


def holds(demand, words):
    match demand:
        case Has(word):
            return word in words
        case Every(parts):
            return all(holds(part, words) for part in parts)
        case Either(parts):
            return any(holds(part, words) for part in parts)


@given(DEMANDS, st.sets(st.sampled_from(WORDS)))
def test_what_is_gathered_holds_where_it_held_before(demand, words):
    assert holds(gathered(demand), words) == holds(demand, words)


@given(DEMANDS)
def test_what_is_gathered_is_never_longer(demand):
    assert len(written(gathered(demand))) <= len(written(demand)) or demand in (ANYTHING, NOTHING)


def test_a_word_that_many_names_share_is_asked_for_once():
    names = either(every((Has("north"), Has(word))) for word in ("korea", "korean", "koreans"))
    assert written(gathered(names)) == '("north") AND ("korea" OR "korean" OR "koreans")'


def test_a_name_that_holds_another_name_is_not_asked_for():
    names = either((every((Has("kim"), Has("jong"), Has("un"))), Has("kim")))
    assert written(gathered(names)) == '"kim"'
