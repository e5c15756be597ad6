from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.sources.pacing import (
    Pace,
    Stir,
    Stirs,
    first_looks,
    hastened,
    learned,
    next_look,
    next_read,
)
from monitor.core.sources.rhythm import Habits, Rhythm, listen
from monitor.core.sources.state import SourceState
from spiders.items import CrawlReport, Entry, Kind, Outcome, Source

PACE = Pace()
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
NUMBERS = st.one_of(st.none(), st.floats(), st.floats(0, 1e6))
DURATIONS = st.timedeltas(timedelta(seconds=1), timedelta(days=3650))
CLOCKS = st.times()
SOURCE = Source("a", "A", "https://a.example/rss", Kind.FEED, "ko", weight=5)
UNKNOWN = Habits()


def report(outcome=Outcome.OK, reason="", retry_after=None, **changes):
    return CrawlReport("t", outcome, reason, retry_after=retry_after, **changes)


@pytest.fixture
def habits(now):
    """The habits of a source that has had so many entries an hour for weeks."""

    def make(rate, **changes):
        since = now - timedelta(days=365)
        steady = Rhythm(since, now, (rate * 5.7,) * 168)  # weeks that a year counts, as it fades
        return Habits(steady, **changes)

    return make


def waited(
    now, source=SOURCE, told=None, *, failures=0, habits=UNKNOWN, pace=PACE, chance=0.5, stir=Stir.NONE
):
    """How long it is until the next look."""
    told = told or report()
    known = learned(habits, told, (), now=now, pace=pace)
    return next_look(source, told, failures, known, stir=stir, now=now, pace=pace, chance=chance) - now


@pytest.fixture
def wait(now):
    def ask(*given, at=now, **named):
        return waited(at, *given, **named)

    return ask


@given(
    st.builds(
        Source,
        *(st.just(value) for value in ("a", "A", "https://a.example/rss", Kind.FEED)),
        weight=st.integers(1, 5),
        quiet=st.one_of(st.none(), st.tuples(CLOCKS, CLOCKS).filter(lambda both: both[0] != both[1])),
        timezone=st.sampled_from(["UTC", "Asia/Seoul", "America/New_York", "Australia/Lord_Howe"]),
    ),
    st.sampled_from(Outcome),
    NUMBERS,
    NUMBERS,
    st.integers(0, 10**6),
    st.floats(0, 1),
    st.builds(Pace, DURATIONS, DURATIONS, DURATIONS),
    st.sampled_from(Stir),
)
def test_the_next_look_is_in_the_future_and_within_bounds(
    now, source, outcome, retry_after, fresh, failures, chance, pace, stir
):
    told = report(outcome, "x", retry_after, max_age=fresh, ttl=fresh)
    wait = waited(now, source, told, failures=failures, pace=pace, chance=chance, stir=stir)
    longest = pace.failing if outcome is Outcome.FAILED else pace.slowest
    quiet = DAY + longest if source.quiet else timedelta()
    assert timedelta() < wait <= max(longest * 1.1, pace.slowest, DAY) + quiet + timedelta(microseconds=2)


def test_a_source_is_looked_at_the_more_often_the_more_it_publishes(wait, habits):
    waits = [wait(habits=habits(rate)) / MINUTE for rate in (100, 30, 7.5, 1, 0.01)]
    assert waits == [pytest.approx(minutes, rel=0.1) for minutes in (1, 1, 2, 5.5, 55)]


def test_a_source_that_has_had_nothing_for_years_is_still_looked_at(wait, habits):
    assert wait(habits=habits(0)) <= PACE.slowest * 1.1


def test_weighty_sources_are_looked_at_more_often(wait):
    waits = [wait(replace(SOURCE, weight=weight)) / MINUTE for weight in (5, 4, 3, 2, 1)]
    assert waits == [pytest.approx(5.5 * 2**n, rel=0.05) for n in range(5)]


def test_looks_are_saved_at_night_for_the_day(wait):
    morning = datetime(2026, 11, 2, 6, tzinfo=UTC)
    habits = Habits()
    for hour in range(24 * 28):
        at = morning + HOUR * hour
        busy = [at - MINUTE * 20, at - MINUTE * 40, at - MINUTE * 50] if 7 <= at.hour < 20 else []
        habits = Habits(listen(habits.rhythm, busy, at))
    night = wait(habits=habits, at=habits.rhythm.until + HOUR * 17)
    noon = wait(habits=habits, at=habits.rhythm.until + HOUR * 6)
    assert night > 3 * noon


def test_a_look_that_is_due_at_night_comes_as_the_day_begins(now):
    """The wait is not the night's interval when the day is near."""
    hours = tuple(60.0 if 8 <= hour % 24 < 20 else 0.0 for hour in range(168))
    rhythm = Rhythm(now - timedelta(days=365), now.replace(hour=2), hours)
    at, source = rhythm.until, replace(SOURCE, weight=1)
    due = next_look(source, report(), 0, Habits(rhythm), now=at, pace=Pace(slowest=DAY), chance=0.5)
    assert at + HOUR * 4 < due < at + HOUR * 6.5


def test_a_failing_source_is_looked_at_less_and_less_but_never_given_up(wait):
    failed = report(Outcome.FAILED, "dns")
    waits = [wait(told=failed, failures=n) for n in (1, 2, 3, 10, 10_000)]
    assert waits == sorted(waits)
    assert waits[0] == timedelta(minutes=2)
    assert waits[-1] == PACE.failing


def test_a_source_that_comes_back_has_its_old_pace_at_once(wait, habits):
    before = wait(habits=habits(7.5))
    failed = learned(habits(7.5), report(Outcome.FAILED, "dns"), (), now=habits(1).rhythm.until, pace=PACE)
    assert wait(habits=failed) == before


def test_what_a_server_asks_for_is_obeyed_for_at_most_a_day(wait):
    def asked(seconds):
        return wait(told=report(Outcome.FAILED, "http_429", seconds), failures=1)

    assert asked(3600.0) == timedelta(hours=1)
    assert asked(1e300) == asked(float("inf")) == DAY
    assert asked(-5.0) == asked(float("nan")) == asked(0.0) == timedelta(minutes=2)


def test_while_an_answer_holds_it_is_not_asked_for_again(wait, habits):
    assert wait(habits=habits(30), told=report(max_age=900.0)) == MINUTE * 15
    assert wait(habits=habits(30), told=report(max_age=900.0), stir=Stir.REPORTED) == MINUTE * 15
    assert wait(habits=habits(30), told=report(max_age=1e12)) == PACE.slowest


def test_the_ttl_of_a_feed_counts_unless_a_story_breaks(wait, habits):
    assert wait(habits=habits(30), told=report(ttl=3600.0)) == HOUR
    assert wait(habits=habits(30), told=report(ttl=1e12)) == PACE.slowest
    assert wait(habits=habits(30), told=report(ttl=3600.0), stir=Stir.LANGUAGE) < MINUTE * 2


def test_a_ttl_is_remembered_while_the_feed_stays_unchanged(wait, habits):
    assert wait(habits=habits(30, ttl=3600.0), told=report(Outcome.UNCHANGED)) == HOUR
    assert wait(habits=habits(30, ttl=3600.0), told=report(Outcome.OK)) < MINUTE * 2


def test_while_a_story_breaks_those_who_told_it_and_its_language_are_looked_at_faster(wait):
    light = replace(SOURCE, weight=2)
    calm, same_language, told_it = (wait(light, stir=stir) for stir in Stir)
    assert calm / same_language == pytest.approx(2, rel=0.05)
    assert told_it == wait(replace(SOURCE, weight=5))


def test_a_story_concerns_who_told_it_and_whoever_writes_in_its_language():
    stirs = Stirs(frozenset({"b"}), frozenset({"ko"}))
    assert stirs.of(replace(SOURCE, name="b", language="ru")) is Stir.REPORTED
    assert stirs.of(SOURCE) is Stir.LANGUAGE
    assert stirs.of(replace(SOURCE, language="ru")) is Stir.NONE
    assert stirs.of(replace(SOURCE, language=None)) is Stir.NONE


@pytest.fixture
def state(now):
    return SourceState(
        replace(SOURCE, weight=1), next_due=now + HOUR, looked_at=now - MINUTE * 20, habits=Habits()
    )


def hasten(state, now, stir=Stir.REPORTED):
    return hastened(state, stir, now=now, pace=PACE, chance=0.5)


def test_as_a_story_breaks_a_look_is_brought_forward(state, now):
    assert hasten(state, now) == now
    just_looked = replace(state, looked_at=now - MINUTE)
    assert now < hasten(just_looked, now) < now + MINUTE * 6
    assert hasten(replace(state, next_due=now), now) == now


def test_what_fails_or_was_asked_to_wait_or_has_its_times_is_not_hastened(state, now):
    assert hasten(replace(state, failures=1), now) == state.next_due
    asked = replace(state, habits=Habits(wait_until=now + MINUTE * 30))
    assert hasten(asked, now) == now + MINUTE * 30
    fixed = replace(state, source=replace(state.source, times=(time(7),)))
    assert hasten(fixed, now) == state.next_due
    assert hasten(replace(state, looked_at=None), now) == state.next_due


def test_chance_spreads_looks_by_a_tenth(wait, habits):
    waits = [wait(habits=habits(100), chance=chance) / MINUTE for chance in (0.0, 1.0)]
    assert waits == [pytest.approx(0.9), pytest.approx(1.1)]


def test_a_source_with_times_is_looked_at_then_and_only_then(wait, now):
    at_times = replace(SOURCE, times=(time(7), time(19, 30)), timezone="Asia/Seoul")
    morning = datetime(2026, 11, 24, 22, 0, 5, tzinfo=UTC)  # 7:00:05 in Seoul
    assert wait(at_times, at=morning, chance=0.0) == timedelta(hours=12, minutes=29, seconds=55)
    assert wait(at_times, at=morning, chance=1.0) <= timedelta(hours=12, minutes=31)
    failed = report(Outcome.FAILED, "dns")
    assert wait(at_times, failed, failures=1) == MINUTE * 2


@pytest.mark.parametrize(
    "night", [datetime(2026, 3, 28, 23, tzinfo=UTC), datetime(2026, 10, 24, 23, tzinfo=UTC)]
)
def test_times_come_once_in_a_night_on_which_the_clock_changes(wait, night):
    nightly = replace(SOURCE, times=(time(2, 30),), timezone="Europe/Berlin")
    first = wait(nightly, at=night, chance=0.0)
    second = wait(nightly, at=night + first, chance=0.0)
    assert HOUR < first < HOUR * 4
    assert HOUR * 23 <= second <= HOUR * 25


def test_in_quiet_hours_nothing_is_asked(wait):
    asleep = replace(SOURCE, quiet=(time(23), time(5)), timezone="Asia/Seoul")
    evening = datetime(2026, 11, 24, 13, 58, tzinfo=UTC)  # 22:58 in Seoul
    assert wait(asleep, at=evening, chance=0.0) == timedelta(hours=6, minutes=2)
    assert wait(asleep, at=evening - HOUR) < MINUTE * 7


def test_a_first_look_that_says_unchanged_teaches_nothing(now):
    known = learned(Habits(), report(Outcome.UNCHANGED), (), now=now, pace=PACE)
    assert known.rhythm is None
    entries = [Entry("https://a.example/1", published=now - HOUR), Entry("https://a.example/2")]
    assert learned(Habits(), report(), entries, now=now, pace=PACE).rhythm is not None


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


def test_a_breaking_story_can_have_looked_at_sooner_what_is_not_looked_at_as_often_as_can_be():
    assert PACE.stirrable == (1, 2, 3, 4)
    assert Pace(fastest=2 * HOUR, slowest=2 * HOUR).stirrable == ()


def test_who_has_to_do_with_a_story_since_lately_is_told_apart():
    before, after = (
        Stirs(frozenset({"a"}), frozenset({"ko"})),
        Stirs(frozenset({"a", "b"}), frozenset({"ko"})),
    )
    assert after.without(before) == Stirs(frozenset({"b"}))
    assert not before.without(after)
    assert after.without(before).joined(before) == after


def test_new_sources_are_due_at_once_unless_there_are_very_many(now):
    due = list(first_looks(100_000, now))
    assert due[:1_000] == [now] * 1_000
    assert due == sorted(due)
    assert due[-1] - now == timedelta(seconds=989.99)
