"""What a restore keeps back is said, and what was due before it is not sent again."""

from __future__ import annotations

from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.core.delivery.deliveries import Recipient
from monitor.core.delivery.notices import Listener
from monitor.core.delivery.weekly import WeekTime
from monitor.jobs.canary import Canary
from monitor.jobs.keeper import Keeper
from monitor.jobs.restored import Aftermath
from monitor.jobs.weekly import Weekly
from monitor.store.database import rows
from monitor.store.ledger import Ledger
from monitor.store.notices import Notices
from monitor.store.restored import hold_back

HOUR = timedelta(hours=1)
TITLE = "North Korea sends shells to Russia"


@pytest.fixture
def service(db, clock):
    """The parts of a service that speak of a restore, or are kept from speaking."""

    class Service:
        def __init__(self):
            listener = Listener(
                "desk",
                (Recipient("desk", "anna"),),
                canary=time(6),
                report=WeekTime(2, time(6)),
                zone=ZoneInfo("UTC"),
            )
            keeper = Keeper(Notices(db), (listener,), clock=clock)
            self.canary, self.weekly = Canary(keeper, (listener,), clock), Weekly(keeper, (listener,), clock)
            self.aftermath = Aftermath(db, keeper, self.canary, self.weekly, clock)

        def tick(self):
            for part in (self.aftermath, self.canary, self.weekly):
                part.tick()

    return Service


def told(db):
    """What is on its way to readers: kind and text of each notice."""
    sql = "SELECT kind, text, details FROM notices WHERE id IN (SELECT notice FROM deliveries) ORDER BY id"
    return [tuple(row.values()) for row in rows(db, sql)]


def test_without_a_restore_nothing_is_said_of_one(service, db):
    service().tick()
    assert [kind for kind, *_ in told(db)] == ["canary", "report"]


def test_after_a_restore_it_is_said_once_to_all_if_nobody_wants_notices(
    service, db, clock, make_ingestor, take
):
    take(make_ingestor("desk"), TITLE)
    hold_back(db, clock.now, clock.now - HOUR)
    for _ in range(3):
        service().tick()
        clock.forward(minutes=5)
    ((kind, text, details),) = told(db)
    assert kind == "restored"
    assert "the backup of 2026-11-25 05:30 UTC was restored" in text
    assert "1 message is kept back" in details
    assert TITLE in details
    assert "tumen silences replay 1" in details


def test_the_sign_of_life_and_the_report_of_before_are_not_sent_again_but_the_next_ones(service, db, clock):
    hold_back(db, clock.now, clock.now - HOUR)
    service().tick()
    assert [kind for kind, *_ in told(db)] == ["restored"]
    clock.forward(hours=23, minutes=40)
    service().tick()
    assert [kind for kind, *_ in told(db)] == ["restored", "canary"]
    clock.forward(days=6)
    service().tick()
    assert [kind for kind, *_ in told(db)].count("report") == 1


def test_a_day_later_it_is_said_what_was_found_since(service, db, clock, make_ingestor, take):
    hold_back(db, clock.now, clock.now - HOUR)
    service().tick()
    take(make_ingestor("desk"), TITLE)
    clock.forward(minutes=5)
    assert Ledger(db).claim(clock.now, lease=HOUR, limit=9)[0].alerts == ()  # the notice, and not the alert
    running = service()
    running.tick()
    clock.forward(days=1)
    for _ in range(3):
        running.tick()
    kinds = [(text, details) for kind, text, details in told(db) if kind == "restored"]
    assert len(kinds) == 2
    assert "1 message is kept back" in kinds[1][0]
    assert TITLE in kinds[1][1]


def test_a_service_that_is_started_days_later_says_it_all_the_same(service, db, clock, make_ingestor, take):
    take(make_ingestor("desk"), TITLE)
    hold_back(db, clock.now, clock.now - HOUR)
    clock.forward(days=3)
    service().tick()
    assert [kind for kind, *_ in told(db)].count("restored") == 2


def test_after_a_week_it_is_no_news_any_more(service, db, clock):
    hold_back(db, clock.now, None)
    clock.forward(days=8)
    service().tick()
    assert "restored" not in [kind for kind, *_ in told(db)]
