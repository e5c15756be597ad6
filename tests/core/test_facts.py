import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.facts import facts
from monitor.core.models import FactKind, Field


@pytest.fixture(scope="session")
def state(make_pack, reading):
    pack = make_pack()
    return lambda title, text="": facts(reading(pack, title, text), pack)


@pytest.mark.parametrize(
    ("title", "unit", "value"),
    [
        ("12,000 North Korean soldiers in Kursk", "soldiers", 12_000),
        ("Some 10 thousand heavily armed troops", "soldiers", 10_000),
        ("Россия отправила 12 тыс. солдат", "soldiers", 12_000),
        ("北朝鮮 兵士約1万2000人", "soldiers", 12_000),
        ("북한 병력 1만2천명 파병", "soldiers", 12_000),
        ("2 million shells sent", "shells", 2e6),
    ],
)
def test_a_figure_is_stated_with_what_it_counts(state, title, unit, value):
    figures = [fact for fact in state(title) if fact.kind is FactKind.FIGURE]
    assert [(fact.concept, fact.value) for fact in figures] == [(unit, value)]


@pytest.mark.parametrize(
    "title",
    [
        "soldiers in 2025",
        "15 percent of soldiers",
        "3 days, soldiers",
        "soldiers 300 km away",
        "12; soldiers",
    ],
)
def test_what_counts_something_else_is_no_figure(state, title):
    assert [fact for fact in state(title) if fact.kind is FactKind.FIGURE] == []


def test_a_stance_knows_who_takes_it_or_for_whom(state):
    stances = {
        fact.by
        for fact in state("Kremlin denies report", "North Korea denies it. Somebody denies it.")
        if fact.kind is FactKind.STANCE
    }
    assert stances == {"russia", "dprk", ""}


def test_each_statement_is_kept_once_in_order_of_place(state):
    found = state("Russia, Kursk", "Kursk. Russia. 300 soldiers, 300 soldiers")
    assert [(fact.kind, fact.concept) for fact in found] == [
        (FactKind.ACTOR, "russia"),
        (FactKind.PLACE, "kursk"),
        (FactKind.FIGURE, "soldiers"),
    ]


PIECES = st.sampled_from(
    [
        "1만2천명",
        "12,000 troops ",
        "兵士1万2000人",
        "1\u200b2 soldiers ",
        "Кремль отрицает ",
        "Kurs\u0301k ",
        ". ",
        "북한 ",
        "파병",
        "🪖",
    ]
)


@given(st.lists(st.one_of(PIECES, st.text(max_size=4)), max_size=20).map("".join), st.text(max_size=40))
def test_every_fact_is_cut_from_the_article(state, title, text):
    for fact in state(title, text):
        source = title if fact.evidence.field is Field.TITLE else text
        assert fact.evidence.text == source[fact.evidence.start : fact.evidence.end]
        assert fact.evidence.text
        assert (fact.value is not None) is (fact.kind is FactKind.FIGURE)
