"""One request at a time to a host, with a pause, whatever the latency; hosts side by side."""

from __future__ import annotations

import asyncio
from itertools import pairwise

from monitor.crawl import LocalCrawler
from spiders.items import CrawlJob, Look, Read
from tests.crawl.site import Reply, article, rss, site

DELAY = 0.1


def gaps(at):
    hits = sorted(at.hits, key=lambda hit: hit.begun)
    return [after.begun - before.ended for before, after in pairwise(hits)]


def test_hosts_are_visited_side_by_side_and_each_with_pauses(options, crawl):
    with site() as here, site() as there:
        for at in (here, there):
            for n in range(4):
                at.put(f"/{n}", Reply(article(f"Page {n}"), wait=0.15))
        here.put("/0", Reply(status=302, headers={"Location": there.url("/0")}, wait=0.15))
        tasks = [
            Read(f"{name}{n}", at.url(f"/{n}")) for name, at in (("h", here), ("t", there)) for n in range(4)
        ]
        crawl(options(here, there, delay=DELAY), *tasks)
        for at in (here, there):
            assert at.most_at_once == 1
            assert min(gaps(at)) > DELAY * 0.8
        begun, ended = min(hit.begun for hit in there.hits), max(hit.ended for hit in here.hits)
        assert begun < ended


def test_the_pause_holds_from_one_job_to_the_next(here, options):
    here.put("/robots.txt", Reply(b"", 404))
    url = here.put("/feed", Reply(rss(here, "a"), wait=0.05))

    async def three_jobs():
        crawler = LocalCrawler(options(here, delay=DELAY))
        for n in range(3):
            assert [r.reason async for r in crawler.run(CrawlJob(f"j{n}", (Look("same id", url),)))] == [""]
        await crawler.close()

    asyncio.run(three_jobs())
    assert here.counts == {"/robots.txt": 1, "/feed": 3}
    assert min(gaps(here)) > DELAY * 0.8


def test_no_referrer_no_cookie_no_language_and_an_honest_name_are_sent(here, options, crawl):
    here.put("/first", Reply(status=302, headers={"Location": "/second", "Set-Cookie": "id=1"}))
    here.put("/second", Reply(rss(here, "a"), headers={"Set-Cookie": "id=2"}))
    crawl(options(here), Look("one", here.url("/first")), Look("two", here.url("/second")))
    for hit in here.hits:
        assert hit.headers["user-agent"].startswith("Tumen/")
        assert not {"cookie", "referer", "authorization", "accept-language"} & set(hit.headers)
