from __future__ import annotations

import asyncio

from monitor.crawl import LocalCrawler
from monitor.jobs.sources import discover, look_at_all
from spiders.items import Lead, Outcome, Via, WorkerOptions
from tests.crawl.site import Reply, site


def with_crawler(one, work):
    """What the work brings, given a crawler that may read the site, and what was told meanwhile."""
    told: list[str] = []

    async def run():
        crawler = LocalCrawler(WorkerOptions(delay=0.01, allow_private=(one.host,)))
        try:
            return await work(crawler, told.append)
        finally:
            await crawler.close()

    return asyncio.run(run()), told


def test_every_address_is_told_once_it_was_looked_at():
    with site() as one:
        head = '<link rel="alternate" type="application/rss+xml" href="/world.rss">'
        one.put(
            "/", Reply(f"<html><head>{head}</head></html>".encode(), headers={"Content-Type": "text/html"})
        )
        one.feed("/world.rss", "Ships leave")
        found, told = with_crawler(one, lambda crawler, tell: discover(crawler, one.url("/"), told=tell))
        assert told == [one.url("/"), one.url("/world.rss")]
        assert [lead.via for lead, _ in found.looks] == [Via.GIVEN, Via.LINK]
        assert [candidate.url for candidate in found.candidates] == [one.url("/world.rss")]


def test_a_host_that_is_not_there_is_not_asked_for_its_usual_addresses():
    with site() as one:
        gone = one.url("/")
    found, told = with_crawler(one, lambda crawler, tell: discover(crawler, gone, told=tell))
    assert found.given.reason == "unreachable"
    assert told == [gone]


def test_many_addresses_are_looked_at_in_their_order():
    with site() as one:
        leads = [Lead(one.feed(f"/{number}", "Ships leave"), Via.OUTLINE) for number in range(60)]
        reports, told = with_crawler(one, lambda crawler, tell: look_at_all(crawler, leads, tell))
        assert [report.url for report in reports] == [lead.url for lead in leads]
        assert {report.outcome for report in reports} == {Outcome.OK}
        assert sorted(told) == sorted(lead.url for lead in leads)
