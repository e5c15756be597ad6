from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.core.rotation import Rotation, is_due, surplus

NOW = datetime(2026, 11, 25, 6, 30, tzinfo=UTC)  # a Wednesday
DAY = timedelta(days=1)
MOMENTS = st.lists(st.integers(-40 * 24, 400 * 24), max_size=60).map(
    lambda hours: [NOW - timedelta(hours=each) for each in hours]
)


def daily(days):
    return [NOW - DAY * number for number in range(days)]


def test_the_newest_stay_and_one_of_each_week_before():
    made = daily(60)
    kept = sorted(set(made) - surplus(made, Rotation(keep=7, weeks=4), NOW), reverse=True)
    assert kept[:7] == made[:7]
    assert [at.isoformat()[:10] for at in kept[7:]] == [
        "2026-11-15",
        "2026-11-08",
    ]  # the Sundays of two more weeks


def test_without_weeks_only_the_newest_stay():
    assert surplus(daily(9), Rotation(keep=2, weeks=0), NOW) == set(daily(9)[2:])


def test_a_backup_of_a_time_to_come_stays_and_does_not_count():
    ahead = [NOW + DAY, NOW + 2 * DAY]
    assert surplus([*ahead, *daily(3)], Rotation(keep=3, weeks=0), NOW) == frozenset()


@given(MOMENTS, st.integers(1, 9), st.integers(0, 9))
def test_the_newest_never_goes_and_no_more_stay_than_are_wanted(made, keep, weeks):
    gone = surplus(made, Rotation(keep, weeks), NOW)
    past = {at for at in made if at <= NOW}
    assert gone <= past
    if past:
        assert max(past) not in gone
    assert min(len(past), keep) <= len(past - gone) <= keep + weeks


@given(MOMENTS)
def test_rotating_twice_is_rotating_once(made):
    left = set(made) - surplus(made, Rotation(), NOW)
    assert surplus(left, Rotation(), NOW) == frozenset()


def test_the_first_backup_is_due_at_once_and_the_next_after_its_time():
    assert is_due(None, DAY, NOW)
    assert not is_due(NOW - DAY + timedelta(seconds=1), DAY, NOW)
    assert is_due(NOW - DAY, DAY, NOW)
