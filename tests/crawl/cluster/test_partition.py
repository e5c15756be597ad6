"""A network that is cut: connections stay open and carry nothing, and sites still get one request at a time."""

from __future__ import annotations

import asyncio

import pytest

from spiders.items import CrawlJob, Outcome, Read
from tests.crawl.cluster.machines import children, machines, until
from tests.crawl.cluster.relay import Relay, relay
from tests.crawl.site import Reply, article, site


def slow_at_first(at, many, wait, deadline):
    """Pages of which the first two that are asked for keep whoever asks waiting."""
    waits = iter((wait, wait))

    def answer(_):
        return Reply(article("A page"), wait=next(waits, 0.0))

    return tuple(Read(f"{at.host} {n}", at.put(f"/{n}", answer), deadline=deadline) for n in range(many))


async def reports_of(crawler, tasks):
    return [report async for report in crawler.run(CrawlJob("job", tasks))]


def size_is(workers):
    return lambda standing: standing.size is not None and standing.size.workers == workers


def is_away(standing):
    return standing.is_away


@pytest.mark.parametrize(
    ("what", "wait", "deadline"),
    [
        # Its worker knows after 11 s, while the second page is under way; the scheduler at least 9 s later.
        pytest.param(Relay.cut, 6.5, 20.0, id="packets are lost"),
        # Nobody knows; the order's time is over after 12 s, while the second page is under way.
        pytest.param(Relay.hold, 7.0, 8.0, id="nothing is carried"),
    ],
)
def test_others_go_on_for_a_worker_that_is_cut_off(what, wait, deadline, coordinating, standing):
    with machines(workers=0, patience=28) as cluster, site() as here, site() as there:
        lines = [cluster.start_distant_worker(patience=11) for _ in range(2)]

        async def scenario():
            options = {"timeout": wait + 0.5, "obey_robots": False}
            async with coordinating(cluster, here, there, options=options) as crawler:
                await standing(crawler, size_is(2))
                lost = asyncio.create_task(
                    reports_of(crawler, slow_at_first(here, 3, wait=wait, deadline=deadline))
                )
                (victim,) = await asyncio.to_thread(
                    until, lambda: here.connections and [one for one in lines if children(one.worker.pid)]
                )
                await asyncio.to_thread(victim.each, what)
                others = await reports_of(crawler, slow_at_first(there, 3, wait=0.0, deadline=deadline))
                assert not lost.done()
                await standing(crawler, size_is(1))
                found = [*await lost, *others]
                hits = len(here.hits)
                await asyncio.to_thread(victim.each, Relay.mend)
                await asyncio.sleep(1)
                return found, hits

        reports, hits = asyncio.run(scenario())
        assert len({report.task for report in reports}) == len(reports) == 6
        assert {report.outcome for report in reports} == {Outcome.OK}
        assert here.counts == {
            "/0": 2,
            "/1": 2,
            "/2": 1,
        }  # the third did not leave where nobody could hear of it
        assert here.most_at_once == there.most_at_once == 1
        assert len(here.hits) == hits


@pytest.mark.parametrize("what", [Relay.cut, Relay.hold])
def test_a_coordinator_that_is_cut_off_reads_here_and_comes_back(what, coordinating, standing, caplog):
    with (
        machines(workers=1, threads=1) as cluster,
        relay(cluster.port) as way,
        site() as here,
        site() as there,
    ):

        async def scenario():
            options = {"timeout": 3.0, "obey_robots": False}
            async with coordinating(way, here, there, options=options) as crawler:
                await standing(crawler, size_is(1))
                lost = asyncio.create_task(
                    reports_of(crawler, slow_at_first(here, 3, wait=2.0, deadline=10.0))
                )
                await asyncio.to_thread(until, lambda: here.connections)
                caplog.clear()
                await asyncio.to_thread(what, way)
                await standing(crawler, is_away)
                assert not lost.done()  # their site is left to the worker, which may be at work
                alone = await reports_of(crawler, slow_at_first(there, 2, wait=0.0, deadline=4.0))
                assert crawler.pids
                await asyncio.to_thread(way.mend)
                await standing(crawler, size_is(1))
                together = await reports_of(crawler, slow_at_first(there, 2, wait=0.0, deadline=4.0))
                return [*await lost, *alone, *together]

        reports = asyncio.run(scenario())
        assert [report.outcome for report in reports] == [Outcome.OK] * 7
        assert here.most_at_once == there.most_at_once == 1
        assert caplog.text.count("the cluster cannot be used") == 1


def test_a_coordinator_that_is_cut_off_can_end(coordinating, standing):
    with machines(workers=1) as cluster, relay(cluster.port) as way:

        async def scenario():
            async with asyncio.timeout(90), coordinating(way) as crawler:
                await standing(crawler, size_is(1))
                await asyncio.to_thread(way.hold)

        asyncio.run(scenario())
