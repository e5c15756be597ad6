import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.models import Evidence, Fact, FactKind, Field
from monitor.core.novelty import novelties

NEWS = {"denies", "confirms"}


def figure(value, concept="soldiers", field=Field.TITLE, start=0):
    return Fact(FactKind.FIGURE, concept, float(value), Evidence(field, start, start + 1, "x", concept))


def stance(concept="denies", by="russia", field=Field.TITLE):
    return Fact(FactKind.STANCE, concept, None, Evidence(field, 0, 1, "x", concept), by)


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
            st.sampled_from(["", "russia", "dprk"]),
            st.sampled_from(Field),
        ),
    ),
    max_size=12,
)


@given(FACTS)
def test_the_same_facts_are_never_new(facts):
    assert novelties(facts, facts, NEWS) == ()


@given(FACTS, FACTS)
def test_what_is_new_is_stated_and_is_not_new_again(facts, told):
    new = novelties(facts, told, NEWS)
    assert all(novelty.fact in facts for novelty in new)
    assert novelties(facts, [*told, *facts], NEWS) == ()


@given(FACTS, FACTS)
def test_nothing_is_new_that_was_told(facts, told):
    assert not {novelty.fact for novelty in novelties(facts, told, NEWS)} & set(told)


@pytest.mark.parametrize(
    ("told", "stated", "is_new"),
    [
        (10_000, 10_500, False),
        (10_000, 9_100, False),
        (10_000, 12_000, True),
        (10_000, 3_000, True),
        (100, 5, False),
        (None, 10_000, True),
    ],
)
def test_a_figure_is_new_beyond_tolerance(told, stated, is_new):
    known = [figure(told)] if told else []
    assert bool(novelties([figure(stated)], known, NEWS)) is is_new


def test_a_new_figure_tells_the_last_one_before_it():
    (new,) = novelties([figure(12_000)], [figure(3_000), figure(10_000)], NEWS)
    assert new.before == 10_000


def test_figures_of_different_things_do_not_cover_each_other():
    (new,) = novelties([figure(300, "shells")], [figure(300, "soldiers")], NEWS)
    assert (new.fact.concept, new.before) == ("shells", None)


def test_one_figure_under_two_units_is_one_piece_of_news():
    assert len(novelties([figure(300, "killed"), figure(300, "soldiers")], [], NEWS)) == 1


def test_the_background_is_no_news():
    assert novelties([figure(900, field=Field.BODY, start=400), stance(field=Field.BODY)], [], NEWS) == ()


def test_who_denies_is_news_once():
    assert [
        new.fact.by
        for new in novelties([stance(by="dprk"), stance(by="russia")], [stance(by="russia")], NEWS)
    ] == ["dprk"]


def test_a_stance_the_pack_does_not_call_news_is_none():
    assert novelties([stance("plans")], [], NEWS) == ()
