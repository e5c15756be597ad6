"""Bare Scrapy with the same extraction: `python bare_scrapy.py TASK.json ARTICLES.jsonl`.

One spider looks at every source and reads every article it names, with the settings, robots.txt, delay and pure
parsers that Tumen's crawl worker uses. Nothing is matched or stored: articles go to a file of JSON lines.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from spiders import settings as defaults
from spiders.extract import read_article
from spiders.items import Kind, host
from spiders.sources import read_source

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from scrapy.http import Response


class BareSpider(Spider):
    """Everything in one crawl."""

    name = "bare"

    def __init__(self, sources: list[dict[str, Any]], **named: Any) -> None:
        super().__init__(**named)
        self._sources = sources

    async def start(self) -> AsyncIterator[Request]:
        """Ask for each source."""
        for source in self._sources:
            yield _request(source["url"], self.look, source)

    def look(self, response: Response, source: dict[str, Any]) -> Iterator[Request]:
        """Ask for what the source names."""
        seen = read_source(
            response.body,
            response.url,
            Kind(source["kind"]),
            links=source["links"],
            content_type=_content_type(response),
        )
        for child in seen.children:
            yield _request(child, self.look, {**source, "kind": Kind.SITEMAP})
        for entry in seen.entries:
            yield _request(entry.url, self.read, source)

    def read(self, response: Response, source: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """The article on a page."""
        yield asdict(
            read_article(
                response.body,
                response.url,
                language=source["language"],
                content_type=_content_type(response),
            )
        )


def _request(url: str, callback: Any, source: dict[str, Any]) -> Request:
    # All outlets live at one address here, and politeness counts each port as a host.
    return Request(url, callback=callback, cb_kwargs={"source": source}, meta={"download_slot": host(url)})


def _content_type(response: Response) -> str:
    return (response.headers.get("Content-Type") or b"").decode("latin-1")


def main(task: str, articles: str) -> None:
    """Run the crawl; the task is {"sources", "hosts", "delay"}."""
    given = json.loads(Path(task).read_text(encoding="utf-8"))
    settings = Settings()
    settings.setmodule(defaults, priority="project")
    settings.setdict(
        {
            "DOWNLOAD_DELAY": given["delay"],
            "TUMEN_ALLOW_PRIVATE": given["hosts"],
            # What it looks at is inherited from the process that started this one, which may be large.
            "MEMUSAGE_ENABLED": False,
            "FEEDS": {articles: {"format": "jsonlines"}},
        },
        priority="cmdline",
    )
    process = AsyncCrawlerProcess(settings)
    process.crawl(BareSpider, sources=given["sources"])
    process.start()


if __name__ == "__main__":
    main(*sys.argv[1:])
