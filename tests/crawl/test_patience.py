from __future__ import annotations

import pytest

from monitor.crawl.patience import Patience
from spiders.items import Look


@pytest.fixture
def patience():
    """Three tasks of 10 seconds each, given at 0; something must begin within 5."""
    one = Patience(lull=5)
    for name in "abc":
        one.given(Look(name, f"https://{name}.example/", deadline=10), 0)
    return one


def test_a_deadline_runs_from_the_start_of_its_task(patience):
    patience.begun("a", 4, parsing=False)
    assert patience.overdue(13.9) == frozenset()
    assert patience.overdue(14) == {"a"}
    patience.ended("a", 13)
    assert patience.overdue(14) == frozenset()


def test_a_worker_that_begins_nothing_is_given_up(patience):
    assert patience.overdue(4.9) == frozenset()
    assert patience.overdue(5) == {"a", "b", "c"}
    patience.begun("a", 4, parsing=False)
    patience.ended("a", 6)
    assert patience.overdue(10.9) == frozenset()
    assert patience.overdue(11) == {"b", "c"}


def test_a_parser_is_to_blame_for_what_happens_while_it_runs(patience):
    patience.begun("a", 0, parsing=False)
    patience.begun("b", 3, parsing=False)
    patience.begun("b", 4, parsing=True)
    assert patience.suspects() == {"b"}
    assert patience.overdue(12) == frozenset()
    assert patience.overdue(13) == {"b"}


def test_time_in_the_parser_of_another_task_does_not_count(patience):
    patience.begun("a", 0, parsing=False)
    patience.begun("b", 3, parsing=False)
    patience.begun("b", 4, parsing=True)
    patience.ended("b", 9)
    assert patience.overdue(14.9) == frozenset()
    assert patience.overdue(15) == {"a"}


def test_waiting_for_a_turn_does_not_count(patience):
    patience.asked("a", 1)
    assert patience.overdue(100) == frozenset()
    patience.went("a", 100)
    assert patience.overdue(105) == {"a", "b", "c"}
    patience.begun("a", 101, parsing=False)
    patience.asked("a", 105)
    assert patience.overdue(200) == frozenset()
    patience.went("a", 200)
    assert patience.overdue(205.9) == frozenset()
    assert patience.overdue(206) == {"a"}


def test_everything_begun_is_suspect_when_no_parser_was_at_work(patience):
    patience.begun("a", 0, parsing=False)
    patience.begun("b", 0, parsing=False)
    assert patience.suspects() == {"a", "b"}


def test_nothing_in_hand_is_never_overdue(patience):
    for name in "abc":
        patience.ended(name, 1)
    assert patience.overdue(1e9) == frozenset()
    assert not patience.holds("a")
