"""`tumen sources export|import`: subscriptions from and for other news readers (OPML)."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.catalogue import shipped_sources
from monitor.cli.options import config_file, ending, settings_if_any, settings_of, sources_of
from monitor.cli.output import counted, plain, print_table
from monitor.cli.sourcing.looking import looking
from monitor.config import Settings, add_sources, written
from monitor.core.errors import InputError, StorageError
from monitor.core.sources.sourcing import subscription
from monitor.core.sources.subscriptions import as_opml
from monitor.documents import MAX_SIZE
from monitor.jobs.sources import look_at_all, subscriptions
from spiders.items import Kind, Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spiders.items import CrawlReport, Lead, Source

_SHOWN = 20  # sources by name


@click.command(
    "export",
    epilog=ending(
        "0 written", "2 the configuration is wrong", "3 the file cannot be written",
        examples=["tumen sources export --opml feeds.opml"],
    ),
)  # fmt: skip
@config_file
@click.option(
    "--opml", "file", required=True, metavar="FILE", help="The file to write; - is standard output."
)
def export_sources(config: Path, file: str) -> None:
    """Write the watched feeds as a list of subscriptions (OPML) that other news readers import.

    Sitemaps and section pages are left out: OPML has no word for them.
    """
    watched = sources_of(settings_of(config))
    text = as_opml(watched)
    if file == "-":
        click.echo(text, nl=False)
    else:
        try:
            Path(file).write_text(text, encoding="utf-8")
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise StorageError(
                f"cannot be written: {reason}", where=plain(file), remedy="check the path"
            ) from None
    feeds = sum(1 for source in watched if source.kind is Kind.FEED)
    click.echo(f"{counted(feeds, 'feed')} written, {len(watched) - feeds:,} other sources left out", err=True)


@click.command(
    "import",
    epilog=ending(
        "0 added, shown, or declared already",
        "1 with --check, some cannot be read and are left out",
        "2 the file or the configuration is wrong",
        examples=["tumen sources import feeds.opml --check", "tumen sources import feeds.opml --print"],
    ),
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@config_file
@click.option("--check", is_flag=True, help="Look at each first, and leave out those that cannot be read.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask before the configuration is written.")
@click.option("--print", "only_print", is_flag=True, help="Print the declarations and write nothing.")
def import_sources(file: str, config: Path, *, check: bool, yes: bool, only_print: bool) -> None:
    """Declare the subscriptions of another news reader (OPML, at most 1 MiB) in the configuration.

    Folders and categories become tags, so that channels can ask for them. What is declared already, or ships with
    Tumen, is left out. Nothing is fetched unless --check asks for it.
    """
    settings = (settings_if_any(config) or Settings()) if only_print else settings_of(config)
    if Path(file).stat().st_size > MAX_SIZE:
        raise InputError(f"is larger than {MAX_SIZE // 1024} KiB", where=plain(file), remedy="split it")
    there = (*shipped_sources(), *settings.sources.declared)
    known = {source.url for source in there}
    listed, reports = asyncio.run(_read(file, settings, known, check=check))
    fresh = [lead for lead in listed if lead.url not in known]
    found, lost = _declared(fresh, reports, {source.name for source in there})
    click.echo(
        f"{counted(len(listed), 'subscription')}, {len(listed) - len(fresh):,} known already", err=True
    )
    for report in lost:
        click.echo(
            f"✗ {plain(report.url)}: {report.reason or 'no_entries'}: {plain(report.detail)}", err=True
        )
    if found and only_print:
        click.echo(written(found), nl=False)
    elif found:
        _say(found)
        if yes or click.confirm(f"Add these to {config}?", default=True, err=True):
            add_sources(Path(config), found)
            click.echo(f"{counted(len(found), 'source')} added to {config}", err=True)
        else:
            click.echo("nothing was written", err=True)
    raise click.exceptions.Exit(1 if lost else 0)


async def _read(
    file: str, settings: Settings, known: set[str], *, check: bool
) -> tuple[tuple[Lead, ...], dict[str, CrawlReport]]:
    """The subscriptions in the file, and a look at each new one if that is wanted, by its address."""
    async with looking(settings) as (crawler, told):
        report = await subscriptions(crawler, file)
        if report.outcome is Outcome.FAILED:
            raise InputError(
                plain(report.detail), where=plain(file), remedy="export OPML from the other reader"
            )
        fresh = [lead for lead in report.leads if lead.url not in known]
        looks = await look_at_all(crawler, fresh, told) if check else ()
    return report.leads, {lead.url: look for lead, look in zip(fresh, looks, strict=False)}


def _declared(
    leads: Sequence[Lead], reports: dict[str, CrawlReport], taken: set[str]
) -> tuple[list[Source], list[CrawlReport]]:
    """The declarations, each with a name of its own; and the looks that showed nothing to watch."""
    found: list[Source] = []
    lost: list[CrawlReport] = []
    for lead in leads:
        report = reports.get(lead.url)
        if report is not None and (report.outcome is not Outcome.OK or report.kind is Kind.SECTION):
            lost.append(report)
            continue
        found.append(subscription(lead, taken, report))
        taken.add(found[-1].name)
    return found, lost


def _say(found: Sequence[Source]) -> None:
    rows = ((one.name, one.title, one.language or "", " ".join(one.tags), one.url) for one in found[:_SHOWN])
    print_table(("source", "title", "language", "tags", "address"), rows, error=True)
    if len(found) > _SHOWN:
        click.echo(f"and {len(found) - _SHOWN:,} more", err=True)
