"""What the pages of sources are made of."""

from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.core.errors import InputError
from monitor.core.models import AlertKind, AlertPlan, Reason
from monitor.core.sources.delays import Delay
from monitor.core.sources.state import Condition, Diagnosis
from monitor.store.delays import finding, telling
from monitor.store.history import History
from monitor.store.sources import Sources
from monitor.store.views.sources import LookDay, source_lines, source_page
from monitor.store.wellness import Wellness
from spiders.items import CrawlReport, Entry, Outcome


@pytest.fixture
def listed(stocked, look, now):
    """A look at a source at a time, that listed addresses so long after their publication."""

    def listed(at, *waits, source="yonhap-ko"):
        entries = tuple(
            Entry(
                f"https://{source}.example/{at.timestamp()}-{n}",
                published=None if wait is None else at - wait,
            )
            for n, wait in enumerate(waits)
        )
        Sources(stocked).save_look(
            source, look(entries=entries), next_due=at + timedelta(minutes=5), now=at, baseline_before=None
        )
        return [entry.url for entry in entries]

    return listed


def minutes(*many):
    return [timedelta(minutes=each) for each in many]


def test_the_worst_come_first(stocked, now):
    Wellness(stocked).keep("tass-ru", Diagnosis(Condition.FAILING, "fails (http_500)"), now)
    lines = source_lines(stocked, now)
    assert [line.state.source.name for line in lines] == ["tass-ru", "yonhap-ko"]
    assert lines[0].state.health.diagnosis.text == "fails (http_500)"


def test_a_delay_is_from_publication_to_finding_but_not_of_what_was_there_before(stocked, listed, now):
    assert finding(stocked, now - timedelta(days=1)) == {}  # all that is there was there at the first look
    at = now + timedelta(hours=1)
    listed(at, *minutes(*range(1, 21)), None)
    delay = Delay(timedelta(minutes=10), timedelta(minutes=19), 20)
    found = finding(stocked, now)
    assert found.keys() == {"yonhap-ko"}
    assert found["yonhap-ko"].many == 20
    assert abs(found["yonhap-ko"].median - delay.median) < timedelta(seconds=1)
    assert abs(found["yonhap-ko"].p95 - delay.p95) < timedelta(seconds=1)
    assert finding(stocked, now, source="tass-ru") == {}
    assert finding(stocked, at + timedelta(seconds=1)) == {}


def test_what_is_dated_in_the_future_was_found_at_once(stocked, listed, now):
    listed(now + timedelta(hours=1), timedelta(hours=-5))
    assert finding(stocked, now)["yonhap-ko"].median == timedelta()


def test_a_delay_is_from_finding_to_the_alert(stocked, listed, ingest, now):
    (url,) = listed(now + timedelta(hours=1), timedelta(minutes=5))
    plan = AlertPlan(AlertKind.NEW, Reason.NEW_STORY, (), ())
    History(stocked).ingest(ingest(9, entry=url, read_at=now + timedelta(hours=1, minutes=2), alerts=(plan,)))
    told = telling(stocked, now + timedelta(minutes=1), source="yonhap-ko")["yonhap-ko"]
    assert (round(told.median.total_seconds()), told.many) == (120, 1)
    assert (
        source_lines(stocked, now + timedelta(hours=2))[1].telling.many == 2
    )  # the one of the first look as well


def test_the_page_of_a_source_says_when_it_publishes(stocked, listed, now):
    listed(now + timedelta(hours=1), *minutes(5, 6, 120), timedelta(days=40), None)
    page = source_page(stocked, "yonhap-ko", now + timedelta(hours=2))
    hour = datetime(2026, 11, 25, 7, tzinfo=UTC)
    assert page.hours[hour] == 3  # two of them, and the one without a date
    assert page.hours[hour - timedelta(hours=2)] == 2  # one of the first look, too
    assert sum(page.hours.values()) == 8  # what was published long before is none of this time


def test_the_page_of_a_source_has_its_looks_by_day_and_one_by_one(stocked, listed, now):
    listed(now + timedelta(days=1), timedelta(minutes=1))
    failed = CrawlReport(
        "l", Outcome.FAILED, reason="http_500", detail="Internal <b>Server</b> Error", status=500
    )
    late = now + timedelta(days=1, hours=1)
    Sources(stocked).save_look("yonhap-ko", failed, next_due=late, now=late, baseline_before=None)
    page = source_page(stocked, "yonhap-ko", late)
    assert page.days == (
        LookDay(date(2026, 11, 26), ok=1, failed=1, new=1),
        LookDay(date(2026, 11, 25), ok=1, new=4),
    )
    assert [(each.outcome, each.reason, each.status) for each in page.looks[:2]] == [
        (Outcome.FAILED, "http_500", 500),
        (Outcome.OK, "", 200),
    ]
    assert (page.articles, page.relevant, page.retired_at) == (1, 1, None)


def test_a_look_that_listed_nothing_known_left_a_gap(stocked, listed, now):
    listed(now + timedelta(hours=1), *minutes(*range(10)))
    (gap,) = source_page(stocked, "yonhap-ko", now + timedelta(hours=2)).gaps
    assert (gap.since, gap.at) == (now, now + timedelta(hours=1))


def test_a_source_that_retired_still_has_its_page(stocked, source, now):
    Sources(stocked).sync([source("tass-ru", title="ТАСС", language="ru")], now)
    page = source_page(stocked, "yonhap-ko", now)
    assert (page.retired_at, page.line.harvest.per_day) == (now, None)
    assert [line.state.source.name for line in source_lines(stocked, now)] == ["tass-ru"]


def test_a_source_that_never_was_is_the_readers_mistake(stocked, now):
    with pytest.raises(InputError, match="no source nobody"):
        source_page(stocked, "nobody", now)
