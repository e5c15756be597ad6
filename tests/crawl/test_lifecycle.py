"""Workers start when there is work, are replaced when worn, and never outlive their use or their parent."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from monitor.core.errors import CrawlError
from monitor.crawl import LocalCrawler
from spiders.items import CrawlJob, Look, Outcome, Parse, Read
from tests.crawl.site import Reply, article


def is_gone(pid: int, within: float = 5.0) -> bool:
    end = time.monotonic() + within
    while time.monotonic() < end:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
                time.sleep(0.02)
                continue
        return True
    return False


async def finish(crawler: LocalCrawler, name: str, *tasks):
    return [report async for report in crawler.run(CrawlJob(name, tasks))]


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "page.html"
    path.write_bytes(article("Some page"))
    return Parse("page", str(path))


def test_a_worker_is_started_late_replaced_when_worn_and_ended_when_idle(options, page):
    async def live():
        crawler = LocalCrawler(options(), recycle_after=2, idle_seconds=0.3)
        assert crawler.pids == ()
        seen = []
        for n in range(3):
            assert [r.outcome for r in await finish(crawler, f"j{n}", page)] == [Outcome.OK]
            seen += crawler.pids
            await asyncio.sleep(0)
        first, second, *_ = dict.fromkeys(seen)
        assert seen.count(second) == 1
        await asyncio.sleep(0.8)
        assert crawler.pids == ()
        assert is_gone(first)
        assert is_gone(second)
        await crawler.close()

    asyncio.run(live())


def test_a_job_in_hand_says_how_much_of_all_jobs_is_done(options, page):
    async def live():
        crawler = LocalCrawler(options())
        assert crawler.done is None
        for before in range(2):
            async with contextlib.aclosing(crawler.run(CrawlJob(f"j{before}", (page,)))) as reports:
                async for _ in reports:
                    assert crawler.done == before + 1
            assert crawler.done is None
        await crawler.close()

    asyncio.run(live())


def test_a_worker_that_dies_while_idle_is_replaced_without_a_word(options, page):
    async def kill_idle():
        crawler = LocalCrawler(options())
        await finish(crawler, "before", page)
        os.kill(crawler.pids[0], signal.SIGKILL)
        found = await finish(crawler, "after", page)
        await crawler.close()
        return found

    assert [report.outcome for report in asyncio.run(kill_idle())] == [Outcome.OK]


def test_closing_ends_everything_at_once_whatever_hangs(here, options, page, tmp_path, hostile):
    hanging = tmp_path / "hang.html"
    hanging.write_bytes(b"HANG")
    here.put("/silent", Reply(wait=60))

    async def close_in_between():
        crawler = LocalCrawler(options(here, timeout=60), workers=2, command=hostile)
        await finish(crawler, "warm", page)
        jobs = [
            asyncio.create_task(finish(crawler, "a", Parse("1", str(hanging)))),
            asyncio.create_task(finish(crawler, "b", Look("2", here.url("/silent")))),
        ]
        await asyncio.sleep(0.3)
        pids = crawler.pids
        assert len(pids) == 2
        begun = time.monotonic()
        await crawler.close()
        assert time.monotonic() - begun < 1
        for result in await asyncio.gather(*jobs, return_exceptions=True):
            assert isinstance(result, CrawlError)
        with pytest.raises(CrawlError):
            await finish(crawler, "c", page)
        return pids

    assert all(is_gone(pid, 1) for pid in asyncio.run(close_in_between()))


def test_a_slow_consumer_stops_the_worker_and_is_not_taken_for_a_hang(here, options, tmp_path):
    text = "<p>" + "words of a long article about troops, ships and shells. " * 3000 + "</p>"
    tasks = []
    for n in range(40):
        (tmp_path / f"{n}.html").write_bytes(article(f"Page {n}", text))
        tasks.append(Parse(str(n), str(tmp_path / f"{n}.html"), deadline=2.0))
    # Its page arrives when nobody listens.
    tasks.append(Read("late", here.put("/late", Reply(article("Late"), wait=0.7)), deadline=2.0))

    async def dawdle():
        crawler = LocalCrawler(options(here), idle_seconds=60)
        reports = crawler.run(CrawlJob("job", tuple(tasks)))
        got = [await anext(reports)]
        await asyncio.sleep(0.5)
        before = cpu(crawler.pids[0])
        await asyncio.sleep(2.5)
        pid = crawler.pids[0]
        idle = cpu(pid) - before
        got += [report async for report in reports]
        assert crawler.pids == (pid,)
        await crawler.close()
        return idle, got

    idle, got = asyncio.run(dawdle())
    assert idle < 0.3
    assert len(got) == 41
    assert {report.outcome for report in got} == {Outcome.OK}


def cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_a_consumer_that_leaves_does_not_hold_up_the_worker(here, options, page):
    url = here.feed("/feed", "a")

    async def leave():
        crawler = LocalCrawler(options(here))
        looks = tuple(Look(str(n), url) for n in range(12))
        async with contextlib.aclosing(crawler.run(CrawlJob("left", looks))) as reports:
            await anext(reports)
        found = await finish(crawler, "next", page)
        pids = crawler.pids
        await crawler.close()
        return found, pids

    found, pids = asyncio.run(leave())
    assert found[0].outcome is Outcome.OK
    assert len(pids) == 1


PARENT = """
    import asyncio, sys
    from monitor.crawl import LocalCrawler
    from spiders.items import CrawlJob, Parse, WorkerOptions

    async def main():
        crawler = LocalCrawler(WorkerOptions(), command={command!r})
        async def run(name, path):
            async for _ in crawler.run(CrawlJob(name, (Parse("1", path),))):
                pass
        await run("warm", {page!r})
        hung = asyncio.create_task(run("hung", {hang!r}))
        await asyncio.sleep(0.3)
        print(*crawler.pids, flush=True)
        await asyncio.sleep(60)

    asyncio.run(main())
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_worker_whose_parser_hangs_does_not_outlive_its_parent(page, tmp_path, hostile, how):
    hang = tmp_path / "hang.html"
    hang.write_bytes(b"HANG")
    program = textwrap.dedent(PARENT.format(command=hostile, page=page.path, hang=str(hang)))
    root = Path(__file__).parents[2]
    parent = subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=root,
        text=True,
    )
    try:
        (worker,) = map(int, parent.stdout.readline().split())
        parent.send_signal(how)
        parent.wait(60)
        assert is_gone(worker)
    finally:
        parent.kill()
        parent.communicate()


def visible(pid: int, name: str) -> bytes:
    return Path(f"/proc/{pid}/{name}").read_bytes()


def test_a_worker_knows_no_secrets_of_its_parent(options, page, monkeypatch):
    monkeypatch.setenv("TUMEN_SMTP_PASSWORD", "canary-4711")
    monkeypatch.setenv("LC_TIME", "C")

    async def look_inside():
        crawler = LocalCrawler(options())
        await finish(crawler, "job", page)
        seen = [visible(crawler.pids[0], name) for name in ("environ", "cmdline")]
        await crawler.close()
        return seen

    environment, command = asyncio.run(look_inside())
    assert b"canary" not in environment + command
    assert b"LC_TIME=C" in environment


def test_what_the_worker_says_is_passed_to_the_log(options, tmp_path, hostile, caplog):
    path = tmp_path / "p.html"
    path.write_bytes(article("PRINT"))

    async def listen():
        crawler = LocalCrawler(options(), command=hostile)
        with caplog.at_level("DEBUG", "tumen.crawl"):
            await finish(crawler, "job", Parse("1", str(path)))
            await crawler.close()

    asyncio.run(listen())
    assert "a library prints" in caplog.text
    assert "and so does its child" in caplog.text


def test_a_folder_that_happens_to_be_called_spiders_does_not_get_into_the_worker(
    options, page, tmp_path, monkeypatch
):
    (tmp_path / "spiders.py").write_text("raise SystemExit('the wrong spiders')")
    monkeypatch.chdir(tmp_path)

    async def crawl():
        crawler = LocalCrawler(options())
        found = await finish(crawler, "job", page)
        await crawler.close()
        return found

    assert [report.outcome for report in asyncio.run(crawl())] == [Outcome.OK]


def test_the_parent_never_loads_a_crawler_or_a_parser():
    program = "import monitor.crawl, sys; print(*{m.partition('.')[0] for m in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not {"scrapy", "twisted", "lxml", "trafilatura", "feedparser"} & set(loaded.stdout.split())


def test_workers_with_former_manners_finish_their_work_and_end(here, options, page):
    feed = here.feed("/feed", "One")
    slow = Look("slow", here.put("/slow", Reply(here.pages["/feed"].body, wait=1.0)))
    seen = []

    async def change():
        crawler = LocalCrawler(options(here))
        working = asyncio.create_task(finish(crawler, "first", slow))
        while not crawler.pids or not here.most_at_once:
            await asyncio.sleep(0.01)
        (old,) = crawler.pids
        crawler.change(options(here, user_agent="Other/1.0"), workers=1)
        seen.extend(await finish(crawler, "second", Look("after", feed)))
        seen.extend(await working)
        (new,) = crawler.pids
        crawler.change(options(here), workers=1)
        assert crawler.pids == ()
        await crawler.close()
        return old, new

    old, new = asyncio.run(change())
    assert old != new
    assert {report.task for report in seen if report.outcome is Outcome.OK} == {"slow", "after"}
    agents = {hit.path: hit.headers["user-agent"] for hit in here.hits}
    assert agents["/feed"] == "Other/1.0" != agents["/slow"]
    assert is_gone(old)
    assert is_gone(new)
    assert here.most_at_once == 1, "both are polite together"
