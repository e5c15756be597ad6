"""The way to an alert: what was reported of its story before."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.core.delivery.deliveries import Recipient
from monitor.core.models import AlertKind, AlertPlan, Reason
from monitor.store.alerts import read_alert
from monitor.store.history import History

HOUR = timedelta(hours=1)


@pytest.fixture
def told(db, now, ingest):
    """Take in report `number` of story 1, read and published `number` hours after the first; give its alert."""

    def make(number, **changes):
        item = ingest(number, story=1 if number > 1 else None, read_at=now + number * HOUR, **changes)
        article = replace(item.article, title=f"제목 {number}", published=now + number * HOUR)
        return History(db).ingest(replace(item, article=article)).alerts

    return make


def test_the_first_report_has_no_timeline(db, told):
    told(1)
    alert = read_alert(db, 1)
    assert (alert.timeline, alert.earlier) == ((), 0)


def test_a_report_comes_with_those_before_it_and_what_they_were_told_for(db, told, now):
    told(1)
    told(2)
    told(3)
    second, first = read_alert(db, 3).timeline
    assert (first.title, second.title) == ("제목 1", "제목 2")
    assert [(item.before, item.fact.value) for item in second.new] == [(10_000.0, 12_000.0)]
    assert second.figures == (), "what was new says it already"
    assert (second.at, second.language, second.day_only) == (now + 2 * HOUR, "ko", False)
    assert read_alert(db, 2).timeline == (first,), "what came later does not change what was told before"


def test_a_long_story_shows_what_was_told_and_counts_the_rest(db, told):
    for number in range(1, 12):
        repeat = {"alerts": (), "reason": Reason.REPEAT} if number % 2 == 0 else {}
        told(number, **repeat)
    alert = read_alert(db, 6)
    assert alert.earlier == 10
    titles = [int(one.title.split()[1]) for one in alert.timeline]
    assert len(titles) == 8
    assert titles == sorted(titles, reverse=True)
    assert {1, 3, 5, 7, 9} <= set(titles), "what was told comes first"


def test_a_report_that_was_not_told_shows_what_it_counts(db, told):
    told(1, alerts=(), reason=Reason.BASELINE)
    told(2)
    (first,) = read_alert(db, 1).timeline
    assert first.new == ()
    assert [fact.value for fact in first.figures] == [12_000.0]


def test_the_page_itself_is_not_on_the_way_to_its_own_change(db, told, ingest, now):
    told(1)
    told(2)
    item = ingest(1, story=1, read_at=now + 5 * HOUR)
    plan = AlertPlan(AlertKind.UPDATE, Reason.CHANGED, (), (Recipient("mail", "anna"),))
    History(db).ingest(replace(item, article=replace(item.article, title="수정"), alerts=(plan,)))
    assert [one.title for one in read_alert(db, 3).timeline] == ["제목 2"]
