import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core import query as q
from monitor.core.grammar import parse
from monitor.core.query import Term

CONCEPTS = ("dprk", "russia", "troops", "north-korea")
MACROS = {
    "both": q.AllOf((q.Named("dprk"), q.Named("russia"))),
    "either": q.AnyOf((q.Named("dprk"), q.Named("troops"))),
}

POINTS = st.one_of(
    st.sampled_from([q.Named(name) for name in CONCEPTS]),
    st.just(q.Macro("either", MACROS["either"])),
    st.sampled_from(["북한 군", "arms deal*", "=ROK", "{a|b}c", "рос*", "«кремль»"]).map(
        lambda text: q.Word(Term(text))
    ),
)
NEAR = st.recursive(
    POINTS,
    lambda inner: st.one_of(
        st.builds(q.Near, inner, inner, st.integers(1, 99)),
        st.lists(inner, min_size=2, max_size=3).map(tuple).map(q.AnyOf),
    ),
    max_leaves=4,
)
WEIGHTS = st.integers(1, 9_999_000).map(lambda number: number / 1000)


def sums(inner):
    """Sums that can be reached."""
    parts = st.builds(q.Weighted, st.one_of(WEIGHTS, WEIGHTS.map(lambda weight: -weight)), inner)
    return st.builds(
        lambda first, others: q.AtLeast(first.weight, (first, *others)),
        st.builds(q.Weighted, WEIGHTS, inner),
        st.lists(parts, max_size=2),
    )


CONDITIONS = st.recursive(
    st.one_of(
        NEAR,
        st.just(q.Macro("both", MACROS["both"])),
        st.sampled_from(["de", "zh", "fil"]).map(q.Language),
        st.text(string.ascii_lowercase + string.digits + "-_", min_size=1, max_size=9).map(q.Source),
    ),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(tuple).map(q.AllOf),
        st.lists(inner, min_size=2, max_size=3).map(tuple).map(q.AnyOf),
        st.lists(inner, min_size=1, max_size=3).map(tuple).map(q.Sentence),
        inner.map(q.Not),
        st.builds(q.In, st.sampled_from(q.Scope), inner),
        sums(inner),
    ),
    max_leaves=12,
)


@given(CONDITIONS)
def test_what_is_written_down_reads_as_the_same_condition(condition):
    assert parse(q.written(condition), CONCEPTS, MACROS, str) == condition


@pytest.mark.parametrize(
    "text",
    [
        "dprk AND (russia OR troops) AND NOT title:troops",
        "SENTENCE(dprk, russia AND troops) OR lead:(dprk NEAR/5 russia)",
        "NOT (dprk AND russia)",
        "(dprk OR troops) NEAR/3 russia NEAR/4 dprk",
        "dprk NEAR/4 (russia NEAR/3 troops)",
        'SUM(2 dprk, 0.5 "북한 군", -1 title:(dprk OR troops)) >= 1.5',
        "lang:de AND source:kcna-en AND both",
    ],
)
def test_a_condition_is_written_with_no_more_parentheses_than_it_needs(text):
    assert q.written(parse(text, CONCEPTS, MACROS, str)) == text


@pytest.mark.parametrize(
    ("text", "silent"),
    [
        ("dprk", False),
        ("NOT dprk", True),
        ("dprk OR NOT russia", True),
        ("dprk AND NOT russia", False),
        ("lang:de", True),
        ("lang:de AND source:x", True),
        ("lang:de AND dprk", False),
        ("SENTENCE(dprk, NOT russia)", False),
        ("SENTENCE(NOT russia)", True),
        ("title:(NOT dprk)", True),
        ("both OR dprk NEAR/5 russia", False),
        ("SUM(2 dprk, NOT russia) >= 2", False),
        ("SUM(2 dprk, 2 NOT russia) >= 2", True),
    ],
)
def test_a_condition_that_may_hold_without_any_word_is_known(text, silent):
    assert q.is_silent(parse(text, CONCEPTS, MACROS, str)) is silent


def test_terms_are_the_same_wherever_they_are_written():
    assert Term("kim", where="a.yaml:1:2") == Term("kim", where="b.yaml:3:4")
    assert hash(Term("kim", where="a.yaml:1:2")) == hash(Term("kim"))
    assert Term("kim") != Term("kim", only=("de",))


def test_a_condition_tells_what_it_names_also_through_shared_conditions():
    tree = parse("both AND NOT SUM(troops, title:dprk) >= 1", CONCEPTS, MACROS, str)
    assert list(q.concepts(tree)) == ["dprk", "russia", "troops", "dprk"]
