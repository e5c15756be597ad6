from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.delivery.weekly import WeekTime

MONDAY = WeekTime(0, time(8))


@pytest.mark.parametrize(
    ("now", "zone", "due", "week"),
    [
        ("2026-11-30T08:00Z", "UTC", "2026-11-30T08:00Z", "2026-W48"),
        ("2026-11-30T07:59Z", "UTC", "2026-11-23T08:00Z", "2026-W47"),
        ("2026-11-30T07:30Z", "Europe/Berlin", "2026-11-30T07:00Z", "2026-W48"),
        ("2026-11-29T23:30Z", "Asia/Seoul", "2026-11-29T23:00Z", "2026-W48"),
        ("2027-01-05T12:00Z", "UTC", "2027-01-04T08:00Z", "2026-W53"),
    ],
)
def test_what_was_due_last_is_about_the_week_before(now, zone, due, week):
    now = datetime.fromisoformat(now)
    assert MONDAY.last(now, ZoneInfo(zone)) == datetime.fromisoformat(due)
    assert MONDAY.week(now, ZoneInfo(zone)) == week


def test_on_another_day_it_is_about_the_last_week_that_is_over():
    sunday = WeekTime(6, time(20))
    assert sunday.week(datetime(2026, 11, 29, 21, tzinfo=UTC), ZoneInfo("UTC")) == "2026-W47"


@pytest.mark.parametrize("at", [time(2, 30), time(1, 59), time(3, 0), time(0, 0), time(23, 59)])
@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/St_Johns", "Asia/Seoul", "Africa/Cairo"])
def test_every_week_of_a_year_has_one_however_the_clock_changes(at, zone):
    wish = WeekTime(6, at)  # clocks change on Sundays
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    due = {wish.last(begin + timedelta(hours=number), ZoneInfo(zone)) for number in range(24 * 364)}
    weeks = {wish.week(moment, ZoneInfo(zone)) for moment in due}
    assert len(due) == len(weeks) == 53
    for one, later in pairwise(sorted(due)):
        assert timedelta(days=6, hours=22) < later - one < timedelta(days=7, hours=2)


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  given a zone
    st.integers(0, 6),
    st.times(),
    st.sampled_from(("UTC", "Europe/Berlin", "Pacific/Apia", "America/St_Johns")),
)
def test_the_last_time_is_never_ahead_and_never_more_than_a_week_ago(now, day, at, zone):
    due = WeekTime(day, at).last(now, ZoneInfo(zone))
    assert timedelta() <= now - due < timedelta(days=9)
