"""Two virtual days through the real watch, core and store: the small version of `make bench-pacing`."""

from datetime import timedelta

import pytest

from monitor.core.sources.pacing import Pace
from tests.bench.pace_week import week


@pytest.fixture(scope="module")
def done():
    return week(50, days=2)


def test_no_source_waits_longer_than_the_slowest_pace(done):
    assert done.starved == 0
    assert done.longest_wait <= Pace().slowest * 1.1 + timedelta(minutes=2)


def test_no_hour_has_many_more_looks_than_another(done):
    by_hour = [done.looks_by_hour[hour] for hour in sorted(done.looks_by_hour)][1:]
    assert len(by_hour) == 47
    assert max(by_hour) < 4 * done.looks / done.hours


def test_most_of_what_is_published_is_found_long_before_the_slowest_pace(done):
    assert len(done.waits) > 100
    assert done.quantile(0.5) < 30
