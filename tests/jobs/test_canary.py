"""A sign of life that does not arrive is missed, and the machine that hears the heartbeat is told."""

from __future__ import annotations

from datetime import time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from monitor.core.delivery.deliveries import Recipient
from monitor.core.delivery.notices import Listener
from monitor.jobs.canary import Canary
from monitor.jobs.heartbeat import Heartbeat
from monitor.jobs.keeper import Keeper
from monitor.notify.heartbeat import Pinger
from monitor.store.database import probe
from monitor.store.ledger import Ledger
from monitor.store.notices import Notices
from monitor.store.sources import Sources
from tests.pings import Checks

LISTENER = Listener("mail", (Recipient("mail", "anna"),), canary=time(6), zone=ZoneInfo("UTC"))  # it is 06:30
MISSING = "canary_missing: mail has no sign of life since 2026-11-25 06:00 UTC"


@pytest.fixture
def ledger(db):
    return Ledger(db)


@pytest.fixture
def canary(db, clock):
    return Canary(Keeper(Notices(db), (LISTENER,), clock=clock), (LISTENER,), clock)


@pytest.fixture
def attempt(ledger, clock):
    """Try what is due, in vain or not."""

    def run(*, arrives=False):
        for bundle in ledger.claim(clock.now, lease=timedelta(minutes=1), limit=20):
            if arrives:
                ledger.sent(bundle.ids, clock.now)
            else:
                later = clock.now + timedelta(minutes=5)
                ledger.failed(bundle.ids, clock.now, error="nobody there", retry_at=later)

    return run


def test_a_canary_is_missed_an_hour_after_its_time_until_it_has_arrived(canary, attempt, clock):
    canary.tick()
    attempt()
    clock.forward(minutes=30)
    assert canary.missing() == ()
    clock.forward(seconds=1)
    assert list(map(str, canary.missing())) == [MISSING]
    attempt(arrives=True)
    assert canary.missing() == ()


def test_a_canary_that_was_given_up_stays_missed(canary, ledger, clock):
    canary.tick()
    (bundle,) = ledger.claim(clock.now, lease=timedelta(minutes=1), limit=1)
    ledger.failed(bundle.ids, clock.now, error="550", reason="smtp_550", retry_at=None)
    clock.forward(hours=5)
    canary.tick()
    assert list(map(str, canary.missing())) == [MISSING]


def test_a_channel_that_wants_no_canary_misses_none(db, clock):
    silent = Listener("chat", (Recipient("chat", "room"),))
    canary = Canary(Keeper(Notices(db), (silent,), clock=clock), (silent,), clock)
    canary.tick()
    clock.forward(hours=30)
    assert canary.missing() == ()


def test_while_the_canary_is_missing_the_heartbeat_fails(db, canary, ledger, attempt, clock):
    with Checks() as checks:
        beat = Heartbeat(
            Pinger(checks.url()),
            Sources(db),
            ledger,
            probe=partial(probe, db),
            silent=dict,
            more=canary.missing,
            clock=clock,
            every=timedelta(minutes=10),
        )
        beats = []
        for minute in range(60):
            canary.tick()
            attempt(arrives=minute >= 50)
            beat.tick()
            if minute % 10 == 0:
                beats.append(checks.cycle())
            clock.forward(minutes=1)
    assert beats == [("", "")] * 4 + [("fail", MISSING)] + [("", "")]
