"""Was something missed between two looks, and where is it found?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from spiders.items import Kind, Outcome, host

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from spiders.items import CrawlReport, Entry

MOST_PAGES = 5
MOST_ENTRIES = 200
_FEW = 3  # entries; of a list that is shorter, each may be new without anything being missed
_PINNED = 5  # at most one of so many entries stays at its place for ever
_EARLY = timedelta(hours=6)  # a page may be dated before it appears
# How archives are asked for their second page: WordPress and its like for feeds, everything else.
_WAYS = {Kind.FEED: ("paged", "page"), Kind.SECTION: ("page", "paged"), Kind.SITEMAP: ()}


@dataclass(frozen=True, slots=True)
class Gap:
    """A look that listed nothing which was known before it, so something may have come and gone unseen.

    Attributes:
        id: its key.
        source: the name of its source.
        url: the address of the source.
        kind: of the source.
        links: of a section, which links are articles.
        since: the last look before it that ended well.
        at: the look that showed it.
        page: the address that is searched next, None when the search has ended.
        pages: how many were searched.
        found: how many entries they brought.
        closed: the search reached what was known.
    """

    id: int
    source: str
    url: str
    kind: Kind
    links: str | None
    since: datetime
    at: datetime
    page: str | None
    pages: int = 0
    found: int = 0
    closed: bool = False

    @property
    def text(self) -> str:
        """What is to be said of it, as a clause that goes on after the name of the source."""
        between = f"{self.since:%Y-%m-%d %H:%M} and {self.at:%Y-%m-%d %H:%M} UTC"
        if self.closed:
            return (
                f"had brought more than it lists between {between}; its archive has the other {self.found}, "
                "which are read now"
            )
        searched = f"{self.found} found on {_counted(self.pages)} of its archive" if self.pages else ""
        return (
            f"listed nothing known after the looks of {between}; "
            f"{searched or 'it shows no archive that could be searched'}, and more may be missing"
        )


@dataclass(frozen=True, slots=True)
class Searched:
    """What a page of an archive brings: entries to be read, and how the search goes on."""

    entries: tuple[Entry, ...] = ()
    page: str | None = None
    closed: bool = False


def reaches(entries: Sequence[Entry], known: Mapping[str, datetime], since: datetime) -> bool:
    """Whether a list goes back to what was known, or by its dates to `since`.

    One entry that is pinned to the top does not show it, unless it is one of the latest that were found.

    Args:
        entries: the list.
        known: when those of its addresses were found that are known, and under "" when the latest of all were.
        since: when its source was last looked at before.
    """
    found = [known[entry.url] for entry in entries if entry.url in known]
    old = sum(entry.url not in known and _is_old(entry, since) for entry in entries)
    return (len(found) + old) * _PINNED > len(entries) or any(each == known.get("") for each in found)


def leaves_gap(entries: Sequence[Entry], known: Mapping[str, datetime], since: datetime) -> bool:
    """Whether something may be missing between a list and what is known of its source. Arguments as of `reaches`."""
    return len(entries) >= _FEW and bool(known) and not reaches(entries, known, since)


def first_page(url: str, kind: Kind, older: str) -> str | None:
    """Where the archive of a source begins: where it says so itself, or where most have it; None if nowhere."""
    if older and host(older) == host(url):
        return older
    return next((_numbered(url, way, 2) for way in _WAYS[kind]), None)


def search(gap: Gap, report: CrawlReport, known: Mapping[str, datetime]) -> Searched:
    """What a page of the archive brings.

    Args:
        gap: what is searched; its `page` is the one that was looked at.
        report: what was seen there.
        known: as `reaches` has it, but with what was found since, which is known to have been found.
    """
    entries = report.entries if report.outcome is Outcome.OK else ()
    before = {url: found for url, found in known.items() if found < gap.at}
    closed = reaches(entries, before, gap.since)
    # Of what bears no date, what stands below the first that was known is older.
    first = next((n for n, each in enumerate(entries) if each.url in before), len(entries))
    last = first if closed else len(entries)
    missed = tuple(
        entry
        for number, entry in enumerate(entries)
        if entry.url not in known
        and (number < last if entry.published is None else not _is_old(entry, gap.since))
    )[: MOST_ENTRIES - gap.found]
    if closed:
        return Searched(missed, closed=True)
    if gap.pages + 1 >= MOST_PAGES or gap.found + len(missed) >= MOST_ENTRIES:
        return Searched(missed)
    return Searched(missed, _next(gap, report.older) if missed else _another_way(gap))


def _is_old(entry: Entry, since: datetime) -> bool:
    return entry.published is not None and entry.published < since - _EARLY


def _next(gap: Gap, older: str) -> str | None:
    """The page after the one that was searched."""
    page = gap.page or ""
    if older and host(older) == host(gap.url) and older != page:
        return older
    way, number = _read_number(gap)
    return _numbered(gap.url, way, number + 1) if way else None


def _another_way(gap: Gap) -> str | None:
    """Where else an archive may begin, if the page that was searched is none."""
    ways = _WAYS[gap.kind]
    way, number = _read_number(gap)
    if number > 2:  # noqa: PLR2004  its second page was an archive, which ends here
        return None
    left = ways[ways.index(way) + 1 :] if way else ways
    return next((_numbered(gap.url, each, 2) for each in left), None)


def _read_number(gap: Gap) -> tuple[str, int]:
    """By which parameter the page was asked for, and its number; empty if it was not asked for by its number."""
    for way in _WAYS[gap.kind]:
        for number in range(2, MOST_PAGES + 2):
            if gap.page == _numbered(gap.url, way, number):
                return way, number
    return "", 0


def _numbered(url: str, way: str, number: int) -> str:
    """The address with `way=number` among its parameters."""
    parts = urlsplit(url)
    others = [pair for pair in parts.query.split("&") if pair and pair.partition("=")[0] != way]
    return urlunsplit(parts._replace(query="&".join([*others, f"{way}={number}"]), fragment=""))


def _counted(pages: int) -> str:
    return "a page" if pages == 1 else f"{pages} pages"
