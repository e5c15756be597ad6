"""One request at a time to a host, with a pause, whatever the latency; hosts side by side."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from monitor.core.errors import StorageError
from monitor.crawl import LocalCrawler
from spiders.items import CrawlJob, Look, Read
from spiders.wire import Rules
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


def test_two_workers_with_looks_and_reads_of_four_sources_take_turns_at_their_host(here, options):
    jobs = [
        CrawlJob(
            f"job {n}",
            (
                Look(f"look {n}", here.put(f"/feed/{n}", Reply(rss(here, "a"), wait=0.05))),
                Read(f"read {n}", here.put(f"/page/{n}", Reply(article(f"Page {n}"), wait=0.05))),
            ),
        )
        for n in range(4)
    ]

    async def all_at_once():
        crawler = LocalCrawler(options(here, delay=DELAY), workers=2)

        async def run(job):
            return [report.reason async for report in crawler.run(job)]

        reasons = await asyncio.gather(*map(run, jobs))
        pids = crawler.pids
        await crawler.close()
        return reasons, pids

    reasons, pids = asyncio.run(all_at_once())
    assert reasons == [["", ""]] * 4
    assert len(pids) == 2
    assert here.most_at_once == 1
    assert min(gaps(here)) > DELAY * 0.8


def test_a_host_rests_after_its_worker_was_killed(here, options):
    tasks = [Read(str(n), here.put(f"/{n}", Reply(article(f"Page {n}"), wait=0.1))) for n in range(4)]
    killed = []

    async def kill_in_between():
        crawler = LocalCrawler(options(here, delay=0.3))
        async for _ in crawler.run(CrawlJob("job", tuple(tasks))):
            if not killed:
                await asyncio.sleep(0.35)  # the next request is there, or about to be
                os.kill(crawler.pids[0], signal.SIGKILL)
                killed.append(time.monotonic())
        await crawler.close()

    asyncio.run(kill_in_between())
    after = min(hit.begun for hit in here.hits if hit.begun > killed[0])
    assert after > killed[0] + 0.3 * 0.8
    assert here.most_at_once == 1


def test_a_redirect_waits_for_the_turn_of_the_host_to_which_it_leads(here, there, options):
    there.put("/moved", Reply(status=302, headers={"Location": here.url("/feed")}))
    feed = here.put("/feed", Reply(rss(here, "a"), wait=0.1))

    async def both():
        crawler = LocalCrawler(options(here, there, delay=DELAY), workers=2)

        async def run(name, url):
            return [report.reason async for report in crawler.run(CrawlJob(name, (Look(name, url),)))]

        reasons = await asyncio.gather(run("direct", feed), run("moved", there.url("/moved")))
        await crawler.close()
        return reasons

    assert asyncio.run(both()) == [[""], [""]]
    assert here.most_at_once == 1
    assert min(gaps(here)) > DELAY * 0.8


def test_a_host_gets_the_pause_that_its_robots_txt_asks_for(here, options, crawl):
    here.put("/robots.txt", Reply(b"User-agent: *\nCrawl-delay: 0.4\nRequest-rate: 1/0.2\n"))
    tasks = [Look(f"{n}", here.feed(f"/{n}", "a"), deadline=0.8) for n in range(3)]
    reports = crawl(options(here, delay=0.01), *tasks)
    assert {report.reason for report in reports.values()} == {""}
    hits = sorted(here.hits, key=lambda hit: hit.begun)
    assert [hit.path for hit in hits] == ["/robots.txt", "/0", "/1", "/2"]
    assert min(gaps(here)[1:]) > 0.4 * 0.8  # nobody knew before it was read


def test_what_a_robots_txt_says_outlives_the_worker_that_read_it(here, options):
    here.put("/robots.txt", Reply(b"User-agent: *\nDisallow: /private\n"))
    allowed, private = here.feed("/feed", "a"), here.feed("/private", "a")

    async def three_workers():
        crawler = LocalCrawler(options(here), recycle_after=1)
        reasons = []
        for url in (allowed, allowed, private):
            reasons += [report.reason async for report in crawler.run(CrawlJob(url, (Look(url, url),)))]
        await crawler.close()
        return reasons

    assert asyncio.run(three_workers()) == ["", "", "robots"]
    assert here.counts == {"/robots.txt": 1, "/feed": 2}


def test_what_was_known_before_a_restart_counts_and_what_cannot_be_kept_harms_nobody(here, there, options):
    before = Rules(here.url(""), "User-agent: *\nDisallow: /", datetime.now(UTC))
    offered = []

    def refuse(rules):
        offered.append(rules.place)
        raise StorageError("the disk is full")

    async def both():
        crawler = LocalCrawler(options(here, there), known=(before,), keep_rules=refuse)
        tasks = [Look(at.host, at.feed("/feed", "a")) for at in (here, there)]
        reports = {report.task: report.reason async for report in crawler.run(CrawlJob("job", tuple(tasks)))}
        await crawler.close()
        return reports

    assert asyncio.run(both()) == {here.host: "robots", there.host: ""}
    assert here.hits == []
    assert offered == [there.url("")]


def test_f29_while_robots_txt_cannot_be_given_what_it_said_holds_for_a_day(here, there, options):
    ages = {here: timedelta(hours=23), there: timedelta(hours=25)}
    known = tuple(
        Rules(at.url(""), "User-agent: *\nDisallow: /private\n", datetime.now(UTC) - age)
        for at, age in ages.items()
    )

    async def look():
        crawler = LocalCrawler(options(here, there), known=known)
        tasks = []
        for at in ages:
            at.put("/robots.txt", Reply(b"", 503))
            tasks += [Look(f"{at.host}{path}", at.feed(path, "a")) for path in ("/feed", "/private")]
        reports = {report.task: report.reason async for report in crawler.run(CrawlJob("job", tuple(tasks)))}
        await crawler.close()
        return reports

    assert asyncio.run(look()) == {
        f"{here.host}/feed": "",
        f"{here.host}/private": "robots",
        f"{there.host}/feed": "robots",
        f"{there.host}/private": "robots",
    }
    assert here.counts["/feed"] == 1
    assert set(there.counts) == {"/robots.txt"}


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
