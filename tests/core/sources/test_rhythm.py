from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.sources.rhythm import Rhythm, listen

HOUR = timedelta(hours=1)
MONDAY = datetime(2026, 11, 2, tzinfo=UTC)
TIMES = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def heard(publications, *, begin=MONDAY, until, every=HOUR):
    """The rhythm of a source after looks at an interval, each of which finds what was published since the last."""
    rhythm, at = listen(None, [], begin), begin
    while at < until:
        since, at = at, at + every
        rhythm = listen(rhythm, [one for one in publications if since < one <= at], at)
    return rhythm


def daily(hours, days, *, begin=MONDAY):
    """Two publications in each of these hours on each of these days."""
    return [
        begin + timedelta(days=day, hours=hour, minutes=minute)
        for day in days
        for hour in hours
        for minute in (10, 40)
    ]


def test_of_a_source_nobody_knows_an_entry_an_hour_is_expected():
    assert listen(None, [], MONDAY).usual(MONDAY) == pytest.approx(1.0)


def test_the_rate_of_a_steady_source_is_learned():
    steady = [MONDAY + HOUR * 0.2 * number for number in range(5 * 24 * 14)]
    rhythm = heard(steady, until=MONDAY + timedelta(days=14))
    for hour in range(168):
        assert rhythm.usual(MONDAY + HOUR * hour) == pytest.approx(5.0, rel=0.15)
    assert rhythm.level == pytest.approx(1.0, rel=0.1)


def test_a_silent_source_is_expected_to_stay_silent():
    rates = [heard([], until=MONDAY + timedelta(days=days)).usual(MONDAY) for days in (1, 7, 28, 100)]
    assert rates == sorted(rates, reverse=True)
    assert rates[1] < 0.01


def test_hours_of_the_day_are_learned_before_hours_of_the_week():
    rhythm = heard(daily((9,), range(6)), until=MONDAY + timedelta(days=6))
    nine, three = (MONDAY + timedelta(days=6, hours=hour) for hour in (9, 3))
    assert rhythm.usual(nine) > 2 * rhythm.usual(three)


def test_weekends_are_learned():
    workdays = [day for day in range(42) if day % 7 < 5]
    rhythm = heard(daily(range(6, 18), workdays), until=MONDAY + timedelta(days=42))
    friday, sunday = (MONDAY + timedelta(days=day, hours=12) for day in (46, 48))
    assert rhythm.usual(friday) > 2.5 * rhythm.usual(sunday)


def test_a_single_entry_changes_little():
    quiet = heard([], until=MONDAY + timedelta(days=7))
    once = listen(quiet, [quiet.until + HOUR / 2], quiet.until + HOUR)
    assert once.usual(once.until) * once.level < 0.1


def test_a_burst_raises_the_level_and_passes():
    calm = heard(daily((6, 12, 18), range(14)), until=MONDAY + timedelta(days=14))
    now = calm.until + HOUR
    burst = listen(calm, [now - timedelta(minutes=number) for number in range(20)], now)
    assert burst.level > 2.5 * calm.level
    later = burst
    for _ in range(24 * 5):
        later = listen(later, [], later.until + HOUR)
    assert later.level < 1.1


def test_old_habits_fade():
    busy = heard(daily(range(24), range(14)), until=MONDAY + timedelta(days=14))
    now = busy
    for _ in range(24 * 7 * 20):
        now = listen(now, [], now.until + HOUR)
    assert now.usual(MONDAY) < busy.usual(MONDAY) / 10


def test_what_a_source_holds_when_it_is_met_tells_its_rate():
    held = [MONDAY - HOUR * 0.5 * number for number in range(40)]
    assert listen(None, held, MONDAY).usual(MONDAY - HOUR * 5) == pytest.approx(2.0, rel=0.4)


def test_a_few_old_entries_that_a_source_keeps_do_not_make_it_slow():
    held = [MONDAY - HOUR * 0.5 * number for number in range(20)]
    kept = [MONDAY - timedelta(days=day) for day in (9, 10, 11)]
    with_old, without = (
        listen(None, times, MONDAY).usual(MONDAY - HOUR * 3) for times in (held + kept, held)
    )
    assert with_old == pytest.approx(without, rel=0.5)


def test_dates_that_cannot_be_count_when_they_were_found():
    rhythm = listen(None, [], MONDAY)
    now = MONDAY + HOUR
    for strange in (None, datetime(1970, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)):
        assert sum(listen(rhythm, [strange], now).hours) == pytest.approx(1.0)
        assert listen(rhythm, [strange], now).hours[0] == pytest.approx(1.0)


def test_a_flood_of_addresses_is_not_taken_at_its_word():
    known = heard(daily((12,), range(14)), until=MONDAY + timedelta(days=14))
    now = known.until + HOUR
    assert sum(listen(known, [None] * 100_000, now).hours) < sum(known.hours) + 101


def test_a_clock_that_is_set_back_teaches_nothing():
    known = heard(daily((12,), range(3)), until=MONDAY + timedelta(days=3))
    back = listen(known, [known.until], known.until - timedelta(days=1))
    assert back.hours == known.hours
    assert back.until == known.until - timedelta(days=1)


@given(
    st.lists(st.tuples(TIMES, st.lists(st.one_of(st.none(), TIMES), max_size=9)), min_size=1, max_size=9),
    TIMES,
)
def test_whatever_it_hears_it_has_a_rate(looks, at):
    rhythm = None
    for now, published in looks:
        rhythm = listen(rhythm, published, now)
    assert isinstance(rhythm, Rhythm)
    assert 0 < rhythm.usual(at) < 1000
    assert 0 < rhythm.level < 1000
    assert len(rhythm.hours) == 168
    assert rhythm.since <= rhythm.until
