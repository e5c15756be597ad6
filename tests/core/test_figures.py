from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.figures import figures
from monitor.core.query import Term
from monitor.core.statements import Bound
from monitor.core.topic import Concept, ConceptKind


def unit(name, *names, part_of=""):
    return Concept(name, ConceptKind.UNIT, {"en": name}, tuple(map(Term, names)), part_of=part_of)


@pytest.fixture(scope="module")
def pack(make_pack):
    one = make_pack()
    units = [
        unit("soldiers", "soldier*", "Soldat*", "солдат*", "병력", "병사", "兵士", part_of="people"),
        unit("workers", "worker*", "Arbeiter*", part_of="people"),
        unit("people", "people", "North Koreans", "Nordkoreaner*", "человек", "осіб", "명", "人"),
        unit("drones", "drone*", "Drohne*"),
        unit("shells", "shell*", "砲弾", "포탄", part_of="rounds"),
        unit("missiles", "missile*", "ミサイル", "미사일", part_of="rounds"),
        unit("rounds", "rounds", "発", "발"),
        unit("dollars", "dollar*", "$", "=USD", "доллар*"),
    ]
    return replace(one, concepts=one.concepts | {concept.name: concept for concept in units})


@pytest.fixture(scope="module")
def state(pack, reading):
    def stated(title, text=""):
        return [(fact.concept, fact.value) for fact in figures(reading(pack, title, text), pack)]

    return stated


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10,000 heavily armed North Korean soldiers", [("soldiers", 10_000)]),
        ("10,000 of the soldiers", [("soldiers", 10_000)]),
        ("a 500-soldier unit", [("soldiers", 500)]),
        ("900万発とミサイル100発", [("rounds", 9e6), ("missiles", 100)]),
        ("砲弾900万発とミサイル100発", [("shells", 9e6), ("missiles", 100)]),
        ("포탄 900만발 미사일 100발", [("shells", 9e6), ("missiles", 100)]),
        ("1만2천명의 병력과 포탄 500만발", [("soldiers", 12_000), ("shells", 5e6)]),
        ("1万2000人の兵士", [("soldiers", 12_000)]),
        ("3 тисячі осіб", [("people", 3_000)]),
        ("$20 billion for missiles", [("dollars", 2e10)]),
        ("USD 540m for missiles", [("dollars", 5.4e8)]),
        ("20 млрд долларов", [("dollars", 2e10)]),
    ],
)
def test_a_number_counts_the_nearest_thing(state, text, expected):
    assert state(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "25 in Kursk with soldiers",
        "25 and soldiers",
        "25 flew to soldiers",
        "25 will build drones",
        "25 sent drones",  # a deed stands in between
        "three brigades of soldiers",
        "zwei Abgeordnete die Soldaten nannten",
        "£500 drones",  # money that the pack has no unit for
        "152-mm shells",
        "Hwasong-17 missiles",
        "1万人とミサイル"[2:],
    ],
)
def test_what_leads_away_from_the_number_ends_its_reach(state, text):
    assert state(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The number of soldiers rose to 12,000", [("soldiers", 12_000)]),
        ("Die Zahl der Soldaten ist auf 12.000 gestiegen", [("soldiers", 12_000)]),
        ("солдат уже 12 тысяч", [("soldiers", 12_000)]),
        ("The number of workers reached 300 people", [("workers", 300)]),
        ("The number of soldiers hit by drones rose to 17", [("soldiers", 17)]),
        ("The number of protests about drones rose to 17", []),
        ("soldiers rose to £500", []),
        ("soldiers rose to 300 shells", [("shells", 300)]),
        ("the soldiers are 19 and 26", []),
    ],
)
def test_a_thing_leads_to_the_number_behind_it(state, text, expected):
    assert state(text) == expected


def test_what_leads_to_a_number_does_not_limit_it(pack, reading):
    def bound(text):
        (fact,) = figures(reading(pack, text), pack)
        return fact.bound

    assert bound("Число солдат выросло до 300") is Bound.EXACT
    assert bound("The number of soldiers rose to up to 300") is Bound.UP_TO
    assert bound("The number of soldiers exceeded 300") is Bound.MORE_THAN


def test_people_are_counted_where_nothing_more_exact_is_said(state):
    assert state("25.000 Nordkoreaner sollen in Tatarstan Drohnen bauen") == [("people", 25_000)]


def test_people_are_the_workers_of_whom_the_text_says_the_same(state):
    found = state(
        "25.000 Nordkoreaner sollen Drohnen bauen", "Es sind 25.000 Arbeiter, sagt er, und 300 Nordkoreaner."
    )
    assert found == [("workers", 25_000), ("workers", 25_000), ("people", 300)]


def test_without_a_unit_for_people_a_name_of_people_counts_nothing(pack, reading):
    without = replace(
        pack,
        concepts={name: replace(one, part_of="") for name, one in pack.concepts.items() if name != "people"},
    )
    title = "25.000 Nordkoreaner sollen in Tatarstan Drohnen bauen"
    assert list(figures(reading(without, title), without)) == []


def test_a_figure_keeps_its_bound_and_its_range(pack, reading):
    (one, two) = figures(reading(pack, "Up to 12,000 soldiers and between 10 and 20 drones"), pack)
    assert (one.bound, one.value, one.most) == (Bound.UP_TO, 12_000, None)
    assert (two.bound, two.value, two.most) == (Bound.EXACT, 10, 20)


def test_the_evidence_holds_the_number_and_the_thing(pack, reading):
    (fact,) = figures(reading(pack, "Es kamen “12.000 müde Soldaten” 🪖"), pack)
    assert fact.evidence.text == "12.000 müde Soldaten"


PIECES = st.sampled_from(
    [
        "1만2천명",
        "12 soldiers ",
        "兵士1万2000人",
        "twelve ",
        "$5 ",
        "und ",
        "10-12 ",
        "발",
        ". ",
        "🪖",
        "Nordkoreaner ",
    ]
)


@given(st.lists(st.one_of(PIECES, st.text(max_size=4)), max_size=25).map("".join))
def test_every_figure_is_cut_from_the_text(pack, reading, text):
    for fact in figures(reading(pack, text), pack):
        assert fact.evidence.text == text[fact.evidence.start : fact.evidence.end] != ""
        assert fact.value > 0
        assert fact.most is None or fact.most > fact.value


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "hostile",
    [
        "soldiers rose to 5, ",
        "number of soldiers ",
        "soldiers rose to ",
        "5 soldiers ",
        "5 ",
        "soldiers ",
        "$5",
        "병력 5명 ",
        "1万人の",
        "5 North Koreans ",
    ],
)
def test_an_endless_sentence_is_counted_in_linear_time(pack, reading, hostile):
    text = hostile * (60_000 // len(hostile))
    assert len(list(figures(reading(pack, "", text), pack))) <= 60_000
