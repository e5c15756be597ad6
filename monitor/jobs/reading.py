"""Reading pages and sources on demand, through the crawl worker: nothing of it is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spiders.items import CrawlJob, Look, Parse, Read

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from monitor.crawl import Crawler
    from spiders.items import CrawlReport

_BATCH = 20  # files in one job: enough to keep the worker busy, few enough that answers come early


async def read_files(crawler: Crawler, paths: Sequence[str], url: str | None) -> AsyncIterator[CrawlReport]:
    """The articles in saved pages, in the order of the paths."""
    for start in range(0, len(paths), _BATCH):
        part = paths[start : start + _BATCH]
        tasks = tuple(Parse(f"{number}", path, url) for number, path in enumerate(part))
        reports = {report.task: report async for report in crawler.run(CrawlJob(f"files {start}", tasks))}
        for task in tasks:
            yield reports[task.id]


async def preview(crawler: Crawler, place: str, *, is_file: bool, links: str | None = None) -> CrawlReport:
    """One look at a source on the web or in a file, of whatever kind it turns out to be."""
    task = Parse("preview", place, entries=True) if is_file else Look("preview", place, links=links)
    reports = [report async for report in crawler.run(CrawlJob("preview", (task,)))]
    return reports[0]


async def read_page(crawler: Crawler, url: str, language: str | None = None) -> CrawlReport:
    """One article on the web, with the guards of the running service."""
    reports = [report async for report in crawler.run(CrawlJob("page", (Read("page", url, language),)))]
    return reports[0]
