"""Another configuration is taken up while the service runs and may be sending."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.core.delivery.deliveries import DeliveryState, Hold, Recipient
from monitor.core.delivery.policy import IMMEDIATE
from monitor.store import configured
from monitor.store.database import change, transaction
from monitor.store.ledger import Ledger
from monitor.store.sources import Sources

LEASE = timedelta(seconds=60)
ROOM = Recipient("chat", "room")
ANNA, NEW = Recipient("mail", "anna"), Recipient("mail", "anna with another password")


@pytest.fixture
def ledger(stocked):
    """One alert for two receivers: delivery 1 to anna, 2 to the room."""
    return Ledger(stocked)


@pytest.fixture
def declared(source):
    return [source(), source("tass-ru")]


def test_sources_come_and_go(stocked, ledger, source, now):
    configured.take_up(stocked, [source("tass-ru"), source("new")], [ANNA, ROOM], now)
    assert [state.source.name for state in Sources(stocked).states()] == ["new", "tass-ru"]


def test_what_waits_goes_to_the_new_address_and_so_does_what_is_being_sent(stocked, ledger, declared, now):
    ledger.claim(now, lease=LEASE, limit=1)
    configured.take_up(stocked, declared, [NEW, ROOM], now)
    assert (ledger.delivery(1).recipient, ledger.delivery(1).state) == (NEW, DeliveryState.CLAIMED)
    ledger.sent((1,), now)
    assert ledger.delivery(1).state is DeliveryState.SENT
    assert [bundle.ids for bundle in ledger.claim(now, lease=LEASE, limit=9)] == [(2,)]


def test_a_claim_of_a_dead_process_goes_to_the_new_address_too(ledger, now):
    ledger.claim(now, lease=LEASE, limit=1)
    ledger.recover(now, [NEW, ROOM])
    assert (ledger.delivery(1).recipient, ledger.delivery(1).state) == (NEW, DeliveryState.PENDING)


def test_what_is_being_sent_is_not_taken_back(stocked, ledger, declared, now):
    ledger.claim(now, lease=LEASE, limit=9)
    configured.take_up(stocked, declared, [ANNA, ROOM], now)
    assert ledger.claim(now, lease=LEASE, limit=9) == ()


def test_what_is_held_is_judged_by_the_new_policies(stocked, ledger, declared, now):
    patient = replace(IMMEDIATE, per_hour=1, at_once=None)
    later = now + timedelta(hours=3)
    with transaction(stocked):
        change(stocked, "UPDATE deliveries SET held = ?, not_before = ?", (Hold.GROUP, later))
    assert ledger.claim(now, lease=LEASE, limit=9, policy=lambda _: patient) == ()
    configured.take_up(stocked, declared, [ANNA, ROOM], now)
    assert {bundle.ids for bundle in ledger.claim(now, lease=LEASE, limit=9)} == {(1,), (2,)}
