"""Which requests may leave is asked before each, and what is refused never reaches its host."""

from __future__ import annotations

import asyncio

from monitor.crawl import LocalCrawler
from spiders.items import CrawlJob, Look, Outcome, Read
from tests.crawl.site import Reply, article


def reports_of(options, tasks, admits):
    async def collect():
        crawler = LocalCrawler(options)
        try:
            return {
                report.task: report async for report in crawler.run(CrawlJob("job", tuple(tasks)), admits)
            }
        finally:
            await crawler.close()

    return asyncio.run(collect())


def test_a_redirect_to_a_host_that_is_not_admitted_stays_here(here, there, options):
    there.put("/page", Reply(article("Elsewhere")))
    here.put("/moved", Reply(status=302, headers={"Location": there.url("/page")}))
    tasks = [Read("stays", here.put("/page", Reply(article("Here")))), Read("goes", here.url("/moved"))]
    reports = reports_of(options(here, there), tasks, lambda _, host: host == here.host)
    assert reports["stays"].outcome is Outcome.OK
    assert reports["goes"].reason == "elsewhere"
    assert not there.hits


def test_what_is_admitted_no_longer_does_not_leave_even_if_it_waits_for_its_turn(here, options):
    pages = [Read(str(n), here.put(f"/{n}", Reply(article(f"Page {n}")))) for n in range(4)]
    asked = []

    def admits(task, host):
        asked.append((task, host))
        return len(here.hits) < 2  # robots.txt and the first page

    reports = reports_of(options(here), pages, admits)
    assert [reports[str(n)].reason for n in range(4)] == ["", *["elsewhere"] * 3]
    assert len(here.hits) == 2
    assert {host for _, host in asked} == {here.host}


def test_a_host_whose_request_was_refused_is_free_for_others(here, options):
    look, page = Look("look", here.feed("/feed", "One")), Read("page", here.put("/1", Reply(article("One"))))

    async def both():
        crawler = LocalCrawler(options(here))

        async def run(task, admits):
            return [report.reason async for report in crawler.run(CrawlJob(task.id, (task,)), admits)]

        try:
            return await asyncio.gather(run(look, lambda *_: False), run(page, lambda *_: True))
        finally:
            await crawler.close()

    assert asyncio.run(both()) == [["elsewhere"], [""]]
