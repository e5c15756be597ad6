from __future__ import annotations

import asyncio
import contextlib

import pytest

from monitor.crawl import LocalCrawler
from monitor.crawl.cluster.crawler import ClusterCrawler
from monitor.crawl.cluster.door import DaskCluster
from spiders.items import WorkerOptions


@contextlib.asynccontextmanager
async def _coordinating(cluster, *sites, delay=0.1, coordinator="a service", **named):
    options = WorkerOptions(
        allow_private=tuple(one.host for one in sites),
        delay=delay,
        **{"timeout": 5.0, **named.pop("options", {})},
    )
    way = DaskCluster(cluster.address) if hasattr(cluster, "address") else cluster
    crawler = ClusterCrawler(way, LocalCrawler(options), options, coordinator=coordinator, **named)
    crawler.begin()
    try:
        yield crawler
    finally:
        await crawler.close()


@pytest.fixture
def coordinating():
    """A crawler on a cluster for some sites, as `async with`; it is closed at the end."""
    return _coordinating


@pytest.fixture
def standing():
    """Wait until it stands so with the cluster of a crawler."""

    async def wait(crawler, holds):
        async with asyncio.timeout(60):
            while not holds(crawler.standing):
                await asyncio.sleep(0.02)

    return wait
