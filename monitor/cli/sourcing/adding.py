"""`tumen sources add`."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.catalogue import shipped_sources
from monitor.cli.options import config_file, ending, packs_of, settings_if_any, settings_of, sources_of
from monitor.cli.output import counted, plain, print_table
from monitor.cli.sourcing.looking import looking, say_advice, say_articles, say_when
from monitor.config import Settings, add_sources, declarations, written
from monitor.core.errors import ConfigError, InputError
from monitor.core.matching import Matcher
from monitor.core.reading import Origin
from monitor.core.sources.sourcing import proposal, ranked, spoken, unexpanded
from monitor.jobs.sources import discover, first_articles
from spiders.items import Article, Kind, Via, host

if TYPE_CHECKING:
    from monitor.core.sources.sourcing import Candidate
    from monitor.jobs.sources import Discovery
    from spiders.items import CrawlReport, Source

_SHOWN = 12  # candidates; what is behind them is hardly meant
_READ = 3  # articles of the one that is taken
_FOUND = {
    Via.GIVEN: "as given",
    Via.LINK: "the page declares it",
    Via.ANCHOR: "the page links to it",
    Via.ROBOTS: "robots.txt names it",
    Via.GUESS: "a usual address",
}


@click.command(
    epilog=ending(
        "0 added, shown, or watched already",
        "1 nothing was found that can be watched",
        "2 the address, an option or the configuration is wrong",
        examples=[
            "tumen sources add https://example.org",
            "tumen sources add example.org/world --pick 2 --yes",
        ],
    )
)
@click.argument("url")
@config_file
@click.option(
    "--pick", type=click.IntRange(min=1), metavar="N", help="Take the Nth that is found, not the best."
)
@click.option("--yes", "-y", is_flag=True, help="Do not ask before the configuration is written.")
@click.option("--print", "only_print", is_flag=True, help="Print the declaration and write nothing.")
@click.option(
    "--links", help="The page itself is meant: a CSS selector or shell pattern of links to articles."
)
@click.option("--name", help="The name in configuration and history, instead of the one that is proposed.")
@click.option("--title", help="The outlet's name as a reader knows it, instead of the one that is proposed.")
@click.option("--language", metavar="CODE", help="The language of its articles (ISO 639-1).")
@click.option("--country", metavar="CODE", help="The country of the outlet (ISO 3166).")
@click.option("--tag", "tags", multiple=True, help="A word to choose the source by; may stand several times.")
@click.option(
    "--weight",
    type=click.IntRange(1, 5),
    help="How likely it is to break the topic.  [default: 3; 4 or 5 if its entries are on topic]",
)
def add(
    url: str, config: Path, *, pick: int | None, yes: bool, only_print: bool, links: str | None, **wishes: Any
) -> None:
    """Find what can be watched at an address, and declare it in the configuration.

    URL is that of a feed, a news sitemap, a section page or simply a site. On a page, the feeds that it declares or
    links to, the sitemaps that robots.txt names, the usual addresses of both, and the page itself are looked at, with
    the guards and manners of the running service. They are listed best first; the best one that is not watched yet is
    taken. Comments and order of the configuration stay as they are. `tumen reload` has a running service watch it.
    """
    settings = (settings_if_any(config) or Settings()) if only_print else settings_of(config)
    url = _address(url)
    found, chosen, articles = asyncio.run(_find(settings, url, links, pick))
    if chosen is None:
        _say_nothing(settings, url, found)
        raise click.exceptions.Exit(0 if found.candidates else 1)
    on_topic = _on_topic(chosen, settings)
    click.echo(f"entries: {len(chosen.entries):,}, on topic: {on_topic:,}", err=True)
    source = _declared(settings, url, found, chosen, on_topic)
    if source.language is None:
        said = {one.article.language for one in articles if one.article}
        source = replace(source, language=spoken(*said) if len(said) == 1 else None)
    source = _as_wished(source, links if chosen.kind is Kind.SECTION else None, wishes)
    declared = written([source])
    click.echo(declared, nl=False)
    if only_print:
        return
    if yes or click.confirm(f"Add this to {config}?", default=True, err=True):
        add_sources(Path(config), [source])
        click.echo(
            f"{source.name} is added to {config}; `tumen reload` has a running service watch it", err=True
        )
    else:
        click.echo("nothing was written", err=True)


def _on_topic(chosen: Candidate, settings: Settings) -> int:
    """On how many entries a rule of the packs fires, by title and teaser."""
    matcher = Matcher(packs_of((), settings))
    texts = (
        Article(one.url, one.title, one.summary, one.language or chosen.language) for one in chosen.entries
    )
    return sum(1 for text in texts if matcher.matches(matcher.read(text, Origin())))


def _declared(settings: Settings, url: str, found: Discovery, chosen: Candidate, on_topic: int) -> Source:
    taken = {source.name for source in (*shipped_sources(), *settings.sources.declared)}
    site = found.given.title if found.given.kind is Kind.SECTION else ""
    return proposal(chosen, site, url, taken, on_topic=on_topic)


async def _find(
    settings: Settings, url: str, links: str | None, pick: int | None
) -> tuple[Discovery, Candidate | None, tuple[CrawlReport, ...]]:
    """What is at the address, the one that is taken, and its first articles; all of it is said as it is found."""
    now = datetime.now(UTC)
    async with looking(settings) as (crawler, told):
        found = await discover(crawler, url, links=links, told=told)
        candidates = ranked(found.candidates, now)[:_SHOWN]
        known = _known(settings)
        _say_candidates(candidates, known, now)
        chosen = _choice(candidates, known, pick)
        if chosen is None:
            return found, None, ()
        articles = await first_articles(crawler, chosen.entries, chosen.language, _READ, told)
    say_articles(articles)
    return found, chosen, articles


def _address(url: str) -> str:
    """The address with a scheme: people name sites without one."""
    full = url if "://" in url else f"https://{url}"
    if not full.startswith(("http://", "https://")) or not host(full):
        raise InputError("is no web address", where=plain(url), remedy="write it like https://example.org")
    return full


def _choice(candidates: tuple[Candidate, ...], known: dict[str, str], pick: int | None) -> Candidate | None:
    """The candidate that was asked for, else the first that is not there already; None if there is none."""
    if pick is None or not candidates:
        return next((one for one in candidates if not _already(one, known)), None)
    if pick > len(candidates):
        there = f"there are {counted(len(candidates), 'candidate')}"
        raise InputError(there, where=f"--pick {pick}", remedy="choose one of them, or leave it out")
    if already := _already(candidates[pick - 1], known):
        raise InputError(f"is {already}", where=f"--pick {pick}", remedy="choose another")
    return candidates[pick - 1]


def _known(settings: Settings) -> dict[str, str]:
    """What is there already, by address."""
    try:
        watched = {source.name for source in sources_of(settings)}
    except ConfigError:  # a configuration that chooses none is about to have one
        watched = set()
    there = {source.url: source.name for source in (*shipped_sources(), *settings.sources.declared)}
    return {
        url: f"watched as {name}" if name in watched else f"shipped as {name}: watch it by `sources: also`"
        for url, name in there.items()
    }


def _already(one: Candidate, known: dict[str, str]) -> str:
    return known.get(one.url) or known.get(one.lead.url) or ""


def _as_wished(source: Source, links: str | None, wishes: dict[str, Any]) -> Source:
    """The proposal with what was asked for instead. Raises InputError for what a declaration cannot say."""
    source = replace(source, links=links)
    for option, value in wishes.items():
        if value in (None, ()):
            continue
        wish: dict[str, Any] = {option: unexpanded(value) if option == "title" else value}
        source = replace(source, **wish)
        try:
            declarations([source])
        except ConfigError as error:
            where = f"--{option.removesuffix('s')} {value}"
            raise InputError(error.message, where=where, remedy=error.remedy) from None
    return source


def _say_candidates(candidates: tuple[Candidate, ...], known: dict[str, str], now: datetime) -> None:
    if not candidates:
        return
    print_table(
        ("", "kind", "entries", "newest", "language", "title", "found", "address"),
        (
            (
                number,
                one.kind.value,
                len(one.entries),
                say_when(one.newest) + (" (stale)" if one.is_stale(now) else ""),
                one.language or "",
                one.title,
                _already(one, known) or _FOUND[one.lead.via],
                one.url,
            )
            for number, one in enumerate(candidates, start=1)
        ),
        error=True,
    )


def _say_nothing(settings: Settings, url: str, found: Discovery) -> None:
    if found.candidates:
        click.echo("all that was found is there already", err=True)
        return
    given = found.given
    reason = f"{given.reason}: {given.detail}" if given.reason else "its links do not look like articles"
    click.echo(f"{plain(url)}: {plain(reason)}", err=True)
    click.echo(f"nothing to watch was found (addresses looked at: {len(found.looks)})", err=True)
    say_advice(given, given.kind, contact=bool(settings.crawl.contact))
