from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from monitor.crawl import LocalCrawler
from spiders.items import CrawlJob, WorkerOptions
from tests.crawl.site import Site, site

HOSTILE = (sys.executable, "-P", str(Path(__file__).with_name("hostile_worker.py")))


@pytest.fixture
def here():
    with site() as one:
        yield one


@pytest.fixture
def there():
    with site() as one:
        yield one


@pytest.fixture
def hostile():
    """The command of a worker whose parsers obey their pages."""
    return HOSTILE


@pytest.fixture
def options():
    """Options that allow these sites."""

    def make(*sites: Site, **more) -> WorkerOptions:
        more = {"delay": 0.05, "timeout": 5.0, **more}
        return WorkerOptions(allow_private=tuple(one.host for one in sites), **more)

    return make


@pytest.fixture
def crawl():
    """Run one job in a crawler of its own: reports by task."""

    def run(options: WorkerOptions, *tasks, **named):
        async def collect():
            crawler = LocalCrawler(options, **named)
            try:
                return [report async for report in crawler.run(CrawlJob("job", tasks))]
            finally:
                await crawler.close()

        reports = asyncio.run(collect())
        assert sorted(report.task for report in reports) == sorted(task.id for task in tasks)
        return {report.task: report for report in reports}

    return run
