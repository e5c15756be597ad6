"""Deliveries that are held, silenced or lost: one case each of what tests/store/test_policies.py plays at random."""

from datetime import time, timedelta

import pytest

from monitor.core.delivery.bundling import Occasion
from monitor.core.delivery.deliveries import DeliveryState, Hold, Recipient
from monitor.core.delivery.parking import RecipientState
from monitor.core.delivery.policy import Policy, Quiet
from monitor.core.delivery.silencing import Silence
from monitor.core.models import AlertKind, AlertPlan, Match, Reason
from monitor.core.topic import Severity
from monitor.store.history import History
from monitor.store.ledger import Ledger
from monitor.store.silences import Silences

LEASE = timedelta(seconds=60)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ANNA = Recipient("mail", "anna")
QUIET = Policy(quiet=Quiet(time(6), time(8)))  # the tests begin at 06:30


@pytest.fixture
def ledger(db):
    return Ledger(db)


@pytest.fixture
def alert(db, ingest, now):
    """Store an alert for Anna that is worth sending for two days; its number, which is its delivery's, too."""

    def make(number, at=now, severity=Severity.NORMAL):
        plan = AlertPlan(AlertKind.NEW, Reason.NEW_STORY, (), (ANNA,))
        match = Match("p", "v", "r", severity, 1.0, ())
        item = ingest(number, alerts=(plan,), matches=(match,), read_at=at, expires=at + 2 * DAY)
        History(db).ingest(item)
        return number

    return make


@pytest.fixture
def claim(ledger):
    """Claim with a policy; the message for Anna, None if nothing leaves."""

    def take(at, policy=Policy()):  # noqa: B008  a frozen value
        found = ledger.claim(at, lease=LEASE, limit=9, policy=lambda _: policy)
        return found[0] if found else None

    return take


def test_what_quiet_hours_hold_leaves_as_one_message_at_their_end_and_urgent_ones_at_once(
    alert, claim, ledger, now
):
    alert(1), alert(2), alert(3, severity=Severity.URGENT)
    urgent = claim(now, QUIET)
    assert urgent.ids == (3,)
    ledger.sent(urgent.ids, now)
    assert claim(now, QUIET) is None
    end = now.replace(hour=8, minute=0)
    assert [(ledger.delivery(n).held, ledger.delivery(n).not_before) for n in (1, 2)] == [
        (Hold.QUIET_HOURS, end)
    ] * 2
    assert claim(end - timedelta(seconds=1), QUIET) is None
    morning = claim(end, QUIET)
    assert (morning.ids, morning.occasion) == ((1, 2), Occasion.HELD)


def test_being_held_is_no_reason_to_expire(alert, claim, ledger, now):
    alert(1)
    weekly = Policy(digest=(time(6, 29),))
    assert claim(now, weekly) is None
    slot = now + DAY - timedelta(minutes=1)
    assert ledger.delivery(1).expires == slot + 2 * DAY


@pytest.mark.parametrize("restarts", [0, 1, 5])
def test_no_number_of_restarts_makes_a_held_message_last_longer(restarts, alert, claim, ledger, now):
    alert(1)
    claim(now, QUIET)
    for minute in range(restarts):
        ledger.recover(now + timedelta(minutes=minute))
        claim(now + timedelta(minutes=minute), QUIET)
    assert ledger.delivery(1).expires == now.replace(hour=8, minute=0) + 2 * DAY


def silence(db, now, hours=9):
    return Silences(db).add(Silence(0, "anna", "busy", now, now + hours * HOUR), now)


def test_what_a_silence_keeps_back_is_listed_with_it_and_leaves_as_one_when_it_is_replayed(
    db, alert, claim, ledger, now
):
    alert(1), alert(2)
    number = silence(db, now)
    assert claim(now) is None
    assert {(ledger.delivery(n).state, ledger.delivery(n).silence) for n in (1, 2)} == {
        ("suppressed", number)
    }
    assert Silences(db).list()[0][1] == 2
    assert Silences(db).replay(number, now + HOUR, lasts=DAY) == 2
    assert claim(now + HOUR).ids == (1, 2), "although the silence goes on"
    assert Silences(db).list()[0][1] == 0, "it keeps nothing back any more"


def test_what_was_replayed_in_quiet_hours_is_told_at_their_end_although_the_silence_goes_on(
    db, alert, claim, ledger, now
):
    alert(1)
    number = silence(db, now)
    claim(now, QUIET)
    Silences(db).replay(number, now, lasts=DAY)
    assert claim(now, QUIET) is None
    assert ledger.delivery(1).held is Hold.QUIET_HOURS
    assert claim(now.replace(hour=8, minute=0), QUIET).ids == (1,)


def test_what_did_not_arrive_is_said_in_the_next_message_that_does(alert, claim, ledger, now):
    alert(1)
    claim(now)
    ledger.failed((1,), now, error="550", retry_at=None)
    alert(2)
    second = claim(now)
    assert [lost.alert for lost in second.lost] == [1]
    ledger.failed((2,), now, error="451", retry_at=now)
    again = claim(now)
    assert [lost.alert for lost in again.lost] == [1], "the message that was to say so did not arrive"
    ledger.sent((2,), now)
    alert(3)
    assert claim(now).lost == ()


@pytest.mark.parametrize("ends", ["expired", "dead"])
def test_what_did_not_arrive_is_said_again_if_the_message_that_said_so_may_not_have_arrived_and_is_given_up(
    ends, alert, claim, ledger, now
):
    alert(1)
    claim(now)
    ledger.failed((1,), now, error="550", retry_at=None)
    alert(2)
    assert [lost.alert for lost in claim(now).lost] == [1]
    ledger.failed((2,), now, error="no answer", retry_at=now + HOUR, reason="unknown")
    if ends == "dead":
        assert [lost.alert for lost in claim(now + HOUR).lost] == [1], "the same message"
        ledger.failed((2,), now + HOUR, error="550", retry_at=None)
    late = now + 3 * DAY
    assert claim(late) is None
    assert ledger.delivery(2).state == DeliveryState(ends)
    alert(3, at=late)
    assert [lost.alert for lost in claim(late).lost] == [1, 2]


def test_after_hours_ahead_of_the_time_a_channel_with_a_pace_is_told_without_waiting_for_them(
    alert, claim, ledger, now
):
    paced = Policy(interval=timedelta(minutes=5), per_hour=1)
    alert(1, at=now + DAY)
    ahead = claim(now + DAY, paced)
    ledger.sent(ahead.ids, now + DAY)
    alert(2)
    assert claim(now, paced).ids == (2,)


def test_what_was_given_up_and_is_retried_is_no_repetition_of_what_may_have_arrived(
    alert, claim, ledger, now
):
    alert(1)
    claim(now)
    ledger.failed((1,), now, error="no answer", retry_at=now, reason="unknown")
    claim(now)
    ledger.failed((1,), now, error="554", retry_at=None)
    ledger.retry(1, now)
    alert(2), alert(3), alert(4), alert(5), alert(6)
    together = claim(now)
    assert not any(delivery.unknown for delivery in together.deliveries)
    ledger.failed(together.ids, now, error="451", retry_at=now)
    assert {ledger.delivery(key).bundle for key in together.ids} == {""}, "none of it is torn from the others"


def test_a_cap_counts_every_message_of_the_last_hour_and_the_rest_leaves_as_one(alert, claim, ledger, now):
    capped = Policy(per_hour=2)
    for minute in (0, 10):
        at = now + timedelta(minutes=minute)
        alert(minute + 1, at=at)
        ledger.sent(claim(at, capped).ids, at)
    alert(12, at=at), alert(13, at=at)
    assert claim(at, capped) is None
    assert {(ledger.delivery(n).held, ledger.delivery(n).not_before) for n in (3, 4)} == {
        (Hold.OVER_CAP, now + HOUR)
    }
    assert claim(now + HOUR, capped).ids == (3, 4)


def test_a_message_that_may_have_arrived_is_repeated_whole_though_only_one_of_it_is_retried(
    alert, claim, ledger, now
):
    for number in range(1, 7):
        alert(number)
    whole = claim(now).ids
    assert len(whole) == 6
    ledger.failed(whole, now, error="no answer", retry_at=now + HOUR, reason="unknown")
    ledger.retry(3, now)
    again = claim(now)
    assert (again.ids, again.occasion) == (whole, Occasion.AGAIN)


def test_once_a_parked_receiver_takes_something_what_it_refused_counts_as_never_tried(
    alert, claim, ledger, now
):
    parked = RecipientState(failures=9, blocked_until=now + HOUR, parked_since=now)
    for number in range(1, 4):
        alert(number)
        ledger.failed(
            claim(now).ids, now, error="451", retry_at=now + DAY, recipient=parked if number == 3 else None
        )
    assert claim(now + HOUR) is None
    alert(4, at=now + HOUR)
    probe = claim(now + HOUR)
    assert (probe.ids, probe.occasion) == ((4,), Occasion.PROBE)
    ledger.sent(probe.ids, now + HOUR)
    assert {(ledger.delivery(n).attempts, ledger.delivery(n).not_before) for n in (1, 2, 3)} == {
        (0, now + HOUR)
    }


def test_a_message_that_may_have_arrived_is_repeated_although_somebody_wants_silence_now(
    db, alert, claim, ledger, now
):
    alert(1)
    first = claim(now)
    ledger.failed((1,), now, error="no answer", retry_at=now, reason="unknown")
    silence(db, now)
    again = claim(now)
    assert (again.key, again.ids) == (first.key, (1,))
