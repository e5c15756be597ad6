"""When a message may leave, in every time zone: held against a clock on the wall that is watched minute by minute."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.core.delivery.deliveries import Hold, Waiting
from monitor.core.delivery.policy import HOUR, Policy, Quiet, Road, holds, last_time, next_time
from monitor.core.topic import Severity

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
ZONES = sorted(available_timezones() - {"localtime"})  # that one is of the machine
NOW = datetime(2026, 11, 25, 6, 30, tzinfo=UTC)

# Nights on which the clock jumps oddly: a whole day, half an hour, seconds, over midnight, two hours.
ODD_NIGHTS = [
    ("Africa/Monrovia", datetime(1972, 1, 7, 0, 44, 30, tzinfo=UTC)),
    ("America/Havana", datetime(2026, 3, 8, 5, 0, tzinfo=UTC)),
    ("America/Nuuk", datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
    ("America/Nuuk", datetime(2026, 10, 25, 1, 0, tzinfo=UTC)),
    ("Antarctica/Troll", datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
    ("Asia/Pyongyang", datetime(2018, 5, 4, 15, 0, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, 0, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 10, 25, 1, 0, tzinfo=UTC)),
    ("Pacific/Apia", datetime(2011, 12, 30, 10, 0, tzinfo=UTC)),
    ("Pacific/Kiritimati", datetime(1994, 12, 31, 10, 40, tzinfo=UTC)),
]


def change_after(zone, at):
    """When the clocks of a zone are set next; `at` itself if they are not set within 400 days."""
    there = ZoneInfo(zone)
    offset = at.astimezone(there).utcoffset()
    for days in range(400):
        late = at + (days + 1) * DAY
        if late.astimezone(there).utcoffset() != offset:
            early = late - DAY
            while late - early > MINUTE:
                middle = early + (late - early) / 2
                if middle.astimezone(there).utcoffset() == offset:
                    early = middle
                else:
                    late = middle
            return late
    return at


instants = st.datetimes(datetime(1971, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
nights = st.tuples(st.sampled_from(ZONES), instants).map(lambda pair: (pair[0], change_after(*pair)))
places = st.tuples(
    st.one_of(st.tuples(st.sampled_from(ZONES), instants), nights, st.sampled_from(ODD_NIGHTS)),
    st.timedeltas(-1.5 * DAY, 1.5 * DAY),
).map(lambda drawn: (ZoneInfo(drawn[0][0]), drawn[0][1] + drawn[1]))
clocks = st.times().map(lambda at: at.replace(second=0, microsecond=0, fold=0))


def watch(zone, about, times):
    """When these times of the day come, by (day, time), as somebody sees who watches the clock on the wall.

    A time comes when the clock passes it for the first time. When it is set forward past one, that comes when a clock
    that nobody has set would show it.
    """
    begin = about.replace(second=0, microsecond=0) - 27 * HOUR
    passed = begin.astimezone(zone).replace(tzinfo=None)
    shown, came = passed, {}
    for count in range(1, 54 * 60):
        moment = begin + count * MINUTE
        now = moment.astimezone(zone).replace(tzinfo=None)
        if now > passed:
            day = passed.date()
            while day <= now.date():
                for at in times:
                    due = datetime.combine(day, at)
                    if passed < due <= now:
                        came[day, at] = moment if due == now else moment - MINUTE + (due - shown)
                day += DAY
            passed = now
        shown = now
    return came


@settings(max_examples=50)
@given(places, st.lists(clocks, min_size=1, max_size=3, unique=True))
def test_the_next_and_the_last_of_some_times_are_those_that_a_clock_on_the_wall_shows(place, times):
    zone, now = place
    came = sorted(watch(zone, now, times).values())
    assert next_time(now, times, zone) == next(moment for moment in came if moment >= now)
    assert last_time(now, times, zone) == max(moment for moment in came if moment <= now)


@settings(max_examples=30)
@given(places, clocks)
def test_each_time_of_the_day_comes_once_a_day_whatever_the_clocks_do(place, at):
    zone, now = place
    found = set()
    moment = next_time(now, [at], zone)
    for _ in range(4):
        assert last_time(moment, [at], zone) == moment
        found.add(moment)
        moment = next_time(moment + MINUTE, [at], zone)
    assert len(found) == 4
    days = round((max(found) - min(found)) / DAY * 24) / 24
    assert 2 <= days <= 4, "a day more or less where the date line was moved"


def quiet_until(came, quiet, now):
    """The end of the quiet hours in which `now` lies, by what was seen on the wall."""
    for (day, at), begin in came.items():
        last = day if quiet.begin < quiet.end else day + DAY
        if at == quiet.begin and begin <= now and (end := came.get((last, quiet.end))) and now < end:
            return end
    return None


hours = st.tuples(clocks, clocks).filter(lambda pair: pair[0] != pair[1]).map(lambda pair: Quiet(*pair))


@settings(max_examples=50)
@given(places, hours)
@example((ZoneInfo("Pacific/Apia"), datetime(2011, 12, 30, 10, 0, tzinfo=UTC)), Quiet(time(1, 0), time(0, 1)))
def test_quiet_hours_are_those_between_two_times_on_the_wall(place, quiet):
    zone, now = place
    end = quiet_until(watch(zone, now, [quiet.begin, quiet.end]), quiet, now)
    held = holds([Waiting(1, now)], Policy(zone, quiet=quiet), Road(), now)
    assert {key: (hold.until, hold.why) for key, hold in held.items()} == (
        {1: (end, Hold.QUIET_HOURS)} if end else {}
    )


@pytest.mark.parametrize(
    ("zone", "at", "day", "comes"),
    [
        ("Europe/Berlin", time(2, 30), date(2026, 3, 29), "01:30"),  # skipped: at 03:30
        ("Europe/Berlin", time(2, 30), date(2026, 10, 25), "00:30"),  # comes twice: the first
        ("Australia/Lord_Howe", time(2, 15), date(2026, 10, 4), "15:45"),  # skipped: at 02:45
        ("Australia/Lord_Howe", time(1, 45), date(2026, 4, 5), "14:45"),  # comes twice: the first
        (
            "America/Nuuk",
            time(23, 30),
            date(2026, 3, 28),
            "01:30",
        ),  # skipped: after midnight, on the next date
        (
            "Pacific/Apia",
            time(9, 0),
            date(2011, 12, 30),
            "19:00",
        ),  # no such day: together with the next one's
    ],
)
def test_on_odd_nights_a_time_comes_at(zone, at, day, comes):
    there = ZoneInfo(zone)
    before = datetime.combine(day - DAY, at, there).astimezone(UTC) + MINUTE
    assert f"{next_time(before, [at], there):%H:%M}" == comes


# Policies, and how it stands with a receiver: everything within some hours of NOW, so that it meets.
moments = st.timedeltas(-3 * HOUR, timedelta()).map(lambda ago: NOW + ago)
spans = st.timedeltas(timedelta(), 2 * HOUR)
policies = st.builds(
    Policy,
    zone=st.sampled_from(["UTC", "Asia/Kathmandu", "America/New_York"]).map(ZoneInfo),
    wait=st.one_of(st.just(timedelta()), spans),
    interval=st.one_of(st.just(timedelta()), spans),
    digest=st.one_of(st.just(()), st.lists(clocks, max_size=9, unique=True).map(sorted).map(tuple)),
    quiet=st.one_of(st.none(), hours),
    per_hour=st.one_of(st.none(), st.integers(1, 4)),
    at_once=st.sampled_from(Severity),
)
roads = st.builds(
    Road,
    left=st.lists(moments, max_size=6, unique=True).map(sorted).map(tuple),
    blocked_until=st.one_of(st.none(), st.timedeltas(-HOUR, 3 * HOUR).map(lambda wait: NOW + wait)),
    parked=st.booleans(),
)
waitings = st.lists(
    st.builds(
        Waiting,
        id=st.integers(1, 99),
        created_at=moments,
        severity=st.sampled_from(Severity),
        bundle=st.sampled_from(["", "", "k"]),
        attempts=st.integers(0, 3),
        is_notice=st.booleans(),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda item: item.id,
)


def reason(item, items, policy, road, now):
    """Why it waits, in the order of the documentation; None if it may leave."""
    urgent = {other.id for other in items if other.severity.rank >= policy.at_once.rank}
    news = [other for other in items if not (other.is_notice or other.bundle or other.id in urgent)]
    oldest = min((other.created_at for other in news), default=now)
    quiet = policy.quiet and holds([Waiting(0, now)], Policy(policy.zone, quiet=policy.quiet), Road(), now)
    told = policy.digest and item.created_at <= last_time(now, policy.digest, policy.zone)
    patient = now - oldest - policy.wait >= policy.interval  # urgent ones that keep coming hold it no longer
    soon = not patient and any(now - left < policy.interval for left in road.left[-1:])
    left = sum(now - left < HOUR for left in road.left)
    verdicts = (
        (road.blocked_until and now < road.blocked_until, Hold.PARKED if road.parked else Hold.ASKED_TO_WAIT),
        (item.id in urgent, None),
        (quiet, Hold.QUIET_HOURS),
        (item not in news or told, None),
        (policy.digest, Hold.DIGEST),
        (now - oldest < policy.wait or soon, Hold.GROUP),
        (policy.per_hour and left >= policy.per_hour and now - oldest < HOUR, Hold.OVER_CAP),
        (True, None),
    )
    return next(why for holds_so, why in verdicts if holds_so)


@settings(max_examples=150)
@given(waitings, policies, roads)
def test_each_delivery_waits_for_the_first_reason_that_holds_it_and_for_no_other(items, policy, road):
    held = holds(items, policy, road, NOW)
    for item in items:
        why = held[item.id].why if item.id in held else None
        assert why is reason(item, items, policy, road, NOW)


@settings(max_examples=60)
@given(waitings, policies, roads)
def test_what_is_held_waits_until_the_first_minute_at_which_nothing_of_that_kind_holds_it(
    items, policy, road
):
    for key, hold in holds(items, policy, road, NOW).items():
        (item,) = (item for item in items if item.id == key)
        assert hold.until > NOW, "or the claim would be made again and again"
        for minutes in range(1, min(180, (hold.until - NOW) // MINUTE)):
            assert reason(item, items, policy, road, NOW + minutes * MINUTE) is not None
        assert reason(item, items, policy, road, hold.until) is not hold.why


@settings(max_examples=60)
@given(waitings, policies, roads)
def test_judged_anew_each_time_everything_leaves_within_days(items, policy, road):
    now = NOW
    for _ in range(12):
        held = holds(items, policy, road, now)
        if not held:
            break
        now = min(hold.until for hold in held.values())
    assert not held
    assert now - NOW <= 4 * DAY


@settings(max_examples=60)
@given(waitings, policies, roads)
def test_only_the_receiver_itself_holds_what_is_to_be_told_at_once(items, policy, road):
    held = holds(items, policy, road, NOW)
    urgent = {item.id for item in items if item.severity.rank >= policy.at_once.rank}
    assert {held[key].why for key in urgent & held.keys()} <= {Hold.PARKED, Hold.ASKED_TO_WAIT}
    assert holds([], policy, road, NOW) == {}


def test_urgent_messages_that_keep_coming_do_not_put_off_the_others_for_ever():
    news = [Waiting(1, NOW)]
    for policy in (Policy(interval=timedelta(minutes=30)), Policy(per_hour=2)):
        now = NOW
        for _ in range(60):
            now += timedelta(minutes=1)
            left = tuple(now - timedelta(minutes=ago) for ago in (3, 2, 1))
            if not (held := holds(news, policy, Road(left), now)):
                break
            assert held[1].until > now
        assert now - NOW <= timedelta(hours=1)
        assert not held
