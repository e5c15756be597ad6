from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.facts import facts
from monitor.core.matching import Matcher
from monitor.core.statements import FactKind, Field, Period


@pytest.fixture(scope="session")
def pack(make_pack):
    return make_pack()


@pytest.fixture(scope="session")
def state(pack, reading):
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


def test_a_stance_knows_who_takes_it(state):
    stances = {
        fact.by
        for fact in state("Kremlin denies report", "North Korea denies it. Somebody denies it.")
        if fact.kind is FactKind.STANCE
    }
    assert stances == {"kremlin", "dprk", ""}


def test_each_statement_is_kept_once_in_order_of_place(state):
    found = state("Russia, Kursk", "Kursk. Russia. 300 soldiers, 300 soldiers")
    assert [(fact.kind, fact.concept) for fact in found] == [
        (FactKind.ACTOR, "russia"),
        (FactKind.PLACE, "kursk"),
        (FactKind.FIGURE, "soldiers"),
    ]


def test_a_day_is_stated_once_and_is_no_figure(pack, reading):
    article = replace(
        reading(pack, "").article, title="On 23 October soldiers left", text="23 October", language="en"
    )
    published = datetime(2024, 10, 25, tzinfo=UTC)
    (read,) = Matcher([pack]).read(replace(article, published=published))
    (day,) = facts(read, pack)
    assert (day.kind, day.concept, day.value, day.at) == (FactKind.DATE, "", None, published)
    assert day.period == Period(date(2024, 10, 23), date(2024, 10, 23))
    assert (day.evidence.field, day.evidence.text, day.evidence.concept) == (Field.TITLE, "23 October", "")


def test_a_figure_beside_a_day_is_a_figure(state):
    found = state("300 soldiers left on 23 October 2024")
    assert [(fact.kind, fact.value) for fact in found] == [(FactKind.FIGURE, 300), (FactKind.DATE, None)]


def test_days_far_down_belong_to_the_background(state):
    assert state("Russia", "x " * 500 + "on 23 October 2024")[1:] == ()


def test_a_subject_that_says_what_a_text_is_about_is_stated_once(make_pack, reading):
    pack = make_pack(treaty=["treaty"], war=["war"])
    pack.concepts["war"] = replace(pack.concepts["war"], weight=0.1)
    stated = facts(reading(pack, "War and treaty", "The treaty"), pack)
    assert [(fact.kind, fact.concept, fact.evidence.start) for fact in stated] == [
        (FactKind.SUBJECT, "treaty", 8)
    ]


def test_a_figure_is_stated_by_whoever_says_so(state):
    (figure, *_) = state("300 soldiers in Kursk", "Some 300 soldiers came, Russia said.")
    assert (figure.value, figure.by, figure.evidence.field) == (300, "russia", Field.TITLE)


def test_what_is_not_denied_is_no_denial(state):
    assert [fact for fact in state("Russia does not deny it") if fact.kind is FactKind.STANCE] == []


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
