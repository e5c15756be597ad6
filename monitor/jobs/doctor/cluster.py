"""Whether the cluster that reads the web answers, and can do what it is asked."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING

from monitor.core.checkup import Finding, ok, problem
from monitor.crawl.cluster.orders import Run
from monitor.jobs.cluster import cluster_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from monitor.config import Settings
    from monitor.crawl.cluster import Cluster, Size


def cluster(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Whether it can be used. Nothing is ordered. Raises CrawlError if it does not answer."""
    given, way = settings.crawl.cluster, cluster_of(settings)
    if given is None or way is None:
        return
    size = asyncio.run(_size(way, now))
    if size.why:
        yield problem("cluster", size.why, given.address, remedy="start workers of this version of Tumen")
    else:
        workers = "1 worker" if size.workers == 1 else f"{size.workers} workers"
        yield ok("cluster", f"{workers} for {size.threads} orders at a time", given.address)


async def _size(way: Cluster, now: datetime) -> Size:
    try:
        await way.open(Run(f"doctor {uuid.uuid4()}", now))
        return await way.look()
    finally:
        await way.close()
