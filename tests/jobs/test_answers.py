from datetime import UTC, date, datetime

import pytest

from monitor.core.models import AlertKind, AlertPlan, Ingest, Reason, Stored
from monitor.core.statements import Bound, Evidence, Fact, FactKind, Field, Newness, Novelty, Period
from monitor.jobs.answers import answer, summarise
from monitor.jobs.taking import Taken
from spiders.items import Article

WORDS = Evidence(Field.TITLE, 3, 9, "병력 1만🪖", "soldiers")
FIGURE = Fact(FactKind.FIGURE, "soldiers", 10_000.0, WORDS)


@pytest.fixture
def answered():
    """The answer about an article that states these facts, of which these are told as new."""

    def run(*facts, new=()):
        plan = (AlertPlan(AlertKind.UPDATE, Reason.NEW_FACTS, tuple(new), ()),) if new else ()
        ingest = Ingest(
            "x", "replay", Article("x", "", ""), datetime(2026, 11, 25, tzinfo=UTC), Reason.NEW_FACTS,
            facts=facts, alerts=plan,
        )  # fmt: skip
        return answer("a", Taken(ingest, Stored(1, 1, ())))

    return run


def test_a_figure_says_how_the_text_limits_it(answered):
    exact, bounded = answered(
        FIGURE, Fact(FactKind.FIGURE, "soldiers", 3000.0, WORDS, by="seoul", bound=Bound.ABOUT, most=5000.0)
    )["facts"]
    assert exact == {
        "kind": "figure", "concept": "soldiers", "text": "병력 1만🪖", "value": 10_000.0, "bound": "exact",
        "field": "title", "start": 3, "end": 9,
    }  # fmt: skip
    assert (bounded["bound"], bounded["value"], bounded["most"]) == ("about", 3000.0, 5000.0)
    assert bounded["by"] == "seoul"


def test_only_figures_have_a_bound_and_only_dates_have_days(answered):
    days = Period(date(2026, 11, 30), date(2026, 12, 2))
    place, when = answered(
        Fact(FactKind.PLACE, "kursk", None, WORDS), Fact(FactKind.DATE, "", None, WORDS, period=days)
    )["facts"]
    assert place.keys() == {"kind", "concept", "text", "field", "start", "end"}
    assert (when["first_day"], when["last_day"]) == ("2026-11-30", "2026-12-02")
    assert "value" not in when


def test_what_is_new_says_in_which_way_and_instead_of_what(answered):
    title = Fact(FactKind.TITLE, "", None, WORDS)
    figure, changed = answered(
        new=[Novelty(FIGURE, before=3000.0), Novelty(title, kind=Newness.CHANGED, instead="병력 3천")]
    )["new"]
    assert (figure["newness"], figure["before"]) == ("figure", 3000.0)
    assert "instead" not in figure
    assert (changed["newness"], changed["instead"], changed["text"]) == ("changed", "병력 3천", "병력 1만🪖")
    assert "before" not in changed


def row(reason="no_rule_matched", story=None, alert=None, *new):
    return {
        "relevant": story is not None, "story": story, "alert": alert, "reason": reason,
        "new": [{"newness": kind} for kind in new],
    }  # fmt: skip


def test_a_summary_counts_texts_stories_alerts_and_reasons():
    figures = summarise(
        [
            row(),
            row("new_story", 7, "new"),
            row("repeat", 7),
            row("repeat", 7),
            row("new_story", 9, "new"),
            row("new_facts", 9, "update", "figure", "figure", "stance"),
        ]
    )
    assert (figures.articles, figures.relevant, figures.stories) == (6, 5, 2)
    assert figures.alerts == {AlertKind.NEW: 2, AlertKind.UPDATE: 1}
    assert (figures.told, figures.saved) == (3, 2)
    assert list(figures.reasons.items()) == [
        ("new_story", 2), ("repeat", 2), ("no_rule_matched", 1), ("new_facts", 1),
    ]  # fmt: skip


def test_an_update_counts_once_for_each_way_in_which_it_is_new():
    figures = summarise([row("new_facts", 1, "update", "figure", "figure", "stance")])
    assert figures.updates == {Newness.FIGURE: 1, Newness.STANCE: 1}
    assert figures.row()["updates"] == {"figure": 1, "stance": 1}


def test_what_a_first_report_states_is_no_update():
    assert summarise([row("new_story", 1, "new", "figure")]).updates == {}


def test_nothing_is_summed_up_as_nothing():
    figures = summarise([])
    assert (figures.articles, figures.told, figures.saved, dict(figures.reasons)) == (0, 0, 0, {})
