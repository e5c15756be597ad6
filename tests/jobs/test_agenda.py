"""What is due, where more is due than can be done."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.core.sources.pacing import Pace
from monitor.jobs.agenda import Agenda
from monitor.jobs.terms import Terms
from monitor.jobs.visiting import Visiting
from monitor.store.visits import Visits
from spiders.items import Look, Read

TERMS = Terms(Pace(), timedelta(hours=24), batch=10, deadline=timedelta(seconds=60))


@pytest.fixture
def agenda(db, sources, make_ingestor, clock, source, looked):
    """Thirty sources are due, and so are the pages that another one lists."""
    sources.sync([source(f"s{n}") for n in range(31)], clock.now)
    found = looked(*(f"https://p{n}.example/" for n in range(20)))
    later = clock.now + timedelta(hours=1)
    sources.save_look("s30", found, next_due=later, now=clock.now, baseline_before=None)
    return Agenda(sources, Visiting(Visits(db), make_ingestor()))


def first_of(agenda, now, count=10):
    """The kinds of the first tasks, as many as one job takes."""
    tasks = [task for task, _ in agenda.due(now, TERMS, 1, looking=(), taken=())]
    return {type(task) for task in tasks[:count]}


def test_pages_wait_no_longer_than_a_round_while_more_sources_are_due_than_can_be_looked_at(agenda, clock):
    assert [first_of(agenda, clock.now) for _ in range(4)] == [{Look}, {Read}, {Look}, {Read}]


def test_all_that_fits_is_there_whoever_is_first(agenda, clock):
    for _ in range(2):
        tasks = [task for task, _ in agenda.due(clock.now, TERMS, 4, looking=(), taken=())]
        assert sum(isinstance(task, Look) for task in tasks) == 30
        assert sum(isinstance(task, Read) for task in tasks) == 20


def test_what_is_being_looked_at_and_what_is_on_a_taken_host_is_left_out(agenda, clock):
    tasks = [task.url for task, _ in agenda.due(clock.now, TERMS, 4, looking=["s3"], taken=["p4.example"])]
    assert "https://s3.example/rss" not in tasks
    assert "https://p4.example/" not in tasks
    assert len(tasks) == 48
