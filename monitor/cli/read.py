"""`tumen extract`."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from monitor.cli.options import as_json, ending
from monitor.cli.output import plain, print_json
from monitor.crawl import LocalCrawler
from monitor.jobs.reading import read_files
from spiders.items import Article, WorkerOptions

if TYPE_CHECKING:
    from spiders.items import CrawlReport


@click.command(epilog=ending(examples=["tumen extract page.html --url https://example.org/news/1 --json"]))
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False), metavar="FILE…"
)
@click.option("--url", help="Address the page came from: it resolves links and helps to find the date.")
@as_json
def extract(files: tuple[str, ...], url: str | None, *, as_json: bool) -> None:
    """Read articles out of saved pages: title, text, time, language and author.

    With --json each page gives one line {"file", "title", "text", "published", "language", "author"}; a page
    without an article has empty ones, and the reason on standard error.
    """
    asyncio.run(_extract(files, url, as_json=as_json))


async def _extract(files: tuple[str, ...], url: str | None, *, as_json: bool) -> None:
    crawler = LocalCrawler(WorkerOptions())
    try:
        number = 0
        async for report in read_files(crawler, files, url):
            _print(files[number], report, as_json=as_json)
            number += 1
    finally:
        await crawler.close()


def _print(file: str, report: CrawlReport, *, as_json: bool) -> None:
    article = report.article or Article("", "", "")
    if report.article is None:
        click.echo(f"{file}: {report.reason}: {plain(report.detail)}", err=True)
    published = article.published.isoformat() if article.published else None
    if as_json:
        print_json(
            {
                "file": file,
                "title": article.title,
                "text": article.text,
                "published": published,
                "language": article.language,
                "author": article.author,
            }
        )
    elif report.article is not None:
        click.secho(plain(article.title), bold=True)
        about = " · ".join(filter(None, (published, article.language, article.author, file)))
        click.secho(plain(about), dim=True)
        click.echo("\n".join(map(plain, article.text.split("\n"))) + "\n")
