"""What the coordinator makes of a cluster that is away, loses orders or refuses them; without Dask."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

import pytest

from monitor.core.errors import CrawlError
from monitor.crawl.cluster import Size, station
from monitor.crawl.cluster.orders import Brought, read_order, write_brought
from spiders.items import CrawlJob, CrawlReport, Outcome, Read
from tests.crawl.site import Reply, article


class Cluster:
    """Stations in threads of this process; `answer` stands for them, if it is set."""

    def __init__(self, answer=None):
        self.size = Size(2, 2)
        self.answer = answer
        self.orders = []
        self._threads = ThreadPoolExecutor(2)

    async def open(self, run):
        self._run = run
        await self.look()

    async def look(self):
        if self.size is None:
            raise CrawlError("the cluster cannot be used: made up")
        return self.size

    def submit(self, order):
        self.orders.append(read_order(order))
        if self.answer is None:
            return self._threads.submit(station.perform, order)
        future = Future()
        self.answer(future, self.orders[-1])
        return future

    async def close(self):
        await asyncio.to_thread(station.end, self._run.coordinator, self._run.begun.isoformat())


def read(url):
    return Read(url, url)


async def reports_of(crawler, *tasks):
    return {report.task: report async for report in crawler.run(CrawlJob("job", tasks))}


def is_there(standing):
    return standing.size is not None


def succeed(future, order):
    reports = tuple(CrawlReport(task.id, Outcome.OK, url=task.url) for task in order.tasks)
    future.set_result(write_brought(Brought("a station", reports)))


def test_orders_are_carried_out_by_any_executor(here, coordinating, standing):
    pages = [read(here.put(f"/{n}", Reply(article(f"Page {n}")))) for n in range(4)]

    async def scenario():
        async with coordinating(Cluster(), here) as crawler:
            await standing(crawler, is_there)
            return await reports_of(crawler, *pages)

    reports = asyncio.run(scenario())
    assert [report.outcome for report in reports.values()] == [Outcome.OK] * 4
    assert here.most_at_once == 1


def test_reports_have_the_ids_that_each_job_gave(coordinating, standing):
    async def scenario():
        async with coordinating(Cluster(succeed), delay=0.01) as crawler:
            await standing(crawler, is_there)
            jobs = [
                [replace(read(f"https://{name}.example/{n}"), id=str(n)) for n in range(3)] for name in "ab"
            ]
            return await asyncio.gather(*(reports_of(crawler, *tasks) for tasks in jobs))

    for name, reports in zip("ab", asyncio.run(scenario()), strict=True):
        assert {task: report.url for task, report in reports.items()} == {
            str(n): f"https://{name}.example/{n}" for n in range(3)
        }


def refuse(future, order):
    future.set_result(write_brought(Brought("a station", refusal="it has Tumen 9.9")))


def die(future, order):
    future.set_exception(RuntimeError("the worker died"))


def babble(future, order):
    future.set_result(b"what is this?\n")


@pytest.mark.parametrize("loss", [refuse, die, babble])
def test_an_order_that_is_lost_is_given_again_and_a_task_given_up_in_the_end(
    loss, coordinating, standing, caplog
):
    lost = []

    def answer(future, order):
        if "https://a.example/poison" in {task.url for task in order.tasks}:
            lost.append(order)
            loss(future, order)
        else:
            succeed(future, order)

    async def scenario():
        async with coordinating(Cluster(answer), delay=0.01) as crawler:
            await standing(crawler, is_there)
            tasks = [read(f"https://{name}.example/") for name in "bcd"]
            return await reports_of(crawler, read("https://a.example/poison"), *tasks)

    reports = asyncio.run(scenario())
    assert reports.pop("https://a.example/poison").reason == "worker_lost"
    assert {report.outcome for report in reports.values()} == {Outcome.OK}
    assert [len(order.tasks) for order in lost][2:] == [1] * 4  # alone, once it is suspected
    assert "lost, and ordered again" in caplog.text


def test_a_cluster_that_is_away_from_the_start_is_done_without(here, coordinating, standing):
    cluster = Cluster()
    cluster.size = None
    page = read(here.put("/1", Reply(article("One"))))

    async def scenario():
        async with coordinating(cluster, here) as crawler:
            assert crawler.room == 0  # it is not known yet
            await standing(crawler, lambda found: found.is_away)
            return crawler.room, await reports_of(crawler, page)

    room, reports = asyncio.run(scenario())
    assert room == 4
    assert reports[page.id].outcome is Outcome.OK
    assert not cluster.orders


def test_whoever_is_to_wait_for_the_cluster_reads_nothing_meanwhile(coordinating, standing):
    held = []
    cluster = Cluster(lambda future, _: held.append(future))

    async def scenario():
        async with coordinating(cluster, otherwise_local=False) as crawler:
            await standing(crawler, is_there)
            reading = asyncio.create_task(reports_of(crawler, read("https://a.example/")))
            while not held:
                await asyncio.sleep(0)
            cluster.size = None
            held[0].cancel()
            with pytest.raises(CrawlError, match="made up"):
                await reading
            assert crawler.room == 0
            with pytest.raises(CrawlError, match="made up"):
                await reports_of(crawler, read("https://b.example/"))

    asyncio.run(scenario())


def test_sites_of_orders_that_were_lost_with_the_cluster_are_left_alone(here, there, coordinating, standing):
    held = []
    cluster = Cluster(lambda future, _: held.append(future))
    lost, other = read(here.put("/1", Reply(article("One")))), read(there.put("/1", Reply(article("Two"))))

    async def scenario():
        async with coordinating(cluster, here, there) as crawler:
            await standing(crawler, is_there)
            reading = asyncio.create_task(reports_of(crawler, lost))
            while not held:
                await asyncio.sleep(0)
            cluster.size = None
            held[0].cancel()
            await standing(crawler, lambda found: found.is_away)
            await reports_of(crawler, other)
            assert not reading.done()
            reading.cancel()

    asyncio.run(scenario())
    assert not here.hits
    assert there.hits


def test_a_job_ends_with_an_error_when_the_crawler_is_closed(coordinating, standing):
    async def scenario():
        async with coordinating(Cluster(lambda *_: None)) as crawler:
            await standing(crawler, is_there)
            reading = asyncio.create_task(reports_of(crawler, read("https://a.example/")))
            await asyncio.sleep(0.05)
        with pytest.raises(CrawlError, match="closed"):
            await reading

    asyncio.run(scenario())


def test_room_follows_the_size_of_the_cluster(coordinating, standing):
    cluster = Cluster(succeed)

    async def scenario():
        async with coordinating(cluster) as crawler:
            await standing(crawler, is_there)
            before, cluster.size = crawler.room, Size(5, 10)
            await standing(crawler, lambda found: found.size == Size(5, 10))
            return before, crawler.room

    assert asyncio.run(scenario()) == (8, 40)
