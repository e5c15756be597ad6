"""Workers on other machines, as processes on loopback: they read for us, and are killed, stopped and replaced."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from spiders.items import CrawlJob, Look, Outcome, Read
from tests.crawl.cluster.machines import children, end, lives, machines, until
from tests.crawl.site import Reply, article, site

DELAY = 0.1


@pytest.fixture(scope="module")
def cluster():
    with machines(workers=2) as one:
        yield one


def pages(at, many, wait=0.05, begin=0):
    return tuple(
        Read(f"{at.host} {n}", at.put(f"/{n}", Reply(article(f"Page {n}"), wait=wait)))
        for n in range(begin, begin + many)
    )


async def reports_of(crawler, *jobs):
    async def run(job):
        return [report async for report in crawler.run(job)]

    found = await asyncio.gather(*map(run, jobs))
    return {report.task: report for reports in found for report in reports}


def size_is(workers):
    return lambda standing: standing.size is not None and standing.size.workers == workers


def test_stations_read_and_a_site_is_asked_by_one_at_a_time_with_pauses(cluster, coordinating, standing):
    with site() as here, site() as there:
        jobs = [
            CrawlJob(f"job {n}", (*pages(here, 4, begin=4 * n), *pages(there, 4, begin=4 * n)))
            for n in range(3)
        ]

        async def scenario():
            async with coordinating(cluster, here, there, delay=DELAY) as crawler:
                await standing(crawler, size_is(2))
                assert crawler.room == 16
                return await reports_of(crawler, *jobs), crawler.pids

        reports, pids = asyncio.run(scenario())
        assert len(reports) == 24
        assert {report.outcome for report in reports.values()} == {Outcome.OK}
        assert not pids
        for at in (here, there):
            hits = sorted(at.hits, key=lambda hit: hit.begun)
            assert at.counts == {"/robots.txt": 1, **{f"/{n}": 1 for n in range(12)}}
            assert at.most_at_once == 1
            assert min(after.begun - before.ended for before, after in pairwise(hits)) > DELAY * 0.8


def test_what_leads_to_another_site_is_ordered_again_with_both(cluster, coordinating, standing):
    with site() as here, site() as there:
        there.feed("/feed", "One")
        look = Look("look", here.put("/feed", Reply(status=302, headers={"Location": there.url("/feed")})))

        async def scenario():
            async with coordinating(cluster, here, there) as crawler:
                await standing(crawler, size_is(2))
                first = await reports_of(crawler, CrawlJob("first", (look,)))
                hits = len(here.hits)
                return first, hits, await reports_of(crawler, CrawlJob("again", (look,)))

        first, hits, again = asyncio.run(scenario())
        assert {report.outcome for report in (*first.values(), *again.values())} == {Outcome.OK}
        assert again["look"].url == there.url("/feed")
        assert hits == 3  # robots.txt, and the address twice
        assert len(here.hits) == hits + 1  # it is known by now where it leads to
        assert there.most_at_once == 1


def test_a_killed_worker_takes_its_children_along_and_its_tasks_are_done_by_another(coordinating, standing):
    with machines(workers=1, threads=1) as cluster, site() as here:

        async def scenario():
            async with coordinating(cluster, here, delay=DELAY) as crawler:
                await standing(crawler, size_is(1))
                reading = asyncio.create_task(reports_of(crawler, CrawlJob("job", pages(here, 6, wait=0.4))))
                await asyncio.to_thread(until, lambda: len(here.hits) >= 2)
                victim = cluster.workers[0]
                (child,) = children(victim.pid)
                end(victim)
                await asyncio.to_thread(until, lambda: not lives(child))
                cluster.start_worker()
                return await reading

        reports = asyncio.run(scenario())
        assert len(reports) == 6
        assert {report.outcome for report in reports.values()} == {Outcome.OK}
