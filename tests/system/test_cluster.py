"""A service whose crawl runs on a cluster loses nothing and asks no host twice at a time, whatever is killed."""

from __future__ import annotations

import pytest

from tests.bench.scale.ordeals import Run, Size, many_kills

SMALL = Size(sources=20, articles=20, seconds=8, latency=0.3, pace="2s")


def check_all_was_told_once(outcome):
    assert (outcome.balance.lost, outcome.balance.doubled) == (0, 0)
    assert outcome.balance.uncaptured == 0
    assert outcome.at_once == 1
    assert outcome.rest >= SMALL.delay


@pytest.mark.timeout(240)
def test_a_killed_worker_of_the_cluster_takes_nothing_with_it(tmp_path):
    outcome = many_kills(SMALL, 1, tmp_path)
    check_all_was_told_once(outcome)
    assert [(fault.what, fault.left) for fault in outcome.faults] == [("worker killed", 0)]
    assert outcome.balance.repeated == 0


@pytest.mark.timeout(240)
def test_a_coordinator_that_is_killed_and_started_again_goes_on_where_it_was(tmp_path):
    with Run(SMALL, tmp_path) as run:
        run.begin()
        run.kill_service()
        outcome = run.end()
    check_all_was_told_once(outcome)
    assert outcome.balance.repeated <= 1  # what was on its way, under the same id
