"""What people type is understood, and what cannot be is told with its column."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core import query as q
from monitor.core.errors import RuleError
from monitor.core.query import Term
from monitor.core.searching.asking import read_question
from monitor.core.searching.limits import Limits
from monitor.core.searching.names import Names
from monitor.core.topic import Concept, ConceptKind, Pack, Rule

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


def concept(name, *terms, kind=ConceptKind.ACTOR, weight=1.0):
    return Concept(name, kind, {"en": name}, tuple(Term(term, "en") for term in terms), weight)


PACK = Pack(
    "p",
    {"en": "P"},
    "1",
    {
        one.name: one
        for one in (
            concept("dprk", "North Korea*", "김 정은", "=KCNA", "{Norden|Chosun}"),
            concept("moscow", "Moscow"),
            concept("russia", "Russia", "Moscow", "Kremlin"),
            concept("purchase", "deal", kind=ConceptKind.DEED),
            concept("others", "Cuba", "Laos", weight=0.0),
        )
    },
    (
        Rule(
            "r",
            {"en": "R"},
            q.AllOf((q.Macro("both", q.Sentence((q.Named("dprk"), q.Named("russia")))),)),
            "",
        ),
    ),
)
NAMES = Names([PACK])


def read(text, *standing):
    return read_question(text, NAMES, lambda words: set(words) & set(standing), NOW)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("rain wind", '"rain" AND "wind"'),
        ("rain wind OR snow", '"rain" AND "wind" OR "snow"'),
        ("rain AND wind snow", '"rain" AND "wind" AND "snow"'),
        ("rain (wind OR snow)", '"rain" AND ("wind" OR "snow")'),
        ("rain -wind", '"rain" AND NOT "wind"'),
        ('-"high wind" rain', 'NOT "high wind" AND "rain"'),
        ("rain -(wind OR snow)", '"rain" AND NOT ("wind" OR "snow")'),
        ("“high wind” «сильный ветер» „Wind“", '"high wind" AND "сильный ветер" AND "Wind"'),
        ("north korea rain", '(dprk OR "north korea") AND "rain"'),
        ("north korea NEAR/3 rain", '(dprk OR "north korea") NEAR/3 "rain"'),
        ("title:north korea", 'title:(dprk OR "north korea")'),
        ("north rain", '"north" AND "rain"'),
        ("김정은", 'dprk OR "김정은"'),
        ("chosun", 'dprk OR "chosun"'),
        ("moscow", 'moscow OR "moscow"'),
        ("Moscow", 'moscow OR "Moscow"'),
        ("purchase", 'purchase OR "purchase"'),
        ("deal cuba", '"deal" AND "cuba"'),
        ("both", "both"),
        ("10,000 men", '"10,000" AND "men"'),
        ("SUM(2 rain, wind) >= 2", 'SUM(2 "rain", 1 "wind") >= 2'),
        ("SENTENCE(rain, wind snow)", 'SENTENCE("rain", "wind" AND "snow")'),
        ("KN-23 l'ONU =ROK rain*", '"KN-23" AND "l\'ONU" AND "=ROK" AND "rain*"'),
        ("lang:de source:wire-1", "lang:de AND source:wire-1"),
        ("10:30", '"10:30"'),
    ],
)
def test_what_is_typed_is_understood(typed, meant):
    assert q.written(read(typed).query) == meant


def test_a_word_takes_the_forms_that_stand_in_the_history():
    standing = ("rains", "rained", "rainbow", "ветра", "drain")
    assert q.written(read("rain", *standing).query) == '"{rain|rains|rained}"'
    assert q.written(read('"rain"', *standing).query) == '"rain"'
    assert q.written(read("северо-ветер ветр", *standing).query) == '"северо-ветер" AND "{ветр|ветра}"'


@pytest.mark.parametrize(
    ("typed", "limits"),
    [
        ("after:2026-11-01", Limits(after=datetime(2026, 11, 1, tzinfo=UTC))),
        ("after:2026-11-01T12:00", Limits(after=datetime(2026, 11, 1, 12, tzinfo=UTC))),
        ("after:2026-11-01T12:00+03:00", Limits(after=datetime(2026, 11, 1, 9, tzinfo=UTC))),
        ("before:2026", Limits(before=datetime(2026, 1, 1, tzinfo=UTC))),
        ("after:7d", Limits(after=datetime(2026, 11, 19, 12, tzinfo=UTC))),
        ("after:2026-10 after:2026-09", Limits(after=datetime(2026, 10, 1, tzinfo=UTC))),
        ("story:12", Limits(story=12)),
    ],
)
def test_limits_hold_for_the_whole_wherever_they_stand(typed, limits):
    for text in (f"rain OR wind {typed}", f"{typed} AND (rain OR wind)", f"rain OR wind AND {typed}"):
        question = read(text)
        assert (question.limits, q.written(question.query)) == (limits, '"rain" OR "wind"')
    assert read(typed).query is None


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("rain (wind", "column 6: this parenthesis is never closed"),
        ("rain )", "column 6: this parenthesis was never opened"),
        ('"rain', "column 1: the quotation mark"),
        ("rain and wind", "column 6: and between words is no operator"),
        ("rain AND", "column 9: the condition ends"),
        ("titel:rain", "did you mean title:?"),
        ("lang:english", "did you mean lang:en?"),
        ("after:soon", "column 1: after: takes a day"),
        ("after:2026-02-31", "column 1: after: takes a day"),
        ("after:9999999d", "column 1: after: takes a day"),
        ("story:x", "column 1: story: takes the number of a story"),
        ("rain OR after:7d", "column 9: after:7d limits the whole search"),
        ("(rain after:7d)", "column 7: after:7d limits the whole search"),
        ("NOT after:7d", "column 5: after:7d limits the whole search"),
        ("rain NEAR/0 wind", "column 6: NEAR/ takes a number"),
        ("*", "column 1: an empty word"),
    ],
)
def test_a_mistake_is_told_with_its_column(typed, told):
    with pytest.raises(RuleError) as error:
        read(typed)
    assert told in str(error.value)


def test_what_else_is_found_is_told():
    (also,) = read("Norden").also
    assert (also.typed, also.concept, also.names) == ("Norden", "dprk", ("North Korea*",))


@given(st.text(max_size=40))
def test_whatever_is_typed_is_understood_or_refused(typed):
    try:
        read(typed)
    except RuleError as error:
        assert error.where.startswith("column ")  # noqa: PT017  either is fine
