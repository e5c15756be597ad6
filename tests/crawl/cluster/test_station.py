"""A station does what it is ordered while the order counts, and nothing for those that do not."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from monitor.crawl.cluster import orders, station
from monitor.crawl.cluster.orders import Order, Run, read_brought, write_order
from spiders.items import Outcome, Read, WorkerOptions, site_of
from tests.crawl.site import Reply, article

BEGUN = datetime(2026, 11, 26, tzinfo=UTC)


@pytest.fixture(autouse=True)
def ended():
    yield
    for name, one in tuple(station._stations.items()):
        station.end(name, one.run.begun.isoformat())


def order(*sites, begun=BEGUN, age=0.0, seconds=30.0, pages=1, wait=0.0):
    tasks = tuple(
        Read(f"{at.host} {n}", at.put(f"/{n}", Reply(article(f"Page {n}"), wait=wait)))
        for at in sites
        for n in range(pages)
    )
    return Order(
        "order-1",
        Run("a service", begun),
        datetime.now(UTC) - timedelta(seconds=age),
        seconds,
        frozenset(site_of(at.host) for at in sites),
        tasks,
        WorkerOptions(allow_private=tuple(at.host for at in sites), delay=0.05, timeout=5.0),
    )


def perform(one, **named):
    return read_brought(station.perform(write_order(one), **named))


def test_what_robots_txt_says_comes_back_once(here):
    first, second = perform(order(here)), perform(order(here))
    assert [rules.place for rules in first.rules] == [f"http://{here.host}"]
    assert second.rules == ()
    told = perform(order(here, begun=BEGUN + timedelta(seconds=1)))
    assert [report.outcome for report in told.reports] == [Outcome.OK]
    assert here.counts["/robots.txt"] == 2  # a station of its own


def test_an_order_that_lay_too_long_is_not_begun(here):
    brought = perform(order(here, age=station.BEGIN_WITHIN + 1))
    assert (brought.late, brought.reports) == (True, ())
    assert not here.hits


def test_no_request_leaves_once_the_time_of_an_order_is_over(here):
    perform(order(here))  # its crawl worker is up now
    before = len(here.hits)
    brought = perform(order(here, pages=60, wait=0.3, seconds=4.0))
    assert 0 < len(brought.reports) < 20
    assert len(here.hits) - before <= len(brought.reports) + 1  # a page that was under way


def test_no_request_leaves_once_nobody_could_hear_of_it(here):
    brought = perform(order(here, pages=10, wait=0.1), attached=lambda: len(here.hits) < 3)
    assert len(brought.reports) == 2
    assert len(here.hits) == 3


def test_what_is_under_way_ends_once_nobody_could_hear_of_it(here):
    one, asked = order(here), threading.Event()

    def answer(_):
        asked.set()
        return Reply(article("Page 0"), wait=20.0)

    here.put("/0", answer)
    brought = perform(one, attached=lambda: not asked.is_set())
    assert asked.is_set()
    assert (brought.late, brought.reports) == (True, ())  # not one that says it took too long


def test_a_later_run_ends_what_an_earlier_one_ordered(here, there):
    found = []
    earlier = threading.Thread(target=lambda: found.append(perform(order(here, pages=10, wait=1.0))))
    earlier.start()
    ends = time.monotonic() + 30
    while not here.connections:
        assert time.monotonic() < ends
        time.sleep(0.02)
    station.begin("a service", (BEGUN + timedelta(seconds=5)).isoformat())
    earlier.join(10)
    assert not earlier.is_alive()
    assert found[0].late
    assert perform(order(there)).late  # it is of the earlier run
    assert not there.hits
    assert perform(order(there, begun=BEGUN + timedelta(seconds=5))).reports[0].outcome is Outcome.OK


def test_services_that_share_a_station_leave_each_other_alone(here):
    assert perform(order(here)).reports
    station.begin("another service", BEGUN.isoformat())
    station.end("another service", BEGUN.isoformat())
    assert perform(order(here)).reports


@pytest.mark.parametrize("content", [b"what is this?\n", b'{"tumen": "0.0.1"}\n'])
def test_what_it_cannot_read_is_refused_after_a_while(content, monkeypatch):
    monkeypatch.setattr(station, "_HELD", 0.01)
    brought = read_brought(station.perform(content))
    assert brought.refusal.startswith(f"it has Tumen {orders.__version__}")
    assert not brought.late
