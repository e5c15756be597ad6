from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.novelty import as_told, novelties
from monitor.core.statements import Evidence, Fact, FactKind, Field, Newness
from monitor.core.topic import Concept, ConceptKind, Pack

KINDS = {
    "soldiers": ConceptKind.UNIT,
    "shells": ConceptKind.UNIT,
    "killed": ConceptKind.UNIT,
    "denies": ConceptKind.STANCE,
    "confirms": ConceptKind.STANCE,
    "plans": ConceptKind.STANCE,
    "russia": ConceptKind.ACTOR,
    "dprk": ConceptKind.ACTOR,
    "kremlin": ConceptKind.ACTOR,
    "gazette": ConceptKind.ACTOR,
    "nato": ConceptKind.ACTOR,
    "france": ConceptKind.ACTOR,
    "elysee": ConceptKind.ACTOR,
    "times": ConceptKind.ACTOR,
    "kursk": ConceptKind.PLACE,
    "sends": ConceptKind.DEED,
    "ratifies": ConceptKind.DEED,
    "satellite": ConceptKind.SUBJECT,
}
PACK = Pack(
    "test",
    {"en": "test"},
    "0123456789ab",
    {
        name: Concept(
            name,
            kind,
            {"en": name},
            (),
            weight={"russia": 0.1, "dprk": 0.1, "france": 0.3, "nato": 0.5, "times": 0.5}.get(name, 1.0),
            part_of={
                "kremlin": "russia",
                "elysee": "france",
                "soldiers": "people",
                "killed": "people",
            }.get(name, ""),
            news=name in {"denies", "confirms", "ratifies"},
            official=name in {"russia", "dprk", "kremlin", "nato", "france", "elysee"},
        )
        for name, kind in KINDS.items()
    },
    (),
)


def figure(value, concept="soldiers", field=Field.TITLE, start=0, most=None, by="", at=None):
    words = Evidence(field, start, start + 1, "x", concept)
    return Fact(FactKind.FIGURE, concept, float(value), words, by, at, most=most)


def stance(concept="denies", by="russia", field=Field.TITLE, start=0):
    return Fact(FactKind.STANCE, concept, None, Evidence(field, start, start + 1, "x", concept), by)


def thing(concept, field=Field.TITLE, by=""):
    kind = FactKind(KINDS[concept].value)
    return Fact(kind, concept, None, Evidence(field, 0, 1, "x", concept), by)


def voice(actor):
    return thing(actor, by=actor)


def new(facts, told=(), own=0.0, *, quotes=False):
    return novelties(facts, as_told(told), PACK, own, quotes=quotes)


FACTS = st.lists(
    st.one_of(
        st.builds(
            figure,
            st.floats(0.5, 1e9),
            st.sampled_from(["soldiers", "shells", "killed"]),
            st.sampled_from(Field),
            st.integers(0, 900),
        ),
        st.builds(
            stance,
            st.sampled_from(["denies", "confirms", "plans"]),
            st.sampled_from(["", "russia", "dprk", "kremlin"]),
            st.sampled_from(Field),
        ),
        st.builds(
            thing,
            st.sampled_from(["kursk", "kremlin", "sends", "ratifies", "satellite"]),
            st.sampled_from(Field),
        ),
    ),
    max_size=12,
)
SHARES = st.floats(0, 1)


@given(FACTS, SHARES, st.booleans())
def test_the_same_facts_are_never_new(facts, own, quotes):
    assert new(facts, facts, own, quotes=quotes) == ()


@given(FACTS, FACTS, SHARES, st.booleans())
def test_what_is_new_is_stated_and_is_not_new_again(facts, told, own, quotes):
    found = new(facts, told, own, quotes=quotes)
    assert all(one.fact in facts for one in found)
    assert new(facts, [*told, *facts], own, quotes=quotes) == ()


@pytest.mark.parametrize(
    ("told", "stated", "is_new"),
    [
        (figure(10_000), figure(10_500), False),
        (figure(10_000), figure(9_100), False),
        (figure(10_000), figure(12_000), True),
        (figure(10_000), figure(3_000), True),
        (figure(10), figure(2), True),
        (figure(10_000), figure(10_000, most=12_000), False),
        (figure(10_000, most=12_000), figure(11_500), False),
        (figure(10_000, most=12_000), figure(20_000, most=30_000), True),
        (figure(1_000, most=100_000), figure(12_000), True),
        (figure(1_000, most=100_000), figure(2_000, most=100_000), False),
        (figure(12_000), figure(1_000, most=100_000), False),
        (figure(10_000, field=Field.BODY, start=2_000), figure(10_000), False),
    ],
)
def test_a_figure_is_new_beyond_tolerance_and_outside_of_ranges(told, stated, is_new):
    assert bool(new([stated], [told])) is is_new


def test_the_first_figure_is_new():
    (found,) = new([figure(10_000)])
    assert (found.kind, found.before) == (Newness.FIGURE, None)


def test_a_new_figure_tells_the_last_one_before_it():
    (found,) = new([figure(12_000)], [figure(3_000), figure(10_000)])
    assert found.before == 10_000


def test_an_older_article_read_late_corrects_no_figure(now):
    told = figure(12_000, at=now)
    assert new([figure(10_000, at=now - timedelta(days=1))], [told]) == ()
    assert new([figure(10_000, at=now + timedelta(days=1))], [told]) != ()


def test_a_report_of_the_same_hour_is_not_out_of_date_because_it_is_read_later(now):
    told = as_told([figure(10_000, at=now)])
    assert novelties([figure(12_000, at=now - timedelta(minutes=10))], told, PACK) != ()


def test_a_report_of_which_only_the_day_is_known_is_of_any_time_of_it(now):
    told = as_told([figure(10_000, at=now + timedelta(hours=20))])
    stated = [figure(12_000, at=now)]
    assert novelties(stated, told, PACK) == ()
    assert novelties(stated, told, PACK, day_only=True) != ()
    assert novelties(stated, as_told([figure(10_000, at=now + timedelta(days=2))]), PACK, day_only=True) == ()


def test_figures_of_different_things_do_not_cover_each_other():
    (found,) = new([figure(300, "shells")], [figure(300, "soldiers")])
    assert (found.fact.concept, found.before) == ("shells", None)


def test_one_figure_under_two_units_is_one_piece_of_news():
    assert len(new([figure(300, "killed"), figure(300, "soldiers")])) == 1


def test_the_background_is_no_news():
    assert new([figure(900, field=Field.BODY, start=400), stance(field=Field.BODY)]) == ()
    assert new([thing("kursk", Field.BODY)]) == ()


def test_who_denies_is_news_once():
    found = new([stance(by="dprk"), stance(by="russia")], [stance(by="russia")])
    assert [one.fact.by for one in found] == ["dprk"]


def test_who_speaks_for_a_state_denies_for_it():
    assert new([stance(by="kremlin")], [stance(by="russia")]) == ()


def test_a_denial_deep_in_the_text_that_was_told_hides_none_in_a_title():
    deep = stance(by="dprk", field=Field.BODY, start=2_000)
    assert [one.fact.by for one in new([stance(by="dprk")], [deep, figure(5, by="russia")])] == ["dprk"]


def test_a_stance_the_pack_does_not_call_news_is_none():
    assert new([stance("plans", by="")]) == ()


def test_a_state_that_speaks_for_the_first_time_is_news():
    speaks, spoke = voice("kremlin"), figure(10_000, by="gazette")
    assert [(one.kind, one.fact.by) for one in new([speaks], [spoke], own=0.5)] == [
        (Newness.OFFICIAL, "kremlin")
    ]
    assert new([speaks], [figure(10_000, by="russia"), thing("kremlin")], own=0.5) == ()
    assert new([voice("gazette")], [figure(10_000, by="dprk"), thing("gazette")], own=0.5) == ()


def test_an_outlet_that_only_names_who_was_known_to_act_says_nothing_new():
    told = [figure(10_000, by="gazette"), thing("russia")]
    assert new([voice("russia")], told, own=0.05) == ()
    assert [one.kind for one in new([voice("russia")], told, own=0.5)] == [Newness.OFFICIAL]


def test_a_place_or_actor_of_weight_in_the_title_is_news():
    facts = [thing("kursk"), thing("kremlin"), thing("russia")]
    assert [(one.kind, one.fact.concept) for one in new(facts)] == [
        (Newness.PLACE, "kursk"),
        (Newness.ACTOR, "kremlin"),
    ]
    assert new(facts, [thing("kursk", Field.BODY), thing("kremlin")]) == ()


def test_who_speaks_for_a_state_or_alliance_need_weigh_less_than_a_newspaper():
    assert [one.fact.concept for one in new([thing("nato"), thing("times")])] == ["nato"]


def test_another_subject_is_news_only_if_the_article_has_much_of_its_own():
    facts = [thing("sends"), thing("satellite")]
    assert new(facts, own=0.2) == ()
    assert [one.kind for one in new(facts, own=0.6)] == [Newness.SUBJECT]


def test_where_a_known_text_is_quoted_another_deed_or_subject_in_the_title_is_news():
    facts = [thing("sends"), thing("satellite")]
    assert [one.kind for one in new(facts, own=0.2, quotes=True)] == [Newness.DEED, Newness.SUBJECT]
    assert new(facts, own=0.05, quotes=True) == ()


def test_a_deed_that_the_pack_calls_news_is_news_for_each_who_does_it():
    ratifies = thing("ratifies", by="dprk")
    assert [one.kind for one in new([ratifies], [thing("ratifies", by="russia")])] == [Newness.DEED]
    assert new([ratifies], [thing("ratifies", by="dprk")]) == ()


def test_a_state_that_begins_the_headline_enters_the_story_though_it_weighs_little():
    acts = [thing("france"), thing("russia")]
    assert [(one.kind, one.fact.concept) for one in new(acts)] == [(Newness.ACTOR, "france")]
    assert new(acts[::-1]) == ()
    assert new(acts, [thing("elysee")]) == ()
    assert new([thing("france", Field.BODY)]) == ()
