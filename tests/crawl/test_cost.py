"""What a look costs the other side: few bytes, and one connection for what comes close together."""

from __future__ import annotations

import asyncio
import gzip

import brotli
import pytest

from monitor.crawl import LocalCrawler
from spiders.items import CrawlJob, Look, Outcome, Read, Validators
from tests.crawl.site import Reply, article, rss

WORDS = "Nothing is said here that a compressor could not say more shortly. " * 2000


def jobs(options, *jobs):
    """The reports of jobs, one after the other through one crawler."""

    async def run():
        crawler = LocalCrawler(options)
        try:
            return [report for job in jobs async for report in crawler.run(job)]
        finally:
            await crawler.close()

    return asyncio.run(run())


def test_looks_and_reads_of_a_host_share_a_connection_across_jobs(here, options):
    feed, page = here.feed("/feed", "a"), here.put("/a/0", Reply(article("A")))
    other = here.feed("/other", "b")
    reports = jobs(
        options(here),
        CrawlJob("1", (Look("feed", feed), Look("other", other))),
        CrawlJob("2", (Read("page", page),)),
        CrawlJob("3", (Look("again", feed),)),
    )
    assert [report.outcome for report in reports] == [Outcome.OK] * 4
    assert here.connections == 1


def test_a_connection_that_the_server_closed_meanwhile_is_made_anew(here, options):
    page = here.put("/a", Reply(article("A"), headers={"Connection": "close"}))
    reports = jobs(options(here), CrawlJob("1", (Read("a", page),)), CrawlJob("2", (Read("b", page),)))
    assert [report.outcome for report in reports] == [Outcome.OK] * 2
    assert here.connections == 2  # the first page ended that of robots.txt


@pytest.mark.parametrize(("name", "pack"), [("gzip", gzip.compress), ("br", brotli.compress)])
def test_what_a_server_can_compress_comes_compressed(here, options, crawl, name, pack):
    whole = rss(here, "a", WORDS)

    def answer(headers):
        assert name in headers["Accept-Encoding"]
        return Reply(pack(whole), headers={"Content-Encoding": name, "Content-Type": "application/rss+xml"})

    report = crawl(options(here), Look("feed", here.put("/feed", answer)))["feed"]
    assert (report.outcome, len(report.entries)) == (Outcome.OK, 2)
    assert report.size == len(pack(whole)) < len(whole) / 20


@pytest.mark.parametrize(("name", "pack"), [("gzip", gzip.compress), ("br", brotli.compress)])
def test_the_limit_holds_for_what_comes_out_of_a_compressed_body(here, options, crawl, name, pack):
    bomb = Reply(pack(b" " * 2_000_000), headers={"Content-Encoding": name})
    report = crawl(options(here, max_size=1_000_000), Look("feed", here.put("/feed", bomb)))["feed"]
    assert report.reason == "too_large"


def test_a_page_that_did_not_change_is_not_sent_again(here, options, crawl):
    def answer(headers):
        if headers["If-None-Match"] == '"1"':
            return Reply(status=304, headers={"ETag": '"1"'})
        return Reply(article("A"), headers={"ETag": '"1"'})

    page = here.put("/a", answer)
    first = crawl(options(here), Read("a", page))["a"]
    assert (first.outcome, first.validators) == (Outcome.OK, Validators('"1"'))
    again = crawl(options(here), Read("a", page, validators=first.validators))["a"]
    assert (again.outcome, again.size, again.validators) == (Outcome.UNCHANGED, 0, Validators('"1"'))
