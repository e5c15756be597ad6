"""Workers that hang, die or lie: the culprit is named, everybody else succeeds."""

from __future__ import annotations

import asyncio
import os
import signal
import time

import pytest

from monitor.core.errors import CrawlError
from monitor.crawl import LocalCrawler
from spiders.items import CrawlJob, Look, Outcome, Parse, Read
from tests.crawl.site import Reply, article


@pytest.fixture
def pages(tmp_path):
    """Make parse tasks for files that say what their parser does."""

    def make(*words: str, deadline: float = 30.0) -> tuple[Parse, ...]:
        tasks = []
        for n, word in enumerate(words):
            path = tmp_path / f"{n}-{word}.html"
            path.write_bytes(article(word))
            tasks.append(Parse(f"{n}-{word}", str(path), deadline=deadline))
        return tuple(tasks)

    return make


def test_a_parser_that_hangs_ends_at_its_deadline_and_takes_nothing_down(
    here, there, options, pages, hostile, crawl
):
    slow = Look("slow", here.put("/slow", Reply(wait=1.0, body=b"<html>")), deadline=20.0)
    (hanging,) = pages("HANG", deadline=1.0)
    reading = Read("reading", there.put("/page", Reply(article("Fine"))), deadline=20.0)
    begun = time.monotonic()
    reports = crawl(options(here, there), slow, hanging, reading, command=hostile)
    assert (reports["0-HANG"].outcome, reports["0-HANG"].reason) == (Outcome.FAILED, "deadline")
    assert reports["reading"].article.title == "Fine"
    assert reports["slow"].reason == "no_entries"
    assert time.monotonic() - begun < 15


def test_everyone_who_kills_the_worker_is_found_and_nobody_else(here, options, pages, hostile, crawl):
    fine = Look("fine", here.feed("/feed", "a"))
    reports = crawl(options(here), fine, *pages("good", "EXIT", "better", "GARBAGE", "best"), command=hostile)
    lost = {reports.pop("1-EXIT").reason, reports.pop("3-GARBAGE").reason}
    assert lost == {"worker_lost"}
    assert {report.outcome for report in reports.values()} == {Outcome.OK}


def test_memory_exits_and_prints_of_a_parser_stay_in_its_own_report(options, pages, hostile, crawl):
    reports = crawl(options(memory_mb=512), *pages("EAT", "QUIT", "PRINT", "good"), command=hostile)
    assert (reports["0-EAT"].reason, reports["0-EAT"].detail[:11]) == ("parser_error", "MemoryError")
    assert (reports["1-QUIT"].reason, reports["1-QUIT"].detail[:10]) == ("parser_error", "SystemExit")
    assert reports["2-PRINT"].outcome is Outcome.OK
    assert reports["3-good"].outcome is Outcome.OK


def test_jobs_that_share_a_worker_with_a_killer_lose_nothing(here, there, options, pages, hostile):
    async def two_jobs():
        crawler = LocalCrawler(options(here, there), command=hostile)
        here.put("/slow", Reply(article("Slow"), wait=1.0))

        async def run(name, *tasks):
            return {r.task: r async for r in crawler.run(CrawlJob(name, tasks))}

        innocent = asyncio.create_task(run("innocent", Read("1", here.url("/slow"))))
        guilty = await run("guilty", *pages("CRASH"))
        found = {**await innocent, **guilty}
        await crawler.close()
        return found

    reports = asyncio.run(two_jobs())
    assert reports["0-CRASH"].reason == "worker_lost"
    assert "SIGSEGV" in reports["0-CRASH"].detail
    assert reports["1"].outcome is Outcome.OK


def test_a_killed_worker_is_replaced_and_its_tasks_are_done_again(here, options, hostile):
    tasks = [Read(str(n), here.put(f"/{n}", Reply(article(f"Page {n}"), wait=0.3))) for n in range(4)]

    async def kill_in_between():
        crawler = LocalCrawler(options(here), command=hostile)
        reports = []
        async for report in crawler.run(CrawlJob("job", tuple(tasks))):
            reports.append(report)
            if len(reports) == 1:
                os.kill(crawler.pids[0], signal.SIGKILL)
        await crawler.close()
        return reports

    reports = asyncio.run(kill_in_between())
    assert sorted(report.task for report in reports) == ["0", "1", "2", "3"]
    assert {report.outcome for report in reports} == {Outcome.OK}


def test_a_frozen_worker_is_given_up(here, options):
    async def freeze():
        crawler = LocalCrawler(options(here), lull=1.0)
        url = here.feed("/feed", "a")
        reports = [r async for r in crawler.run(CrawlJob("warm", (Look("1", url),)))]
        os.kill(crawler.pids[0], signal.SIGSTOP)
        reports += [r async for r in crawler.run(CrawlJob("cold", (Look("2", url),)))]
        reports += [r async for r in crawler.run(CrawlJob("again", (Look("3", url),)))]
        await crawler.close()
        return [report.reason for report in reports]

    assert asyncio.run(freeze()) == ["", "deadline", ""]


@pytest.mark.parametrize(
    "command", [("/no/such/program",), ("python3", "-c", "raise SystemExit('a library is missing')")]
)
def test_a_worker_that_cannot_start_says_why(options, crawl, command):
    with pytest.raises(CrawlError) as caught:
        crawl(options(), Look("1", "http://127.0.0.1:9/"), command=command)
    assert caught.value.remedy
    assert "a library is missing" in str(caught.value) or "No such file" in str(caught.value)
