"""What was told lately: which alerts, on which day, with what was new in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.core.delivery.deliveries import Recipient
from monitor.core.models import AlertKind, AlertPlan, Reason
from monitor.core.statements import Evidence, Fact, FactKind, Field, Novelty
from monitor.core.topic import Severity
from monitor.store.database import rows
from monitor.store.history import History
from monitor.store.views.choices import known_languages
from monitor.store.views.developments import Chosen, developments

UTC = ZoneInfo("UTC")
EVERYTHING = Chosen()


def figure(value, text="1만5천명"):
    return Fact(FactKind.FIGURE, "soldiers", value, Evidence(Field.TITLE, 0, 3, text, "soldiers"))


@pytest.fixture
def update(stocked, ingest, now):
    """A second article continues the story of the first one, a day later."""
    later = now + timedelta(days=1)
    plan = AlertPlan(
        AlertKind.UPDATE,
        Reason.NEW_FACTS,
        (Novelty(figure(15_000.0), before=12_000.0),),
        (Recipient("mail", "anna"),),
    )
    base = ingest(2)
    facts = (figure(15_000.0),)
    article = replace(base.article, language="ru", published=later)
    changed = replace(base, story=1, alerts=(plan,), facts=facts, read_at=later, article=article)
    History(stocked).ingest(replace(changed, source="tass-ru"))
    return stocked


def test_nothing_was_told_in_an_empty_history(db):
    found = developments(db, EVERYTHING, UTC)
    assert (found.found, found.earlier) == ((), None)


def test_a_first_report_is_told_with_the_figures_that_it_begins_with(stocked):
    (one,) = developments(stocked, EVERYTHING, UTC).found
    assert (one.story, one.pack, one.language) == (1, "dprk-russia", "ko")
    assert one.is_new
    assert [(new.fact.value, new.before) for new in one.told[0].new] == [(12_000.0, None)]
    assert (one.articles, one.outlets, one.languages) == (1, 1, ("ko",))


def test_an_update_is_told_with_what_stood_there_before(update):
    latest, first = developments(update, EVERYTHING, UTC).found
    assert [(new.fact.value, new.before) for new in latest.told[0].new] == [(15_000.0, 12_000.0)]
    assert not latest.is_new
    assert first.is_new
    assert (latest.articles, latest.outlets, latest.languages) == (2, 2, ("ko", "ru"))


def test_what_was_told_of_one_story_on_one_day_stands_together(update, ingest, now):
    again = replace(ingest(3), story=1, read_at=now + timedelta(days=1, hours=1), source="tass-ru")
    History(update).ingest(again)
    days = [
        (one.day, [told.alert for told in one.told]) for one in developments(update, EVERYTHING, UTC).found
    ]
    assert days == [(date(2026, 11, 26), [3, 2]), (date(2026, 11, 25), [1])]


def test_days_are_those_of_the_readers_zone(stocked):
    (one,) = developments(stocked, EVERYTHING, ZoneInfo("Pacific/Pago_Pago")).found
    assert one.day == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("chosen", "stories"),
    [
        (Chosen(pack="dprk-russia"), 2),
        (Chosen(pack="other"), 0),
        (Chosen(language="ru"), 1),
        (Chosen(language="de"), 0),
        (Chosen(at_least=Severity.URGENT), 2),
        (Chosen("dprk-russia", "ko", Severity.HIGH), 1),
    ],
)
def test_readers_choose_topic_language_and_severity(update, chosen, stories):
    assert len(developments(update, chosen, UTC).found) == stories


def test_what_is_too_much_for_one_page_goes_on_at_the_next(update):
    first = developments(update, EVERYTHING, UTC, limit=1)
    rest = developments(update, EVERYTHING, UTC, limit=1, before=first.earlier)
    assert [one.told[0].alert for one in (*first.found, *rest.found)] == [2, 1]
    assert rest.earlier is None


def test_the_newest_alerts_are_found_by_their_key_and_the_rest_is_not_read(stocked):
    plan = rows(
        stocked,
        """EXPLAIN QUERY PLAN SELECT alerts.id FROM alerts CROSS JOIN articles ON articles.id = alerts.article
        WHERE alerts.id < ? AND articles.language = ? ORDER BY alerts.id DESC LIMIT 10""",
        (10, "ko"),
    )
    assert not any("TEMP B-TREE" in row["detail"] for row in plan)


def test_the_languages_of_sources_can_be_chosen(stocked):
    assert known_languages(stocked) == ("ko", "ru")
