import pytest

from monitor.cli.stated import fact_in_words, novelty_in_words
from monitor.core.statements import Bound, FactKind


def fact(kind, concept="", **more):
    return {"kind": kind, "concept": concept, "text": "…", **more}


def soldiers(value, bound="exact", **more):
    return fact("figure", "soldiers", value=value, bound=bound, **more)


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        (soldiers(12_000.0), "12,000 soldiers"),
        (soldiers(3000.0, "more_than"), "more than 3,000 soldiers"),
        (soldiers(3000.0, "about", most=5000.0), "about 3,000–5,000 soldiers"),
        (soldiers(2.5, by="seoul"), "2.5 soldiers, by seoul"),
        (fact("place", "kursk"), "kursk"),
        (fact("stance", "denies", by="russia"), "denies, by russia"),
        (fact("date", first_day="2026-11-30", last_day="2026-11-30"), "2026-11-30"),
        (fact("date", first_day="2026-11-30", last_day="2026-12-02"), "2026-11-30 to 2026-12-02"),
        (fact("date"), "…"),
        (fact("title", text="북한군 🪖"), "“북한군 🪖”"),
    ],
)
def test_a_fact_in_words(stated, words):
    assert fact_in_words(stated) == words


@pytest.mark.parametrize("kind", FactKind)
@pytest.mark.parametrize("bound", Bound)
def test_every_kind_and_bound_has_words(kind, bound):
    assert fact_in_words(fact(kind.value, "it", value=7.0, bound=bound.value))


def test_what_is_new_says_what_was_told_before():
    assert novelty_in_words(soldiers(12_000.0, before=3000.0, newness="figure")) == (
        "12,000 soldiers, told before: 3,000 (figure)"
    )
    changed = fact("title", text="B", instead="A", newness="changed")
    assert novelty_in_words(changed) == "“B”, instead of “A” (changed)"
