from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from monitor.core.delivery.deliveries import DeliveryState, Recipient
from monitor.core.errors import InputError
from monitor.core.models import AlertKind, AlertPlan, Ingest, Match, Reason
from monitor.core.topic import Severity
from monitor.store.database import check, open_history
from monitor.store.deliveries import open_deliveries
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
        return [key for bundle in ledger.claim(at, lease=LEASE, limit=limit) for key in bundle.ids]

    return claim


def test_a_claim_brings_the_delivery_with_its_alert(ledger, now):
    first, second = ledger.claim(now, lease=LEASE, limit=10)
    (anna,), (room,), (alert,) = first.deliveries, second.deliveries, first.alerts
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
    ledger.sent((1,), now)
    assert claim(now) == [3]
    ledger.failed((2,), now, error="busy", retry_at=now + timedelta(minutes=5))
    assert claim(now) == [4]


def test_a_sent_delivery_is_done_for_good(ledger, claim, now):
    claim(now)
    ledger.sent((1,), now + SECOND)
    ledger.failed((1,), now, error="late", retry_at=None)
    ledger.sent((1,), now + timedelta(hours=1))
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
    ledger.sent((1,), now)
    assert ledger.delivery(1).state is DeliveryState.SENT


def test_a_failure_waits_and_keeps_its_reason(ledger, claim, now):
    claim(now)
    ledger.sent((2,), now)
    again = now + timedelta(minutes=5)
    ledger.failed((1,), now, error="451 try later", retry_at=again)
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
    ledger.failed((1,), now, error="timeout", retry_at=now, reason="unknown")
    claim(now)
    ledger.failed((1,), now, error="refused", retry_at=now)
    assert ledger.delivery(1).unknown


def test_a_failure_for_good_is_dead_until_somebody_retries(ledger, claim, now):
    claim(now)
    ledger.failed((1,), now, error="550 no such user", retry_at=None)
    ledger.sent((2,), now)
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
    ledger.sent((1,), now)
    assert ledger.retry(1, now) == 0
    assert ledger.retry(99, now) == 0


def test_a_retry_ends_the_waiting(ledger, claim, now):
    claim(now)
    ledger.failed((1,), now, error="busy", retry_at=now + timedelta(hours=6))
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
    ledger.sent((1,), now)
    assert ledger.recover(now + SECOND) == 1
    assert ledger.next_due() == now + SECOND
    assert claim(now + SECOND) == [2]
    assert ledger.delivery(2).unknown
    assert not ledger.delivery(1).unknown


def test_what_waits_for_an_address_that_was_changed_goes_to_the_new_one(ledger, claim, now):
    anna, room = Recipient("mail", "anna with another password"), Recipient("chat", "room")
    ledger.recover(now, [anna, room])
    assert claim(now) == [1, 2]
    assert ledger.delivery(1).recipient == anna


def test_of_two_new_addresses_none_is_taken_for_the_former(ledger, now):
    ledger.recover(now, [Recipient("mail", "boris"), Recipient("mail", "carla"), Recipient("chat", "room")])
    assert ledger.delivery(1).recipient == Recipient("mail", "anna")


def test_an_address_that_is_added_gets_nothing_of_the_others(ledger, now):
    ledger.recover(now, [Recipient("mail", "anna"), Recipient("mail", "boris"), Recipient("chat", "room")])
    assert ledger.delivery(1).recipient == Recipient("mail", "anna")


def test_a_delivery_behind_a_claim_does_not_make_the_loop_spin(ledger, claim, stocked, ingest, now):
    History(stocked).ingest(ingest(2))
    claim(now)
    assert ledger.next_due() == now + LEASE + HELD


def test_what_is_open_is_counted_with_the_time_of_the_oldest(ledger, claim, now):
    assert open_deliveries(ledger._db) == (2, now)
    claim(now)
    ledger.sent((1,), now)
    assert open_deliveries(ledger._db) == (1, now)
    ledger.sent((2,), now)
    assert open_deliveries(ledger._db) == (0, None)


def test_the_backlog_counts_all_states_and_names_the_oldest(ledger, claim, now):
    claim(now)
    ledger.sent((1,), now)
    backlog = ledger.backlog()
    assert backlog.counts == {
        DeliveryState.PENDING: 0,
        DeliveryState.CLAIMED: 1,
        DeliveryState.SENT: 1,
        DeliveryState.DEAD: 0,
        DeliveryState.EXPIRED: 0,
        DeliveryState.SUPPRESSED: 0,
    }
    assert backlog.oldest == now
    ledger.sent((2,), now)
    assert ledger.backlog().oldest is None


def test_unknown_numbers_are_the_readers_mistake(ledger, now):
    with pytest.raises(InputError, match="no alert 99"):
        ledger.alert(99)
    for attempt in (
        lambda: ledger.delivery(99),
        lambda: ledger.sent((99,), now),
        lambda: ledger.failed((99,), now, error="", retry_at=None),
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
        self.known = {}  # delivery -> what reached its receiver: key and `unknown` of each arrival
        self.in_flight = {}  # key -> the bundle, and until when its sender works on it
        self.given_up = set()
        self.articles = 0

    def teardown(self):
        if hasattr(self, "db"):
            self.drain()
            self.db.close()

    @rule(
        receivers=st.sets(st.sampled_from(RECEIVERS), min_size=1),
        many=st.sampled_from([1, 1, 9]),
        severity=st.sampled_from(Severity),
        late=st.booleans(),
    )
    def articles_alert(self, receivers, many, severity, late):
        for _ in range(many):
            self.articles += 1
            url = f"https://a.example/{self.articles}"
            match = Match("p", "v", "r", severity, 1.0, ())
            plan = AlertPlan(AlertKind.NEW, Reason.NEW_STORY, (), tuple(sorted(receivers, key=str)), late)
            item = Ingest(
                url, "s", Article(url, url, ""), self.now, Reason.NEW_STORY, (match,), alerts=(plan,)
            )
            History(self.db).ingest(replace(item, expires=self.now + timedelta(hours=3)))
        for row in self.db.query("SELECT id FROM deliveries"):
            self.known.setdefault(row["id"], [])

    @rule(minutes=st.sampled_from([0.1, 1, 2, 30, 200]))
    def time_passes(self, minutes):
        self.now += timedelta(minutes=minutes)

    @rule(limit=st.integers(1, 4), room=st.sampled_from([1, 7, 40]))
    def the_service_claims(self, limit, room):
        for bundle in self.ledger.claim(self.now, lease=LEASE, limit=limit, room=lambda _: room):
            assert {delivery.bundle for delivery in bundle.deliveries} == {bundle.key}
            assert len({delivery.recipient for delivery in bundle.deliveries}) == 1
            for overtaken, until in list(self.in_flight.values()):
                if set(overtaken.ids) & set(bundle.ids):
                    assert overtaken.key == bundle.key
                    assert until + HELD <= self.now
                    assert all(delivery.unknown for delivery in bundle.deliveries)
            self.in_flight[bundle.key] = (bundle, bundle.deliveries[0].lease_until)

    @rule(
        data=st.data(),
        arrives=st.booleans(),
        recorded=st.booleans(),
        how=st.sampled_from(["550", "451", "unknown"]),
    )
    def a_message_is_sent(self, data, arrives, recorded, how):
        """The sender keeps its lease: it works only before the lease ends."""
        live = [bundle for bundle, until in self.in_flight.values() if until > self.now]
        if not live:
            return
        bundle = live[data.draw(st.integers(0, len(live) - 1))]
        if arrives:
            for delivery in bundle.deliveries:
                self.known[delivery.id].append((bundle.key, delivery.unknown))
        if not recorded:
            self.in_flight[bundle.key] = (
                bundle,
                self.now,
            )  # the sender died; nobody will speak for this claim
            return
        del self.in_flight[bundle.key]
        later = self.now + timedelta(minutes=2)
        if how == "unknown":
            self.ledger.failed(bundle.ids, self.now, error="timeout", retry_at=later, reason="unknown")
        elif arrives:
            self.ledger.sent(bundle.ids, self.now)
        elif how == "550":
            self.ledger.failed(bundle.ids, self.now, error="550", retry_at=None)
            self.given_up.update(bundle.ids)
        else:
            self.ledger.failed(bundle.ids, self.now, error="451", retry_at=later)

    @rule()
    def the_service_restarts(self):
        self.ledger.recover(self.now)
        self.in_flight.clear()

    @rule()
    def an_operator_retries(self):
        for row in list(self.db.query("SELECT id FROM deliveries WHERE state IN ('dead', 'expired')")):
            self.known[row["id"]].append(None)  # it starts afresh, as a new message
            for key, (bundle, _) in list(self.in_flight.items()):
                if row["id"] in bundle.ids:
                    del self.in_flight[key]  # its lease ran out long ago
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
            for one, other in pairwise(arrivals):
                if one and other:
                    assert other[1], "a repeated message that does not say it may be one"
                    assert one[0] == other[0], "a repeated message under another name"
            if state == "sent":
                assert any(arrivals)
            if state == "dead":
                assert key in self.given_up
        claimed = [
            (row["channel"], row["recipient"])
            for row in self.db.query(
                "SELECT DISTINCT channel, recipient, bundle FROM deliveries WHERE state = 'claimed'"
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
            for bundle in self.ledger.claim(self.now, lease=LEASE, limit=99):
                self.ledger.sent(bundle.ids, self.now)
                for delivery in bundle.deliveries:
                    self.known[delivery.id].append((bundle.key, delivery.unknown))
        for row in list(self.db.query("SELECT id, state, expires FROM deliveries")):
            assert row["state"] in {"sent", "dead", "expired"}
            if row["state"] == "expired":
                assert datetime.fromisoformat(row["expires"]) <= max(self.now, before)
        self.nothing_is_lost_or_told_twice()


TestLedgerOverTime = LedgerOverTime.TestCase
TestLedgerOverTime.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
