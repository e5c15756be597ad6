"""When the watchdog of the service manager is fed, and when it is not."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from monitor.jobs.supervision import Supervision, Work

WATCHDOG = timedelta(seconds=120)
PATIENCE = timedelta(minutes=15)


class Manager:
    """Keeps what it is told."""

    def __init__(self, watchdog=WATCHDOG):
        self.watchdog = watchdog
        self.said = []

    def feed(self):
        self.said.append("fed")

    def status(self, text):
        self.said.append(text)


@pytest.fixture
def service():
    """A service whose ticks and works are as a test says."""

    class Service:
        now = 1000.0
        standing: tuple = ()
        done: int | None = None
        manager = Manager()

        def works(self):
            return {"crawling": Work(self.done, PATIENCE)}

        def tick(self, **passed):
            self.now += timedelta(**passed).total_seconds()
            self.supervision.tick()
            said, self.manager.said = self.manager.said, []
            return said

    one = Service()
    one.supervision = Supervision(
        one.manager,
        stalled=lambda patience: one.standing if patience == WATCHDOG else (),
        works=one.works,
        status=lambda: "watching 3 sources",
        steady=lambda: one.now,
    )
    return one


def test_a_service_that_gets_on_feeds_the_watchdog_and_says_what_it_does(service):
    assert service.tick() == ["fed", "watching 3 sources"]


def test_a_tick_that_stands_still_is_named_once_and_nothing_is_fed_until_it_moves(service, caplog):
    service.standing = ("watch", "deliver")
    assert service.tick() == service.tick(seconds=40) == ["standing still: watch, deliver"]
    (told,) = caplog.records
    assert (told.levelno, told.message.split(";")[0]) == (logging.ERROR, "watch, deliver stands still")
    service.standing = ()
    assert service.tick() == ["fed", "watching 3 sources"]
    service.standing = ("watch",)
    service.tick()
    assert len(caplog.records) == 2


def test_work_in_hand_of_which_nothing_is_done_for_long_is_no_progress(service):
    service.done = 7
    assert "fed" in service.tick()
    assert "fed" in service.tick(minutes=15)
    assert service.tick(seconds=1) == ["standing still: crawling"]
    service.done = 8
    assert "fed" in service.tick(seconds=1)


def test_work_that_is_not_in_hand_may_rest_for_as_long_as_it_likes(service):
    for _ in range(3):
        assert "fed" in service.tick(hours=5)
    service.done = 7
    assert "fed" in service.tick(hours=5), "it was begun a moment ago"


def test_without_a_watchdog_only_the_status_is_said(service):
    service.manager.watchdog = None
    service.standing = ("watch",)
    assert service.tick() == ["watching 3 sources"]
    assert service.supervision.every == timedelta(seconds=30)


@pytest.mark.parametrize(("watchdog", "every"), [(3, 1), (60, 20), (120, 30), (3600, 30)])
def test_the_watchdog_is_fed_at_least_three_times_within_its_patience(service, watchdog, every):
    service.manager.watchdog = timedelta(seconds=watchdog)
    assert service.supervision.every == timedelta(seconds=every)
