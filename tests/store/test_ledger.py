from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from monitor.core.errors import InputError
from monitor.core.models import (
    AlertKind,
    AlertPlan,
    DeliveryState,
    Ingest,
    Match,
    Reason,
    Recipient,
)
from monitor.core.topic import Severity
from monitor.store.database import check, open_history
from monitor.store.history import History
from monitor.store.ledger import HELD, Ledger
from spiders.items import Article

LEASE = timedelta(seconds=60)
SECOND = timedelta(seconds=1)


@pytest.fixture
def ledger(stocked):
    """A ledger with one alert for two receivers: delivery 1 to anna, 2 to the room."""
    return Ledger(stocked)


@pytest.fixture
def claim(ledger):
    def claim(at, limit=10):
        return [delivery.id for delivery, _ in ledger.claim(at, lease=LEASE, limit=limit)]

    return claim


def test_a_claim_brings_the_delivery_with_its_alert(ledger, now):
    (anna, alert), (room, _) = ledger.claim(now, lease=LEASE, limit=10)
    assert (anna.recipient, room.recipient) == (Recipient("mail", "anna"), Recipient("chat", "room"))
    assert (anna.state, anna.attempts, anna.unknown) == (DeliveryState.CLAIMED, 1, False)
    assert anna.lease_until == now + LEASE
    assert anna.expires == now + timedelta(hours=48)
    assert alert == ledger.alert(1)


def test_what_is_claimed_is_not_claimed_again(claim, now):
    assert claim(now, limit=1) == [1]
    assert claim(now) == [2]
    assert claim(now) == []


def test_nothing_is_due_before_its_time(claim, now):
    assert claim(now - SECOND) == []


def test_one_receiver_gets_one_message_at_a_time_oldest_first(ledger, claim, stocked, ingest, now):
    History(stocked).ingest(ingest(2))  # deliveries 3 (anna) and 4 (room)
    assert claim(now) == [1, 2]
    ledger.sent(1, now)
    assert claim(now) == [3]
    ledger.failed(2, now, error="busy", retry_at=now + timedelta(minutes=5))
    assert claim(now) == [4]


def test_a_sent_delivery_is_done_for_good(ledger, claim, now):
    claim(now)
    ledger.sent(1, now + SECOND, message_id="<1@tumen>")
    ledger.failed(1, now, error="late", retry_at=None)
    ledger.sent(1, now + timedelta(hours=1), message_id="<2@tumen>")
    delivery = ledger.delivery(1)
    assert (delivery.state, delivery.sent_at, delivery.lease_until) == (
        DeliveryState.SENT,
        now + SECOND,
        None,
    )
    assert claim(now + timedelta(hours=1)) == [2]


def test_a_message_that_was_sent_counts_even_if_its_lease_was_lost(ledger, claim, now):
    claim(now)
    ledger.recover(now)
    ledger.sent(1, now)
    assert ledger.delivery(1).state is DeliveryState.SENT


def test_a_failure_waits_and_keeps_its_reason(ledger, claim, now):
    claim(now)
    ledger.sent(2, now)
    again = now + timedelta(minutes=5)
    ledger.failed(1, now, error="451 try later", retry_at=again)
    delivery = ledger.delivery(1)
    assert (delivery.state, delivery.last_error, delivery.unknown) == (
        DeliveryState.PENDING,
        "451 try later",
        False,
    )
    assert ledger.next_due() == again
    assert claim(again - SECOND) == []
    assert claim(again) == [1]
    assert ledger.delivery(1).attempts == 2


def test_a_failure_without_answer_says_so_ever_after(ledger, claim, now):
    claim(now)
    ledger.failed(1, now, error="timeout", retry_at=now, unknown=True)
    claim(now)
    ledger.failed(1, now, error="refused", retry_at=now)
    assert ledger.delivery(1).unknown


def test_a_failure_for_good_is_dead_until_somebody_retries(ledger, claim, now):
    claim(now)
    ledger.failed(1, now, error="550 no such user", retry_at=None)
    ledger.sent(2, now)
    assert ledger.delivery(1).state is DeliveryState.DEAD
    assert claim(now + timedelta(days=1)) == []
    assert ledger.next_due() is None
    assert ledger.retry(1, now) == 1
    assert ledger.delivery(1).attempts == 0
    assert claim(now) == [1]


def test_what_is_too_old_expires_and_lives_again_on_request(ledger, claim, now):
    later = now + timedelta(hours=48)
    assert claim(later) == []
    assert ledger.backlog().counts[DeliveryState.EXPIRED] == 2
    assert ledger.retry(None, later) == 2
    assert claim(later) == [1, 2]


def test_retrying_leaves_what_is_on_its_way_or_done(ledger, claim, now):
    claim(now)
    ledger.sent(1, now)
    assert ledger.retry(1, now) == 0
    assert ledger.retry(99, now) == 0


def test_a_retry_ends_the_waiting(ledger, claim, now):
    claim(now)
    ledger.failed(1, now, error="busy", retry_at=now + timedelta(hours=6))
    assert ledger.retry(1, now) == 1
    assert claim(now) == [1]


def test_a_lost_lease_is_claimed_again_after_a_pause_and_may_have_arrived(ledger, claim, now):
    claim(now)
    free = now + LEASE + HELD
    assert ledger.next_due() == free
    assert claim(free - SECOND) == []
    assert claim(free) == [1, 2]
    delivery = ledger.delivery(1)
    assert delivery.unknown
    assert delivery.attempts == 2


def test_a_lost_lease_past_its_time_expires_and_may_have_arrived(ledger, claim, now):
    just_before = now + timedelta(hours=48) - SECOND
    claim(just_before)
    assert claim(just_before + LEASE) == []
    assert ledger.delivery(1).state is DeliveryState.CLAIMED
    assert claim(just_before + LEASE + HELD) == []
    delivery = ledger.delivery(1)
    assert (delivery.state, delivery.unknown) == (DeliveryState.EXPIRED, True)


def test_claims_of_a_dead_process_are_due_at_once(ledger, claim, now):
    claim(now)
    ledger.sent(1, now)
    assert ledger.recover(now + SECOND) == 1
    assert ledger.next_due() == now + SECOND
    assert claim(now + SECOND) == [2]
    assert ledger.delivery(2).unknown
    assert not ledger.delivery(1).unknown


def test_a_delivery_behind_a_claim_does_not_make_the_loop_spin(ledger, claim, stocked, ingest, now):
    History(stocked).ingest(ingest(2))
    claim(now)
    assert ledger.next_due() == now + LEASE + HELD


def test_the_backlog_counts_all_states_and_names_the_oldest(ledger, claim, now):
    claim(now)
    ledger.sent(1, now)
    backlog = ledger.backlog()
    assert backlog.counts == {
        DeliveryState.PENDING: 0,
        DeliveryState.CLAIMED: 1,
        DeliveryState.SENT: 1,
        DeliveryState.DEAD: 0,
        DeliveryState.EXPIRED: 0,
    }
    assert backlog.oldest == now
    ledger.sent(2, now)
    assert ledger.backlog().oldest is None


def test_unknown_numbers_are_the_readers_mistake(ledger, now):
    with pytest.raises(InputError, match="no alert 99"):
        ledger.alert(99)
    for attempt in (
        lambda: ledger.delivery(99),
        lambda: ledger.sent(99, now),
        lambda: ledger.failed(99, now, error="", retry_at=None),
    ):
        with pytest.raises(InputError, match="no delivery 99"):
            attempt()


class LedgerOverTime(RuleBasedStateMachine):
    """A service that sends, fails, dies and restarts, and receivers who count what reaches them."""

    RECEIVERS = (Recipient("mail", "anna"), Recipient("mail", "boris"), Recipient("chat", "room"))

    @initialize()
    def begin(self):
        self.db = open_history(None)
        self.ledger = Ledger(self.db)
        self.now = datetime(2026, 11, 25, tzinfo=UTC)
        self.known = {}  # delivery -> what reached its receiver: the `unknown` of each arrival
        self.in_flight = {}  # delivery -> (lease_until, unknown when claimed)
        self.given_up = set()
        self.articles = 0

    def teardown(self):
        if hasattr(self, "db"):
            self.drain()
            self.db.close()

    @rule(receivers=st.sets(st.sampled_from(RECEIVERS), min_size=1))
    def an_article_alerts(self, receivers):
        self.articles += 1
        url = f"https://a.example/{self.articles}"
        match = Match("p", "v", "r", Severity.NORMAL, 1.0, ())
        plan = AlertPlan(AlertKind.NEW, Reason.NEW_STORY, (), tuple(sorted(receivers, key=str)))
        item = Ingest(url, "s", Article(url, url, ""), self.now, Reason.NEW_STORY, (match,), alerts=(plan,))
        History(self.db).ingest(replace(item, expires=self.now + timedelta(hours=3)))
        for row in self.db.query("SELECT id FROM deliveries"):
            self.known.setdefault(row["id"], [])

    @rule(minutes=st.sampled_from([0.1, 1, 2, 30, 200]))
    def time_passes(self, minutes):
        self.now += timedelta(minutes=minutes)

    @rule(limit=st.integers(1, 4))
    def the_service_claims(self, limit):
        for delivery, _ in self.ledger.claim(self.now, lease=LEASE, limit=limit):
            overtaken = self.in_flight.get(delivery.id)
            assert overtaken is None or (overtaken[0] + HELD <= self.now and delivery.unknown)
            self.in_flight[delivery.id] = (delivery.lease_until, delivery.unknown)

    @rule(data=st.data(), arrives=st.booleans(), recorded=st.booleans(), final=st.booleans())
    def a_message_is_sent(self, data, arrives, recorded, final):
        """The sender keeps its lease: it works only before the lease ends."""
        live = [key for key, (until, _) in self.in_flight.items() if until > self.now]
        if not live:
            return
        key = data.draw(st.sampled_from(sorted(live)))
        _, unknown = self.in_flight[key]
        if arrives:
            self.known[key].append(unknown)
        if not recorded:
            self.in_flight[key] = (self.now, unknown)  # the sender died; nobody will speak for this claim
            return
        del self.in_flight[key]
        if arrives:
            self.ledger.sent(key, self.now)
        elif final:
            self.ledger.failed(key, self.now, error="550", retry_at=None)
            self.given_up.add(key)
        else:
            self.ledger.failed(key, self.now, error="451", retry_at=self.now + timedelta(minutes=2))

    @rule()
    def the_service_restarts(self):
        self.ledger.recover(self.now)
        self.in_flight.clear()

    @rule()
    def an_operator_retries(self):
        self.ledger.retry(None, self.now)
        self.given_up.clear()

    @invariant()
    def nothing_is_lost_or_told_twice(self):
        if not hasattr(self, "db"):
            return
        states = {row["id"]: row["state"] for row in self.db.query("SELECT id, state FROM deliveries")}
        assert states.keys() == self.known.keys()
        for key, state in states.items():
            arrivals = self.known[key]
            assert all(arrivals[1:]), "a repeated message that does not say it may be one"
            if state == "sent":
                assert arrivals
            if state == "dead":
                assert key in self.given_up
        claimed = [
            row["r"]
            for row in self.db.query(
                "SELECT channel || ' ' || recipient AS r FROM deliveries WHERE state = 'claimed'"
            )
        ]
        assert len(claimed) == len(set(claimed)), "two messages on their way to one receiver"
        assert check(self.db) == ()

    def drain(self):
        """A service that goes on sends everything that was not given up or too old."""
        self.ledger.recover(self.now)
        before = self.now
        while (due := self.ledger.next_due()) is not None:
            self.now = max(self.now, due)
            for delivery, _ in self.ledger.claim(self.now, lease=LEASE, limit=99):
                self.ledger.sent(delivery.id, self.now)
                self.known[delivery.id].append(delivery.unknown)
        for row in list(self.db.query("SELECT id, state, expires FROM deliveries")):
            assert row["state"] in {"sent", "dead", "expired"}
            if row["state"] == "expired":
                assert datetime.fromisoformat(row["expires"]) <= max(self.now, before)
        self.nothing_is_lost_or_told_twice()


TestLedgerOverTime = LedgerOverTime.TestCase
TestLedgerOverTime.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
