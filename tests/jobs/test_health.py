"""How the service is, asked while it is in each of its stages."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from functools import partial

import pytest

from monitor.core.liveness import Symptom, SymptomKind
from monitor.jobs.health import Body, Health
from monitor.store.database import open_reader, probe


@pytest.fixture
def service(db, clock):
    """A service as far as its health is concerned."""

    class Service:
        silent: dict = {}  # noqa: RUF012  one for each test
        turned = timedelta()
        more: tuple = ()

        def __init__(self):
            self.health = Health(clock)

        def begin(self, db=db):
            self.health.begin(
                Body(partial(probe, db), lambda: self.silent, lambda: self.turned, lambda: self.more)
            )
            self.health.tick()

        def says(self):
            health = self.health
            return tuple(
                [one.kind for one in found] for found in (health.alive(), health.ready(), health.symptoms())
            )

    return Service()


def test_it_is_alive_before_it_is_ready_and_ready_until_it_ends(service):
    service.health.tick()
    assert service.says() == ([], ["starting"], ["starting"])
    service.begin()
    assert service.says() == ([], [], [])
    service.health.end()
    service.turned = timedelta(hours=1)
    assert service.says() == ([], ["ending"], ["ending"])


def test_a_loop_that_stands_still_is_not_alive(service):
    service.begin()
    service.turned = timedelta(seconds=31)
    assert service.says() == (["loop_stands_still"],) * 3


def test_a_part_that_fails_each_time_is_no_reason_to_start_anew(service):
    service.begin()
    service.silent = {"watch": timedelta(minutes=3)}
    assert service.says() == ([], ["ticks_missing"], ["ticks_missing"])


def test_a_history_that_cannot_be_written_is_none_to_start_anew_either_and_passes(service, db, path):
    with closing(open_reader(path)) as reader:
        service.begin(reader)
        assert service.says() == ([], ["history_unwritable"], ["history_unwritable"])
        (symptom,) = service.health.ready()
        assert str(path) not in symptom.text, "where it lies is nobody's business"
    service.begin()
    assert service.says() == ([], [], [])


def test_a_canary_that_is_missing_is_a_symptom_of_a_service_that_is_ready(service):
    service.more = (Symptom(SymptomKind.CANARY, "mail has no sign of life"),)
    service.begin()
    assert service.says() == ([], [], ["canary_missing"])


def test_asking_changes_nothing(service, db):
    service.begin()
    before = db.conn.total_changes
    for _ in range(10):
        service.says()
    service.health.tick()
    assert db.conn.total_changes == before
