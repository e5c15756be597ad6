"""Scrapy's way to the web, as the crawl worker takes it: one crawl that lasts as long as the worker.

A crawl for each job would cost some 10 ms, and what a crawl keeps around each request (slots, signals, statistics) a
third of a look. Nothing of it is needed here: whose turn it is at a host is kept by the parent, redirects and
robots.txt by `spiders.fetch`.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from scrapy import Spider
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.http import Response
from scrapy.settings import Settings

from spiders import settings as defaults
from spiders.guard import plain

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from scrapy import Request
    from scrapy.crawler import Crawler

    from spiders.items import WorkerOptions

_LEAN = {
    "MEMUSAGE_ENABLED": False,
    "STATS_CLASS": "scrapy.statscollectors.DummyStatsCollector",
    "STATS_DUMP": False,
    "EXTENSIONS_BASE": {},
    "DOWNLOADER_MIDDLEWARES_BASE": {
        "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": 590,
    },
    "SPIDER_MIDDLEWARES_BASE": {},
}


class Downloader:
    """Fetches pages, any number at a time.

    Args:
        options: how to behave on the web.
    """

    def __init__(self, options: WorkerOptions) -> None:
        self._settings = _settings(options)
        self._headers = {
            **self._settings.getdict("DEFAULT_REQUEST_HEADERS"),
            "User-Agent": options.user_agent,
        }
        self._timeout = options.timeout

    async def open(self) -> None:
        """Be ready to fetch. Raises RuntimeError, or what Scrapy does, if that cannot be."""
        opened: asyncio.Future[Crawler] = asyncio.get_running_loop().create_future()
        self._crawl = AsyncCrawlerRunner(self._settings).crawl(_Waiting, opened)
        either: tuple[asyncio.Future[Any], ...] = (self._crawl, opened)
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if not opened.done():
            await self._crawl
            raise RuntimeError("the crawl ended before it began")
        crawler = opened.result()
        self._engine = crawler.engine
        self._compression = crawler.get_downloader_middleware(HttpCompressionMiddleware)

    async def fetch(self, request: Request) -> Response:
        """The answer to a request, its body decompressed.

        Raises what Scrapy's handlers and its decompression do: see `spiders.fetch`.
        """
        for name, value in self._headers.items():
            request.headers.setdefault(name, value)
        request.meta.setdefault("download_timeout", self._timeout)
        assert self._compression  # noqa: S101  it is among the settings
        self._compression.process_request(request)
        response = await self._engine.downloader.handlers.download_request_async(request)
        if "Content-Encoding" not in response.headers:
            return response
        unpacked = self._compression.process_response(request, plain(response))
        assert isinstance(unpacked, Response)  # noqa: S101  it never asks for another page
        return unpacked


class _Waiting(Spider):
    """Asks for nothing, and keeps its crawl open. Without a name, so that `scrapy list` skips it."""

    def __init__(self, opened: asyncio.Future[Crawler], **named: Any) -> None:
        super().__init__(name="worker", **named)
        self._opened = opened

    async def start(self) -> AsyncIterator[Any]:
        self._opened.set_result(self.crawler)
        await asyncio.Event().wait()
        nothing: tuple[Any, ...] = ()
        for request in nothing:  # Scrapy wants a generator
            yield request


def _settings(options: WorkerOptions) -> Settings:
    settings = Settings()
    settings.setmodule(defaults, priority="project")
    settings.setdict(_LEAN, priority="project")
    settings.setdict({"DOWNLOAD_MAXSIZE": options.max_size}, priority="cmdline")
    return settings
