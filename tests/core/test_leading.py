import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.leading import NAME, Lead, Role, closes, is_number_before, leads, role_of
from monitor.core.text import fold_text


@pytest.mark.parametrize(
    ("before", "thing", "role"),
    [
        ("the number of ", "soldiers", Role.NUMBERED),
        (f"the number of {NAME * 5} ", "soldiers", Role.NUMBERED),
        ("Кількість ", "загиблих", Role.NUMBERED),
        ("عدد ", "القتلى", Role.NUMBERED),
        ("their ", "losses", Role.SUM),
        ("the ", "death toll", Role.SUM),
        ("the ", "soldiers", Role.PLAIN),
        ("number of protests against ", "soldiers", Role.PLAIN),
        ("a large number. The ", "soldiers", Role.PLAIN),  # of another clause
        ("", "soldiers", Role.PLAIN),
    ],
)
def test_a_thing_is_a_sum_by_its_name_or_by_what_stands_before_it(before, thing, role):
    assert role_of(fold_text(thing), fold_text(before)) is role


@pytest.mark.parametrize(
    "between",
    [
        " rose to ",
        " have now reached ",
        f" in the {NAME} have risen to more than ",
        " уже ",
        " s'élèvent à ",
        " ya son ",
    ],
)
def test_a_verb_leads_from_any_thing_to_its_number(between):
    assert leads(Role.PLAIN, fold_text(between), nearest=True)


@pytest.mark.parametrize("between", [" of ", " at ", " to ", ": ", " - "])
def test_a_preposition_leads_only_from_a_sum_to_its_number(between):
    assert leads(Role.SUM, between, nearest=True)
    assert leads(Role.NUMBERED, between, nearest=True)
    assert leads(Role.PLAIN, between, nearest=True) is None


def test_a_limit_alone_leads_only_from_what_is_a_sum_by_itself():
    assert leads(Role.SUM, " over ", nearest=True)
    assert leads(Role.NUMBERED, " under ", nearest=True) is None  # the number of children under 14
    assert leads(Role.PLAIN, " over ", nearest=True) is None  # soldiers over 50


@pytest.mark.parametrize(
    "between", [" from the strike on the port rose to ", f" near {NAME} by {NAME} rose to "]
)
def test_a_sum_may_stand_farther_before_the_verb(between):
    assert leads(Role.SUM, between, nearest=False)
    assert leads(Role.PLAIN, between, nearest=True) is None


@pytest.mark.parametrize(
    "between",
    [" grew as exports rose to ", " 5 rose to ", ", rose to ", " and exports rose to ", " (rose to ", ""],
)
def test_what_begins_another_clause_or_number_leads_nowhere(between):
    assert leads(Role.SUM, between, nearest=True) is None


def test_the_last_word_of_a_verb_limits_nothing():
    assert leads(Role.NUMBERED, fold_text(" зросла до "), nearest=True) is Lead.TO
    assert leads(Role.NUMBERED, fold_text(" rose to more than "), nearest=True) is Lead.PLAIN
    assert leads(Role.SUM, fold_text(" до "), nearest=True) is Lead.PLAIN


@pytest.mark.parametrize(
    "behind", ["", ".", ", Kyiv said", " in January", "'e yükseldi", ":een", " on Monday", "\n", "!"]
)
def test_a_number_closes_where_its_clause_ends_or_time_and_place_follow(behind):
    assert closes(fold_text(f"17{behind}"), 2)


@pytest.mark.parametrize(
    "behind",
    [
        "%",
        " percent",
        " km",
        " a day",
        " per week",
        " pour cent",
        " and 26",
        " October",
        " others",
        "-year-old",
        "ème",
    ],
)
def test_a_number_that_measures_or_goes_on_does_not_close(behind):
    assert not closes(fold_text(f"17{behind}"), 2)


def test_the_number_of_something_else_may_be_what_grew():
    assert is_number_before("the number of protests against ")
    assert not is_number_before("a number, they say; the ")


WORDS = st.sampled_from(
    ["rose", "to", "of", NAME, "in", "more", "than", "до", "зросла", "🪖", "é", " ", "-", ":", "5"]
)


@given(st.lists(st.one_of(WORDS, st.text(max_size=3)), max_size=30).map(" ".join), st.sampled_from(Role))
def test_any_text_is_judged(text, role):
    for nearest in (True, False):
        lead = leads(role, fold_text(text), nearest=nearest)
        assert lead is None or isinstance(lead, Lead)
    role_of("soldiers", text)
    closes(text, len(text) // 2)
