from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.pacing import Pace, next_look, next_read
from spiders.items import CrawlReport, Outcome

PACE = Pace()
DAY = timedelta(days=1)
NUMBERS = st.one_of(st.none(), st.floats(), st.floats(0, 1e6))
DURATIONS = st.timedeltas(timedelta(seconds=1), timedelta(days=3650))


def report(outcome=Outcome.OK, reason="", retry_after=None):
    return CrawlReport("t", outcome, reason, retry_after=retry_after)


@given(
    st.integers(1, 5),
    st.sampled_from(Outcome),
    NUMBERS,
    st.integers(0, 10**6),
    st.floats(0, 1),
    st.builds(Pace, DURATIONS, DURATIONS, DURATIONS),
)
def test_the_next_look_is_in_the_future_and_within_bounds(
    now, weight, outcome, retry_after, failures, chance, pace
):
    wait = (
        next_look(weight, report(outcome, "x", retry_after), failures, now=now, pace=pace, chance=chance)
        - now
    )
    longest = max(pace.slowest, pace.failing) if outcome is Outcome.FAILED else pace.slowest
    assert timedelta() < wait <= max(longest * 1.1, DAY) + timedelta(microseconds=2)


def test_weighty_sources_are_looked_at_more_often(now):
    waits = [
        next_look(weight, report(), 0, now=now, pace=PACE, chance=0.5) - now for weight in (5, 4, 3, 2, 1)
    ]
    assert waits == [timedelta(minutes=minutes) for minutes in (5, 10, 20, 40, 80)]


def test_a_failing_source_is_looked_at_less_and_less_but_never_given_up(now):
    failed = report(Outcome.FAILED, "dns")
    waits = [next_look(5, failed, n, now=now, pace=PACE, chance=0.5) - now for n in (1, 2, 3, 10, 10_000)]
    assert waits == sorted(waits)
    assert waits[0] == timedelta(minutes=10)
    assert waits[-1] == PACE.failing


def test_what_a_server_asks_for_is_obeyed_for_at_most_a_day(now):
    def wait(seconds):
        return (
            next_look(5, report(Outcome.FAILED, "http_429", seconds), 1, now=now, pace=PACE, chance=0.5) - now
        )

    assert wait(3600.0) == timedelta(hours=1)
    assert wait(1e300) == wait(float("inf")) == DAY
    assert wait(-5.0) == wait(float("nan")) == wait(0.0) == timedelta(minutes=10)


def test_chance_spreads_looks_by_a_tenth(now):
    waits = [next_look(5, report(), 0, now=now, pace=PACE, chance=chance) - now for chance in (0.0, 1.0)]
    assert waits == [timedelta(minutes=4.5), timedelta(minutes=5.5)]


@given(st.integers(1, 20), st.text(max_size=8), NUMBERS)
def test_a_page_is_tried_again_in_the_future_or_not_at_all(now, attempts, reason, retry_after):
    again = next_read(report(Outcome.FAILED, reason, retry_after), attempts, now=now, pace=PACE)
    assert again is None or now < again <= now + DAY


@pytest.mark.parametrize("reason", ["http_404", "http_410", "robots", "no_text", "blocked_private_address"])
def test_a_page_that_will_never_be_read_is_given_up_at_once(now, reason):
    assert next_read(report(Outcome.FAILED, reason), 1, now=now, pace=PACE) is None


def test_a_page_is_given_up_after_five_attempts(now):
    tries = [next_read(report(Outcome.FAILED, "timeout"), n, now=now, pace=PACE) for n in range(1, 7)]
    assert [again is None for again in tries] == [False] * 4 + [True] * 2
    assert tries[:4] == sorted(tries[:4])
