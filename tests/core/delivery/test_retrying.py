from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.core.delivery.retrying import next_attempt
from monitor.core.errors import DeliveryError, Fault

NUMBERS = st.one_of(st.none(), st.floats(), st.floats(0, 1e6))


@given(st.sampled_from([Fault.PASSING, Fault.CHANNEL]), st.integers(1, 10**6), st.floats(0, 1), NUMBERS)
def test_what_passes_or_is_mended_is_tried_again_within_bounds(now, fault, attempts, chance, retry_after):
    error = DeliveryError("no", fault=fault, retry_after=retry_after)
    wait = next_attempt(error, attempts, now=now, chance=chance) - now
    assert timedelta(seconds=1) <= wait <= timedelta(hours=6)
    if retry_after is None:
        assert wait <= timedelta(minutes=15)


@given(st.sampled_from([Fault.MESSAGE, Fault.RECIPIENT]), st.integers(1, 100), st.floats(0, 1), NUMBERS)
def test_a_refused_message_or_recipient_is_not_tried_again(now, fault, attempts, chance, retry_after):
    error = DeliveryError("no", fault=fault, retry_after=retry_after)
    assert next_attempt(error, attempts, now=now, chance=chance) is None


def test_the_longest_wait_doubles_up_to_a_quarter_of_an_hour(now):
    error = DeliveryError("no")
    waits = [next_attempt(error, n, now=now, chance=1.0) - now for n in (1, 2, 3, 8, 50)]
    assert [wait.total_seconds() for wait in waits] == [10, 20, 40, 900, 900]


def test_what_the_receiver_asks_for_wins_for_at_most_six_hours(now):
    def wait(seconds):
        return next_attempt(DeliveryError("no", retry_after=seconds), 1, now=now, chance=0.0) - now

    assert wait(300.0) == timedelta(minutes=5)
    assert wait(1e9) == wait(float("inf")) == timedelta(hours=6)
    assert wait(float("nan")) == wait(-1.0) == timedelta(seconds=1)
