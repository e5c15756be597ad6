"""A crawler of which somebody hears how each task ended."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from monitor.crawl import Crawler
    from spiders.items import CrawlJob, CrawlReport, Task


class Heeded:
    """Runs the jobs of another crawler.

    Args:
        crawler: runs them.
        heed: is told each task and its report, before whoever wanted it done. It must not raise.
    """

    def __init__(self, crawler: Crawler, heed: Callable[[Task, CrawlReport], None]) -> None:
        self._crawler = crawler
        self._heed = heed

    async def run(self, job: CrawlJob) -> AsyncGenerator[CrawlReport, None]:
        """As the other crawler does."""
        tasks = {task.id: task for task in job.tasks}
        async with aclosing(self._crawler.run(job)) as reports:
            async for report in reports:
                self._heed(tasks[report.task], report)
                yield report

    @property
    def room(self) -> int:
        """As the other crawler's."""
        return self._crawler.room

    async def close(self) -> None:
        """As the other crawler does."""
        await self._crawler.close()
