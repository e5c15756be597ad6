"""When is a source silent? By how often, and at which hours of the week, it usually brings something."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.sources.wellness.silence import arrivals, silence

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)


def hourly(start, days, hours=range(24)):
    """The arrivals of a source that brings something in these hours of so many days."""
    return [start + day * DAY + hour * HOUR for day in range(days) for hour in hours]


def working_week(weeks, hours=range(8, 18)):
    """Arrivals in these hours of Mondays to Fridays, until Friday evening."""
    return [at for week in range(weeks) for at in hourly(MONDAY - (weeks - week) * WEEK, 5, hours)]


def first_silence(times, step=HOUR):
    """How long after its last arrival a source is called silent."""
    known = arrivals(times)
    return next(n * step for n in range(10_000) if silence(known, known.last + n * step))


def test_a_source_that_brings_something_each_hour_is_silent_after_a_day():
    assert first_silence(hourly(MONDAY, 3)) == DAY + HOUR
    assert first_silence(hourly(MONDAY, 40)) == DAY + HOUR


def test_a_source_is_silent_after_six_times_its_usual_pause():
    assert first_silence([MONDAY + n * 10 * HOUR for n in range(9)]) == 60 * HOUR + HOUR
    assert first_silence([MONDAY + n * 3 * DAY for n in range(4)]) == 18 * DAY + HOUR


def test_a_weekend_is_no_silence_once_the_week_is_known():
    friday_evening = MONDAY - 3 * DAY + 17 * HOUR
    assert arrivals(working_week(4)).last == friday_evening
    # Six of the hours in which something usually comes pass on Monday.
    assert friday_evening + first_silence(working_week(4)) == MONDAY + 14 * HOUR


def test_a_weekly_source_is_not_silent_all_week():
    weekly = [MONDAY + week * WEEK + n * timedelta(minutes=5) for week in range(8) for n in range(9)]
    assert first_silence(weekly) > 6 * WEEK


def test_a_source_that_brought_too_little_to_have_a_habit_has_two_weeks():
    assert first_silence([MONDAY]) == 14 * DAY + HOUR
    assert first_silence(hourly(MONDAY, 1, (1, 2, 3))) == 14 * DAY + HOUR


def test_the_reason_names_the_last_arrival_and_the_usual_pause():
    known = arrivals(hourly(MONDAY, 3))
    assert silence(known, MONDAY + 9 * DAY) == "nothing new since 2026-11-25 23:00 UTC, usually every 1 h"
    assert arrivals([]) is None


@pytest.mark.parametrize("weeks", [1, 2, 3])
def test_whole_weeks_are_expected_to_bring_what_a_week_brings(weeks):
    known = arrivals(working_week(5))
    assert known.expected(known.last + weeks * WEEK) == pytest.approx(weeks * 50)


@given(st.lists(st.integers(0, 60 * 24 * 70), min_size=1, max_size=60), st.integers(0, 100))
def test_no_source_is_silent_within_a_day_and_every_one_is_in_the_end(minutes, hours):
    known = arrivals([MONDAY + timedelta(minutes=n) for n in minutes])
    assert (silence(known, known.last + hours * HOUR) == "") or hours > 24
    assert silence(known, known.last + 70 * WEEK)
