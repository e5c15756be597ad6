"""Finding sources at an address, and looking at one step by step. Nothing of it is stored."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.core.sources.sourcing import Candidate, candidate
from monitor.store.archive import Archive
from monitor.store.database import open_reader
from spiders.items import CrawlJob, Discover, Kind, Lead, Look, Outcome, Parse, Read, Validators, Via

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from monitor.crawl import Crawler
    from spiders.items import CrawlReport, Entry, Source, Task

_NAMED = {Via.LINK: 8, Via.ROBOTS: 4, Via.ANCHOR: 4}  # addresses of each kind that are looked at
_LISTED = 8  # feeds on pages that list feeds
_IN_ONE_JOB = 50
_PATIENCE = 30.0  # seconds for an address that is only one of many
_NOBODY_THERE = {
    "dns",
    "unreachable",
    "tls",
    "blocked_private_address",
    "blocked_scheme",
}  # nor at another address


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was found at an address: how the look at it ended, every further one, and what could be watched."""

    given: CrawlReport
    looks: tuple[tuple[Lead, CrawlReport], ...]

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """The sources that could be watched, in the order in which their addresses were named."""
        judged = (candidate(lead, report) for lead, report in self.looks)
        return tuple(one for one in judged if one is not None)


@dataclass(frozen=True, slots=True)
class Poll:
    """One look at a source, and the first articles that it names.

    Attributes:
        first: how it ended, asked as the service would ask.
        report: the look that brought entries or failed: another one, without conditions, if nothing had changed.
        articles: how reading the first entries ended.
    """

    first: CrawlReport
    report: CrawlReport
    articles: tuple[CrawlReport, ...] = ()


async def discover(
    crawler: Crawler, url: str, *, links: str | None = None, told: Callable[[str], None]
) -> Discovery:
    """Find the sources at an address of a site. A feed or sitemap is taken as it is, and nothing else is asked for.

    On a page: what it declares, what robots.txt names and what looks like a feed among its links; on pages that list
    feeds, those; and the usual addresses only where none of these is a feed or a news sitemap. If `links` says which
    of its links are articles, the page itself is meant, and nothing else is asked for either.

    `told` hears of each address when it was looked at.
    """
    (given,) = await _run(crawler, [Discover("given", url, links=links, around=links is None)], told)
    looks = [(Lead(url, Via.GIVEN), given)]
    if (
        links is not None
        or given.reason in _NOBODY_THERE
        or (given.outcome is Outcome.OK and given.kind is not Kind.SECTION)
    ):
        return Discovery(given, tuple(looks))

    async def look(leads: Iterable[Lead]) -> list[tuple[Lead, CrawlReport]]:
        known = {url, *(lead.url for lead, _ in looks)}
        fresh = {lead.url: lead for lead in leads if lead.url not in known}.values()
        found = list(
            zip(
                fresh,
                await _run(crawler, [Discover(x.url, x.url, deadline=_PATIENCE) for x in fresh], told),
                strict=True,
            )
        )
        looks.extend(found)
        return found

    first = await look(lead for via, most in _NAMED.items() for lead in _of(given.leads, via)[:most])
    listed = [more for lead, report in first if lead.via is Via.ANCHOR for more in report.leads]
    await look(listed[:_LISTED])
    done = Discovery(given, tuple(looks))
    if not any(
        one.kind is Kind.FEED or (one.kind is Kind.SITEMAP and one.is_titled) for one in done.candidates
    ):
        await look(_of(given.leads, Via.GUESS))
    return Discovery(given, tuple(looks))


async def first_articles(
    crawler: Crawler, entries: Sequence[Entry], language: str | None, most: int, told: Callable[[str], None]
) -> tuple[CrawlReport, ...]:
    """The articles behind the first entries."""
    return await _run(crawler, _reads(entries[:most], language), told)


async def poll(
    crawler: Crawler, source: Source, validators: Validators, most: int, told: Callable[[str], None]
) -> Poll:
    """Look at a source as the service would, and read its first articles."""
    asked = Look("look", source.url, source.kind, source.links, validators, source=source.name)
    (first,) = (report,) = await _run(crawler, [asked], told)
    if first.outcome is Outcome.UNCHANGED:
        (report,) = await _run(
            crawler, [Look("again", source.url, source.kind, source.links, source=source.name)], told
        )
    reads = _reads(report.entries[:most], source.language, source.name)
    return Poll(first, report, await _run(crawler, reads, told))


def _reads(entries: Sequence[Entry], language: str | None, source: str = "") -> list[Read]:
    return [Read(f"{n}", entry.url, language, source=source) for n, entry in enumerate(entries)]


async def subscriptions(crawler: Crawler, file: str) -> CrawlReport:
    """The leads in a file of subscriptions (OPML)."""
    (report,) = await _run(crawler, [Parse("outline", file, outline=True)], lambda _: None)
    return report


async def look_at_all(
    crawler: Crawler, leads: Sequence[Lead], told: Callable[[str], None]
) -> tuple[CrawlReport, ...]:
    """A look at each of the addresses, in their order."""
    return await _run(crawler, [Discover(lead.url, lead.url, deadline=_PATIENCE) for lead in leads], told)


def listed_before(history: Path, entries: Sequence[Entry]) -> frozenset[str]:
    """Those of the entries' addresses that a source listed before; none if there is no history yet."""
    if not history.exists():
        return frozenset()
    with closing(open_reader(history)) as db:
        return Archive(db).listed([entry.url for entry in entries])


async def _run(
    crawler: Crawler, tasks: Sequence[Task], told: Callable[[str], None]
) -> tuple[CrawlReport, ...]:
    """One report per task, in their order; in several jobs, one after another, if they are many."""
    found: dict[str, CrawlReport] = {}
    for start in range(0, len(tasks), _IN_ONE_JOB):
        async for report in crawler.run(
            CrawlJob(f"sources {start}", tuple(tasks[start : start + _IN_ONE_JOB]))
        ):
            found[report.task] = report
            told(report.url)
    return tuple(found[task.id] for task in tasks)


def _of(leads: Iterable[Lead], via: Via) -> list[Lead]:
    return [lead for lead in leads if lead.via is via]
