"""What the commands about sources share: a crawler with progress, and how articles and refusals are shown."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import click
from rich.text import Text

from monitor.cli.output import console, counted, plain
from monitor.config import worker_options
from monitor.core.sources.refusals import advice
from monitor.crawl import LocalCrawler

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable
    from datetime import datetime

    from monitor.config import Settings
    from monitor.crawl import Crawler
    from spiders.items import CrawlReport, Kind

_LEAD = 160  # characters of an article's text that are shown


@asynccontextmanager
async def looking(settings: Settings) -> AsyncIterator[tuple[Crawler, Callable[[str], None]]]:
    """A crawler with the manners of the running service, and what tells a person that an address was looked at."""
    crawler = LocalCrawler(worker_options(settings))
    count = 0
    with console(error=True).status("starting the crawl worker") as status:

        def told(url: str) -> None:
            nonlocal count
            count += 1
            status.update(Text(f"{counted(count, 'look')}, the last at {plain(url)}"))

        try:
            yield crawler, told
        finally:
            await crawler.close()


def say_articles(reports: Iterable[CrawlReport]) -> None:
    """The beginning of each article, or why there is none; on standard error."""
    for report in reports:
        article = report.article
        if article is None:
            click.echo(f"✗ {plain(report.url)}: {report.reason}: {plain(report.detail)}", err=True)
            continue
        about = (say_when(article.published), article.language, counted(len(article.text), "character"))
        click.echo(f"✓ {plain(article.title)}  ({' · '.join(filter(None, map(plain, about)))})", err=True)
        if article.text:
            lead = plain(" ".join(article.text[: 2 * _LEAD].split()))
            click.echo(f"    {lead[:_LEAD]}{'…' if len(article.text) > _LEAD else ''}", err=True)


def say_advice(report: CrawlReport, kind: Kind | None, *, contact: bool) -> None:
    """What may help where a site refuses; on standard error."""
    for one in advice(report, kind, contact=contact):
        click.echo(f"  → {one}", err=True)


def say_when(at: datetime | None) -> str:
    """A time as tables show it."""
    return f"{at:%Y-%m-%d %H:%M}" if at else ""
