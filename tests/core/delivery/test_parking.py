"""What a failure does: to the message, and to whoever was to receive it."""

from datetime import UTC, datetime, timedelta
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.delivery.parking import Fate, RecipientState, after_failure, fate
from monitor.core.errors import DeliveryError, Fault

NOW = datetime(2026, 11, 25, 6, 30, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)

chances = st.floats(0, 1)
wishes = st.one_of(st.none(), st.floats(0, 1e6), st.sampled_from([nan, inf, -inf, -1.0]))
errors = st.builds(DeliveryError, st.just("no"), fault=st.sampled_from(Fault), retry_after=wishes)
states = st.builds(
    RecipientState,
    failures=st.integers(0, 10**6),
    parked_since=st.one_of(st.none(), st.just(NOW - HOUR)),
    last_sent_at=st.one_of(st.none(), st.just(NOW - 2 * HOUR)),
)


def failing(times, error=None, state=None, chance=0.5):
    """How it stands with a receiver after this many failures in a row, one a minute."""
    state = state or RecipientState()
    for count in range(times):
        state = after_failure(state, error or DeliveryError("no"), now=NOW + count * MINUTE, chance=chance)
    return state


def test_four_failures_are_the_messages_own_affair_and_the_fifth_parks():
    assert failing(4).parked_since is None
    assert failing(4).blocked_until is None
    assert failing(5).parked_since == NOW + 4 * MINUTE


def test_a_channel_that_must_be_mended_is_parked_at_once():
    state = failing(1, DeliveryError("wrong password", fault=Fault.CHANNEL))
    assert state.parked_since == NOW
    assert state.blocked_until > NOW


def test_a_parked_receiver_stays_parked_since_the_first_time_and_keeps_the_last_reason():
    state = failing(9, DeliveryError("still no"), failing(5))
    assert (state.parked_since, state.failures, state.last_error) == (NOW + 4 * MINUTE, 14, "still no")


def test_probes_become_rarer_up_to_a_quarter_of_an_hour():
    waits, state = [], failing(4, chance=1.0)
    for _ in range(7):
        state = after_failure(state, DeliveryError("no"), now=NOW, chance=1.0)
        waits.append((state.blocked_until - NOW) / MINUTE)
    assert waits == [1, 2, 4, 8, 15, 15, 15]


def test_a_wish_is_obeyed_without_parking_and_for_six_hours_at_most():
    state = failing(1, DeliveryError("busy", retry_after=300))
    assert (state.parked_since, state.blocked_until) == (None, NOW + 5 * MINUTE)
    assert failing(1, DeliveryError("busy", retry_after=1e9)).blocked_until == NOW + 6 * HOUR
    assert failing(1, DeliveryError("busy", retry_after=nan)).blocked_until is None


@given(states, errors, chances)
def test_however_it_fails_it_is_counted_and_asked_again_in_time(state, error, chance):
    after = after_failure(state, error, now=NOW, chance=chance)
    assert after.failures == state.failures + 1
    assert after.last_sent_at == state.last_sent_at
    assert state.parked_since is None or after.parked_since == state.parked_since
    if after.parked_since is not None:
        assert NOW + MINUTE / 2 <= after.blocked_until <= NOW + 6 * HOUR
        assert error.retry_after or after.blocked_until <= NOW + 15 * MINUTE
    elif after.blocked_until is not None:
        assert error.retry_after > 0
        assert NOW < after.blocked_until <= NOW + 6 * HOUR


@pytest.mark.parametrize("fault", list(Fault))
def test_what_becomes_of_a_message_depends_on_whose_fault_it_is(fault):
    error = DeliveryError("no", fault=fault)
    full, plain = (fate(error, 3, plain=plain, now=NOW, chance=1.0) for plain in (False, True))
    later = Fate(NOW + timedelta(seconds=40))
    assert full == {Fault.MESSAGE: Fate(NOW, plain=True), Fault.RECIPIENT: Fate(None)}.get(fault, later)
    assert plain == {
        Fault.MESSAGE: Fate(None, plain=True),
        Fault.RECIPIENT: Fate(None, plain=True),
    }.get(fault, Fate(later.retry_at, plain=True))


@given(errors, st.integers(1, 10**6), st.booleans(), chances)
def test_a_message_is_tried_again_within_hours_or_never_and_no_wish_is_broken(error, attempts, plain, chance):
    after = fate(error, attempts, plain=plain, now=NOW, chance=chance)
    assert after.plain >= plain
    if after.retry_at is None:
        assert error.fault is Fault.RECIPIENT or (error.fault is Fault.MESSAGE and plain)
    elif error.fault is Fault.MESSAGE:
        assert after == Fate(NOW, plain=True)
    else:
        assert NOW < after.retry_at <= NOW + 6 * HOUR
        wish = error.retry_after
        assert not wish or not 0 < wish <= 6 * 3600 or after.retry_at - NOW >= timedelta(seconds=wish)
