"""A list of terms is what a tuple of them is, but small."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.query import Term
from monitor.core.wordlist import TermList

WORDS = st.text(max_size=12)
TERMS = st.builds(
    Term,
    WORDS | st.sampled_from(["Nordkorea*", "북한", "=КНДР", "كوريا\nالشمالية", "👨‍👩‍👧", "é", "e\u0301", ""]),
    st.sampled_from(["en", "ko", "any"]),
    st.sampled_from([(), ("북한산",)]),
    st.builds("rules/topic/concepts/{}.yaml:{}:5".format, st.sampled_from(["a", "ab"]), st.integers(1, 99))
    | WORDS,
    st.sampled_from([(), ("ja",)]),
)


@given(st.lists(TERMS, max_size=12))
def test_it_gives_back_each_term_with_its_place(terms):
    listed = TermList(terms)
    assert [(term, term.where) for term in listed] == [(term, term.where) for term in terms]
    assert len(listed) == len(terms)


@given(st.lists(TERMS, max_size=6), st.lists(TERMS, max_size=6))
def test_it_equals_what_lists_the_same(terms, others):
    assert (TermList(terms) == TermList(others)) is (terms == others)
    assert TermList(terms) == tuple(terms)
    assert hash(TermList(terms)) == hash(tuple(terms))


@given(st.lists(TERMS, max_size=6), st.slices(6))
def test_a_part_of_it_is_a_tuple(terms, part):
    assert TermList(terms)[part] == tuple(terms)[part]


@pytest.mark.parametrize("number", [-3, 2, 9])
def test_there_is_nothing_beyond_its_ends(number):
    listed = TermList([Term("a"), Term("b")])
    assert listed[-1] == Term("b")
    with pytest.raises(IndexError):
        listed[number]


def test_it_is_a_fraction_of_the_tuple():
    terms = [
        Term(f"слово {number}", "ru", where=f"rules/t/concepts/a.yaml:{number}:7") for number in range(999)
    ]
    apart = sum(sys.getsizeof(part) for term in terms for part in (term, term.text, term.where))
    listed = TermList(terms)
    within = (listed._texts, listed._places)
    packed = sum(sys.getsizeof(part) for one in within for part in (one._letters, one._ends))
    assert packed + sys.getsizeof(listed._languages) < apart / 4
    assert replace(terms[7]) == listed[7]
