"""What a person names on the command line, a text, a file or an address, as articles."""

from __future__ import annotations

import asyncio
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.text import Text

from monitor.cli.output import console, plain
from monitor.config import worker_options
from monitor.core.errors import InputError
from monitor.crawl import LocalCrawler
from monitor.jobs.reading import read_files, read_page
from monitor.jobs.replay import read_texts
from spiders.items import Article, WorkerOptions

if TYPE_CHECKING:
    from monitor.config import Settings
    from spiders.items import CrawlReport

_PAGES = {".html", ".htm", ".xhtml"}
_FILES = {".txt", ".jsonl", *_PAGES}
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S*")


def articles_of(
    what: str, settings: Settings | None, *, title: str | None = None, language: str | None = None
) -> list[Article]:
    """The articles behind an address, in a file or in the words themselves.

    Without `title`, the first line is the headline, and a text of one line is a headline without a body.

    Raises:
        InputError: a file that cannot be read.
        Exit: with 1, if a page cannot be read; the reason was said.
    """
    if what.startswith(("http://", "https://")):
        found = [_article(what, asyncio.run(_from_web(what, settings, language)))]
    elif _is_file(what):
        found = _from_file(Path(what))
    elif _is_folder(what):
        raise InputError("is a folder", where=what, remedy="name a file in it, or write a text")
    elif _ADDRESS.fullmatch(what):
        raise InputError("is no address of the web", where=what, remedy="begin it with https:// or http://")
    elif Path(what).suffix.lower() in _FILES and len(what.split()) == 1:
        raise InputError("there is no such file", where=what, remedy="check the path, or write a text")
    else:
        text = sys.stdin.read() if what == "-" else what
        found = [_as_text(text, title)]
        if not text.strip():
            raise InputError(
                "there is no text", where="TEXT", remedy="write one, or name a file or an address"
            )
    return [
        replace(
            article,
            title=article.title if title is None else title,
            language=article.language if language is None else language,
        )
        for article in found
    ]


async def _from_web(url: str, settings: Settings | None, language: str | None) -> CrawlReport:
    crawler = LocalCrawler(worker_options(settings) if settings else WorkerOptions())
    with console(error=True).status(Text(f"reading {plain(url)}")):
        try:
            return await read_page(crawler, url, language)
        finally:
            await crawler.close()


def _from_file(file: Path) -> list[Article]:
    suffix = file.suffix.lower()
    if suffix == ".jsonl":
        return [text.article for text in read_texts(_read(file).split("\n"), str(file))]
    if suffix in _PAGES:
        return [_article(str(file), asyncio.run(_from_page(file)))]
    text = _read(file)
    if not text.strip():
        raise InputError("is empty", where=str(file), remedy="name a file that holds a text")
    return [_as_text(text, None)]


async def _from_page(file: Path) -> CrawlReport:
    crawler = LocalCrawler(WorkerOptions())
    try:
        (report,) = [report async for report in read_files(crawler, [str(file)], None)]
        return report
    finally:
        await crawler.close()


def _article(where: str, report: CrawlReport) -> Article:
    if report.article is None:
        click.echo(f"{plain(where)}: {report.reason}: {plain(report.detail)}", err=True)
        raise click.exceptions.Exit(1)
    return report.article


def _as_text(text: str, title: str | None) -> Article:
    if title is not None:
        return Article("", title, text.strip())
    head, _, rest = text.strip().partition("\n")
    return Article("", head.strip(), rest.strip())


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("is not UTF-8 text", where=str(file), remedy="save it as UTF-8") from None
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise InputError(f"cannot be read: {reason}", where=str(file), remedy="check it") from None


def _is_file(what: str) -> bool:
    try:
        return Path(what).is_file()
    except (OSError, ValueError):  # too long, or with signs that no path has
        return False


def _is_folder(what: str) -> bool:
    """Whether it is written like a path or a file, and a folder: a folder may be called like a headline."""
    try:
        return ("/" in what or Path(what).suffix.lower() in _FILES) and Path(what).is_dir()
    except (OSError, ValueError):
        return False
