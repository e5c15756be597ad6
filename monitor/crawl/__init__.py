"""Running crawl jobs: in worker processes of this machine, or wherever else somebody implements `Crawler`.

Nothing here imports Scrapy or a parser: those live, and die, in the workers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from monitor.crawl.batches import batches, hosts
from monitor.crawl.local import LocalCrawler
from spiders.items import host

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from spiders.items import CrawlJob, CrawlReport

__all__ = ["Crawler", "LocalCrawler", "batches", "host", "hosts"]


class Crawler(Protocol):
    """Something that runs crawl jobs."""

    @property
    def room(self) -> int:
        """How many jobs it can have in hand now; more would only wait."""
        ...

    def run(self, job: CrawlJob) -> AsyncGenerator[CrawlReport, None]:
        """Exactly one report per task, in order of arrival. Raises CrawlError if there is no way to do it."""
        ...

    async def close(self) -> None:
        """End everything that was started."""
        ...
