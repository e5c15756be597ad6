"""Whether the cluster answers is looked at without ordering anything."""

from __future__ import annotations

import pytest

from monitor.config import Settings, clustered
from monitor.core.checkup import Grade
from monitor.core.errors import CrawlError
from monitor.jobs.doctor.cluster import cluster
from tests.crawl.cluster.machines import machines, until


def looked(address, now):
    (found,) = cluster(clustered(Settings(), address), now)
    return found


def test_its_size_is_told_and_what_is_wrong_with_it(clock):
    with machines(workers=0) as one:
        found = until(lambda: _answered(one.address, clock()))
        assert (found.grade, found.where) == (Grade.PROBLEM, one.address)
        assert "its scheduler has no workers" in found.says
        one.start_worker(threads=3)
        found = until(lambda: (again := looked(one.address, clock())).grade is Grade.OK and again)
        assert found.says == "1 worker for 3 orders at a time"


def test_a_scheduler_that_is_not_there_is_a_problem(clock):
    with pytest.raises(CrawlError, match="the cluster cannot be used: "):
        looked("tcp://127.0.0.1:1", clock())


def test_without_a_cluster_there_is_nothing_to_say(clock):
    assert list(cluster(Settings(), clock())) == []


def _answered(address, now):
    try:
        return looked(address, now)
    except CrawlError:
        return None  # it is only just starting
