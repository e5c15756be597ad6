from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core import query as q
from monitor.core.conditions import satisfy
from monitor.core.grammar import parse
from monitor.core.laboratory.suggesting import narrowings, widenings
from monitor.core.matching import Matcher, apply
from monitor.core.query import Term
from monitor.core.topic import Example, Rule, Severity
from spiders.items import Article


def with_examples(pack, *, fire=(), silent=()):
    rule = replace(
        pack.rules[0],
        must_fire=tuple(Example(text, "en") for text in fire),
        must_not_fire=tuple(Example(text, "en") for text in silent),
    )
    return replace(pack, rules=(rule,))


def read(pack, title, text=""):
    return Matcher([pack]).read(Article("u", title, text))[0]


def conditions(proposals):
    return [proposal.condition for proposal in proposals]


@pytest.mark.parametrize(
    ("condition", "title", "text", "proposed"),
    [
        ("dprk AND russia", "North Korea, Kursk", "Russia", "dprk AND russia AND NOT title:kursk"),
        ("dprk AND russia", "North Korea", "Russia", "SENTENCE(dprk, russia)"),
        ("dprk AND russia", "North Korea a b c d e f g h Russia", "", "dprk NEAR/6 russia"),
        ("dprk AND russia", "North Korea", "Russia", "dprk AND title:russia"),
        ("lead:dprk", "x", "North Korea", "title:dprk"),
        ("dprk NEAR/20 russia", "North Korea a b c d e f g h Russia", "", "dprk NEAR/6 russia"),
        ("dprk OR russia", "North Korea", "", "russia"),
        ("SUM(dprk, russia, kursk) >= 1", "x", "North Korea", "SUM(1 dprk, 1 russia, 1 kursk) >= 2"),
    ],
)
def test_a_rule_that_fired_wrongly_is_made_stricter(make_pack, condition, title, text, proposed):
    pack = make_pack(condition)
    assert proposed in conditions(narrowings(pack.rules[0], pack, read(pack, title, text)))


def test_no_narrowing_silences_an_example(make_pack):
    pack = with_examples(make_pack("dprk AND russia"), fire=["Russia and its war\nNorth Korea is in Kursk."])
    proposed = conditions(narrowings(pack.rules[0], pack, read(pack, "North Korea, Kursk", "Russia")))
    assert "dprk AND russia AND NOT title:kursk" in proposed
    assert "dprk AND russia AND NOT kursk" not in proposed
    assert "SENTENCE(dprk, russia)" not in proposed


@pytest.mark.parametrize(
    ("condition", "title", "text", "proposed"),
    [
        ("SENTENCE(dprk, russia)", "x", "North Korea. Russia.", "dprk AND russia"),
        ("title:dprk AND russia", "Russia", "North Korea", "lead:dprk AND russia"),
        ("title:dprk AND russia", "Russia", "x" * 500 + " North Korea", "dprk AND russia"),
        ("dprk NEAR/2 russia", "North Korea a b c Russia", "", "dprk NEAR/5 russia"),
        ("dprk AND soldiers", "North Korea: shells", "", "dprk AND (soldiers OR shells)"),
        ("dprk AND russia AND soldiers", "North Korea, Russia", "", "dprk AND russia"),
        ("dprk AND NOT kursk", "North Korea", "Kursk", "dprk AND NOT title:kursk"),
        ("SUM(2 dprk, russia) >= 3", "North Korea", "", "SUM(2 dprk, 1 russia) >= 2"),
        ("lang:de AND dprk", "North Korea", "", "dprk"),
    ],
)
def test_a_rule_that_missed_a_text_is_made_looser(make_pack, condition, title, text, proposed):
    pack = make_pack(condition)
    assert proposed in conditions(widenings(pack.rules[0], pack, read(pack, title, text)))


def test_no_widening_fires_where_an_example_forbids_it(make_pack):
    pack = make_pack("SENTENCE(dprk, russia) AND sends")
    article = ("x", "North Korea sends. Russia.")
    free = conditions(widenings(pack.rules[0], pack, read(pack, *article)))
    bound = with_examples(pack, silent=["North Korea sends a letter"])
    kept = conditions(widenings(bound.rules[0], bound, read(bound, *article)))
    assert "SENTENCE(dprk) AND sends" in free
    assert "SENTENCE(dprk) AND sends" not in kept
    assert "dprk AND russia AND sends" in kept


def test_a_shared_condition_is_written_out_where_it_is_changed(make_pack):
    pack = make_pack()
    both = parse("title:dprk AND russia", pack.concepts, {}, str)
    rule = Rule("r", {"en": "r"}, q.AllOf((q.Macro("both", both), q.Named("sends"))), "both AND sends")
    proposals = widenings(rule, replace(pack, rules=(rule,)), read(pack, "Russia sends", "North Korea"))
    assert (
        "lead:dprk AND russia AND sends",
        "in both, written out: dprk in the lead, not only in the title",
    ) in [(proposal.condition, proposal.says) for proposal in proposals]


def test_a_rule_that_does_what_it_should_needs_no_proposal(make_pack):
    pack = make_pack("dprk")
    assert narrowings(pack.rules[0], pack, read(pack, "weather")) == ()
    assert widenings(pack.rules[0], pack, read(pack, "North Korea")) == ()


def test_at_most_as_many_proposals_as_asked_for(make_pack):
    pack = make_pack("dprk AND russia")
    assert len(narrowings(pack.rules[0], pack, read(pack, "North Korea", "Russia"), most=2)) == 2


NAMES = ("dprk", "russia", "kursk", "soldiers")
EITHER = q.AnyOf((q.Named("dprk"), q.Named("kursk")))
BOTH = q.AllOf((q.Named("dprk"), q.In(q.Scope.TITLE, q.Named("russia"))))
MACROS = {"either": EITHER, "both": BOTH}
POINTS = st.sampled_from([*map(q.Named, NAMES), q.Word(Term("bridge")), q.Macro("either", EITHER)])
CONDITIONS = st.recursive(
    st.one_of(
        POINTS,
        st.builds(q.Near, POINTS, POINTS, st.integers(1, 9)),
        st.sampled_from([q.Language("de"), q.Macro("both", BOTH)]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(tuple).map(q.AllOf),
        st.lists(inner, min_size=2, max_size=3).map(tuple).map(q.AnyOf),
        st.lists(inner, min_size=1, max_size=3).map(tuple).map(q.Sentence),
        inner.map(q.Not),
        st.builds(q.In, st.sampled_from(q.Scope), inner),
        st.lists(st.builds(q.Weighted, st.sampled_from([-1.0, 0.3, 2.0]), inner), min_size=1, max_size=3).map(
            lambda parts: q.AtLeast(1.0, (q.Weighted(1.1, q.Named("dprk")), *parts))
        ),
    ),
    max_leaves=6,
)
TEXTS = st.lists(
    st.sampled_from(["North Korea", "Russia", "Kursk", "troops", "a bridge", "it", ". ", "\n", "x" * 300]),
    max_size=8,
).map(" ".join)


@settings(max_examples=60)
@given(CONDITIONS, TEXTS, TEXTS, st.lists(TEXTS, max_size=3))
def test_every_proposal_does_what_it_says_and_can_be_written(make_pack, condition, title, text, examples):
    rule = Rule("r", {"en": "r"}, condition, q.written(condition), Severity.HIGH)
    rule = replace(rule, must_fire=tuple(Example(one, "de") for one in examples))
    pack = replace(make_pack('"bridge" OR dprk'), rules=(rule,))
    pack = replace(pack, rules=(*pack.rules, Rule("word", {"en": "x"}, q.Word(Term("bridge")), "")))
    reading = read(pack, title, text)
    fired = satisfy(condition, reading.view) is not None
    proposals = narrowings(rule, pack, reading) if fired else widenings(rule, pack, reading)
    for proposal in proposals:
        assert (apply(proposal.rule, pack, reading) is None) is fired
        assert parse(proposal.condition, pack.concepts, MACROS, str) == proposal.rule.query
        for example in (Matcher([pack]).read(Article("", *_split(one), "de"))[0] for one in examples):
            if apply(rule, pack, example) is not None:
                assert apply(proposal.rule, pack, example) is not None


def _split(text):
    title, _, body = text.partition("\n")
    return title, body
