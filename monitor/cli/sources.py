"""`tumen sources list|preview|look`, and the group that holds the commands of `monitor.cli.sourcing` too."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor import control
from monitor.catalogue import declaration, shipped_sources
from monitor.cli.options import as_json, config_file, ending, settings_of, sources_of
from monitor.cli.output import plain, print_json, print_table
from monitor.cli.sourcing.adding import add
from monitor.cli.sourcing.exchanging import export_sources, import_sources
from monitor.cli.sourcing.listing import Line, line_row, print_lines
from monitor.cli.sourcing.looking import say_advice
from monitor.cli.sourcing.polling import test
from monitor.core.errors import InputError
from monitor.crawl import LocalCrawler
from monitor.jobs import overview
from monitor.jobs.reading import preview as look_at
from monitor.store.wellness import Harvest
from spiders.items import Outcome, WorkerOptions

if TYPE_CHECKING:
    from spiders.items import CrawlReport, Source


@click.group()
def sources() -> None:
    """List sources, find and add new ones, test one step by step, or look at one now."""


for _command in (add, test, import_sources, export_sources):
    sources.add_command(_command)


@sources.command("list", epilog=ending(examples=["tumen sources list", "tumen sources list --all --json"]))
@config_file
@click.option(
    "--all", "everything", is_flag=True, help="All shipped sources, watched or not; needs no configuration."
)
@as_json
def list_sources(config: Path, *, everything: bool, as_json: bool) -> None:
    """List the watched sources and how they are, the worst first."""
    if everything:
        _list_shipped(as_json=as_json)
        return
    settings = settings_of(config)
    known = overview.source_states(settings.history_path)
    watched = sources_of(settings)
    now = datetime.now(UTC)
    brought = overview.harvests(settings.history_path, now)
    lines = [Line(source, known.get(source.name), brought.get(source.name, Harvest())) for source in watched]
    lines.sort(key=lambda line: (line.diagnosis.condition.rank, -(line.state.failures if line.state else 0)))
    if as_json:
        for line in lines:
            print_json(line_row(line))
    else:
        print_lines(lines, now)


@sources.command(
    epilog=ending(
        examples=[
            "tumen sources preview https://www.yna.co.kr/rss/northkorea.xml",
            "tumen sources preview https://example.org/world --links '/20??/*'",
        ]
    )
)
@click.argument("place", metavar="URL-OR-FILE")
@click.option(
    "--links", help="For a page of links: a CSS selector or shell pattern of the links that are articles."
)
@click.option(
    "--allow-private",
    multiple=True,
    metavar="HOST",
    help="A private host that may be read, like 127.0.0.1:80.",
)
@as_json
def preview(place: str, links: str | None, allow_private: tuple[str, ...], *, as_json: bool) -> None:
    """Show what a feed, sitemap or page of links holds, without storing anything.

    With --json each entry gives one line {"url", "title", "published"}.
    """
    is_file = not place.startswith(("http://", "https://"))
    if is_file and not Path(place).is_file():
        raise InputError("is neither a file nor a web address", where=place, remedy="begin it with https://")
    report = asyncio.run(_preview(place, links, allow_private, is_file=is_file))
    for entry in report.entries if as_json else ():
        published = entry.published.isoformat() if entry.published else None
        print_json({"url": entry.url, "title": entry.title, "published": published})
    if report.entries and not as_json:
        click.echo(f"{report.kind}, {len(report.entries)} entries\n")
        print_table(
            ("published", "title", "address"),
            (
                (f"{e.published:%Y-%m-%d %H:%M}" if e.published else "", e.title, e.url)
                for e in report.entries
            ),
        )
    if report.outcome is not Outcome.OK or not report.entries:
        click.echo(f"{place}: {report.reason or 'no_entries'}: {plain(report.detail)}", err=True)
        say_advice(report, None, contact=True)  # it reads no configuration that could hold one
    unreadable = report.outcome is Outcome.FAILED and report.reason != "no_entries"
    raise click.exceptions.Exit(1 if unreadable else 0)


async def _preview(place: str, links: str | None, allowed: tuple[str, ...], *, is_file: bool) -> CrawlReport:
    crawler = LocalCrawler(WorkerOptions(allow_private=allowed))
    try:
        return await look_at(crawler, place, is_file=is_file, links=links)
    finally:
        await crawler.close()


@sources.command(epilog=ending(examples=["tumen sources look yonhap-en"]))
@click.argument("name")
@config_file
def look(name: str, config: Path) -> None:
    """Have the running service look at a source now."""
    control.call(settings_of(config).history_path, "look", source=name)
    click.echo(f"{name} is looked at now")


def _list_shipped(*, as_json: bool) -> None:
    found = shipped_sources()
    if as_json:
        for source in found:
            print_json(declaration(source))
        return
    print_table(
        ("source", "title", "language", "kind", "weight", "default", "note"),
        ((s.name, s.title, s.language or "", s.kind.value, s.weight, _default(s), s.note) for s in found),
    )


def _default(source: Source) -> str:
    if not source.enabled:
        return "off"
    return "on, unverified" if source.unverified else "on"
