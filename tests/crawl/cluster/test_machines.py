"""Workers on other machines, as processes on loopback: they read for us, and are killed, stopped and replaced."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise

import pytest

from monitor.crawl import LocalCrawler
from monitor.crawl.cluster import door
from monitor.crawl.cluster.crawler import ClusterCrawler
from monitor.crawl.cluster.door import DaskCluster
from spiders.captures import CaptureOptions
from spiders.items import CrawlJob, Look, Outcome, Read, WorkerOptions
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


@pytest.mark.parametrize(("ahead", "said"), [(60, "60 s slow"), (-60, "60 s fast")])
def test_workers_whose_clocks_are_wrong_are_not_used(
    ahead, said, cluster, coordinating, standing, monkeypatch
):
    monkeypatch.setattr(door, "_clock", lambda: time.time() + ahead)

    async def scenario():
        async with coordinating(cluster) as crawler:
            await standing(crawler, lambda found: said in found.why)
            return crawler.standing.size

    assert asyncio.run(scenario()) is None


def test_a_captured_page_comes_back_with_its_report(cluster, coordinating, standing, tmp_path):
    with site() as here:

        async def scenario():
            captures = {"captures": CaptureOptions(str(tmp_path))}
            async with coordinating(cluster, here, options=captures) as crawler:
                await standing(crawler, size_is(2))
                return await reports_of(crawler, CrawlJob("job", pages(here, 2)))

        for report in asyncio.run(scenario()).values():
            content = (tmp_path / report.capture.name).read_bytes()
            assert (len(content), sha256(content).hexdigest()) == (report.capture.size, report.capture.sha256)
        assert len(list(tmp_path.iterdir())) == 2


def test_a_coordinator_that_comes_back_has_what_it_ordered_before_ended(cluster, coordinating, standing):
    with site() as here:
        tasks, way = pages(here, 3, wait=3.0), DaskCluster(cluster.address)

        async def killed():
            options = WorkerOptions(allow_private=(here.host,), timeout=5.0, obey_robots=False)
            crawler = ClusterCrawler(way, LocalCrawler(options), options, coordinator="killed")
            crawler.begin()
            await standing(crawler, size_is(2))
            reading = asyncio.create_task(reports_of(crawler, CrawlJob("job", tasks)))
            await asyncio.to_thread(until, lambda: here.connections)
            reading.add_done_callback(lambda _: None)
            reading.cancel()  # and nothing is closed: the loop ends with all its tasks, as a killed process does

        async def comes_back():
            async with coordinating(cluster, here, coordinator="killed") as crawler:
                await standing(crawler, size_is(2))
                before = sum(len(children(worker.pid)) for worker in cluster.workers)
                return before, await reports_of(crawler, CrawlJob("job", pages(here, 2, begin=5)))

        asyncio.run(killed())
        before, reports = asyncio.run(comes_back())
        way._client.close(timeout=5)  # its thread would live on
        assert before == 0
        assert {report.outcome for report in reports.values()} == {Outcome.OK}
        assert not {"/1", "/2"} & here.counts.keys()


def test_a_worker_that_stands_still_does_nothing_more_when_it_goes_on(coordinating, standing):
    with machines(workers=2, threads=1) as cluster, site() as here:
        tasks = tuple(replace(task, deadline=6.0) for task in pages(here, 3, wait=0.5))

        async def scenario():
            async with coordinating(cluster, here, options={"timeout": 2.0}) as crawler:
                await standing(crawler, size_is(2))
                reading = asyncio.create_task(reports_of(crawler, CrawlJob("job", tasks)))
                (victim,) = await asyncio.to_thread(
                    until, lambda: here.connections and [one for one in cluster.workers if children(one.pid)]
                )
                os.kill(victim.pid, signal.SIGSTOP)
                reports = await reading
                hits = len(here.hits)
                os.kill(victim.pid, signal.SIGCONT)
                await asyncio.sleep(1)
                return reports, hits

        reports, hits = asyncio.run(scenario())
        assert {report.outcome for report in reports.values()} == {Outcome.OK}
        assert len(here.hits) == hits
        assert here.most_at_once == 1


def test_while_the_scheduler_is_away_this_machine_reads(coordinating, standing):
    with machines(workers=1) as cluster, site() as here:

        async def scenario():
            async with coordinating(cluster, here) as crawler:
                await standing(crawler, size_is(1))
                cluster.kill_scheduler()
                await standing(crawler, lambda found: found.is_away)
                room = crawler.room
                alone = await reports_of(crawler, CrawlJob("job", pages(here, 2)))
                pids = crawler.pids
                end(cluster.workers[0])
                cluster.start_scheduler()
                cluster.start_worker()
                await standing(crawler, size_is(1))
                return room, alone, pids, await reports_of(crawler, CrawlJob("job", pages(here, 2, begin=2)))

        room, alone, pids, together = asyncio.run(scenario())
        assert room == 4
        assert len(pids) == 1
        assert {report.outcome for report in (*alone.values(), *together.values())} == {Outcome.OK}
        assert here.most_at_once == 1


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
