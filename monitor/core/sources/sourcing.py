"""Which of the addresses that were found is the best source, and how would it be declared?"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain, count
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from monitor.core.languages import is_language
from spiders.items import Kind, Outcome, Source, Via

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from spiders.items import CrawlReport, Entry, Lead

STALE = timedelta(days=7)  # a news source that has had nothing for so long is not used any more
_LEAST_LINKS = 5  # of a page that is a section: a wall or an error page has a link or two
_SPECIALIST = 10  # a source of whose entries one in so many is on topic is one for it
_LONGEST_WORDS = 24  # characters of a title in a name
_NO_OUTLET = {"rss", "feed", "rss feed", "news", "latest news", "home", "index", "all", "atom"}
# Second-level names that registries sell below: the outlet's name stands before them.
_SHARED = {"co", "com", "or", "org", "ne", "net", "go", "gov", "ac", "edu", "in", "mil", "re", "gob", "gouv"}
# Country codes that registries sell to the whole world, and codes whose country is written otherwise.
_NO_COUNTRY = {"ai", "cc", "co", "fm", "io", "me", "to", "tv", "ws"}
_COUNTRIES = {"uk": "GB", "su": "RU", "int": "INT"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A source that could be watched: where it was found, what it is, and what it listed."""

    lead: Lead
    url: str
    kind: Kind
    title: str
    language: str | None
    entries: tuple[Entry, ...]

    @property
    def newest(self) -> datetime | None:
        """When its latest entry was published, None if it gives no times."""
        return max((entry.published for entry in self.entries if entry.published), default=None)

    @property
    def is_titled(self) -> bool:
        """Whether most of its entries have a title: without, nothing is known until their pages are read."""
        return 2 * sum(1 for entry in self.entries if entry.title) > len(self.entries)

    def is_stale(self, now: datetime) -> bool:
        """Whether its latest entry is so old that nothing is to be expected of it."""
        return self.newest is not None and now - self.newest > STALE


def candidate(lead: Lead, report: CrawlReport) -> Candidate | None:
    """The source at an address as it was looked at, None if there is none that can be watched.

    A page of links is one only if it was asked for: an overview or an error page is no section.
    """
    if report.outcome is not Outcome.OK or report.kind is None or not report.entries:
        return None
    if report.kind is Kind.SECTION and (lead.via is not Via.GIVEN or len(report.entries) < _LEAST_LINKS):
        return None
    said = Counter(entry.language for entry in report.entries if entry.language).most_common(1)
    language = spoken(report.language, lead.language, *(code for code, _ in said))
    return Candidate(
        lead, report.url, report.kind, _name_of(report.title, lead.title), language, report.entries
    )


def ranked(found: Iterable[Candidate], now: datetime) -> tuple[Candidate, ...]:
    """The candidates, best first and each address once: what is asked for and lives, then by kind, then as named.

    Feeds come first: they are small, have titles, and say when nothing has changed. A news sitemap is as good but for
    its size; a section page has no times; a plain sitemap has neither times nor titles of articles.
    """

    def worth(one: Candidate) -> tuple[bool, int]:
        order = {Kind.FEED: 0, Kind.SITEMAP: 1 if one.is_titled else 3, Kind.SECTION: 2}
        return one.is_stale(now), order[one.kind]

    best: dict[str, Candidate] = {}
    for one in sorted(found, key=worth):
        best.setdefault(one.url, one)
    return tuple(best.values())


def proposal(one: Candidate, site: str, page: str, taken: Collection[str], *, on_topic: int) -> Source:
    """The declaration of a candidate that was found from the address `page` of an outlet that calls itself `site`.

    `taken` are the names of other sources; `on_topic` is how many of its entries the packs are about.
    """
    place = urlsplit(page).hostname or ""
    return Source(
        name=free_name(place, one.title, one.language, taken),
        title=unexpanded(_name_of(one.title, site) or place),
        url=one.url,
        kind=one.kind,
        language=one.language,
        country=country(place),
        weight=5 if on_topic * _SPECIALIST >= len(one.entries) else 4 if on_topic else 3,
    )


def subscription(lead: Lead, taken: Collection[str], report: CrawlReport | None = None) -> Source:
    """The declaration of what another news reader subscribes to, with what a look at it showed, if there was one."""
    place = urlsplit(lead.url).hostname or ""
    language = spoken(lead.language, report.language if report else None)
    title = lead.title or (report.title if report else "") or place
    return Source(
        name=free_name(place, title, language, taken),
        title=unexpanded(title),
        url=lead.url,
        kind=(report.kind if report else None) or Kind.FEED,
        language=language,
        country=country(place),
        tags=lead.tags,
    )


def free_name(place: str, title: str, language: str | None, taken: Collection[str]) -> str:
    """A name for a source of this host that is not taken: the outlet's, if need be with more words or a number."""
    outlet = _outlet(place) or "source"
    more = _slug(title.casefold().replace(outlet, " "))[:_LONGEST_WORDS].rstrip("-")
    names = (outlet, *(f"{outlet}-{words}" for words in (language, more) if words))
    numbered = (f"{names[-1]}-{number}" for number in count(2))
    return next(name for name in chain(names, numbered) if name not in taken)


def country(place: str) -> str | None:
    """The ISO 3166 code that a host's last label stands for, None if it stands for none."""
    last = place.rpartition(".")[2].lower()
    if last in _COUNTRIES:
        return _COUNTRIES[last]
    return last.upper() if re.fullmatch("[a-z]{2}", last) and last not in _NO_COUNTRY else None


def spoken(*codes: str | None) -> str | None:
    """The first code that is one of a language: what stands in pages and feeds may be anything."""
    return next((code for code in codes if code and is_language(code)), None)


def unexpanded(words: str) -> str:
    """Words from the web for a file in which `${NAME}` stands for a secret."""
    return words.replace("${", "$ {")


def _name_of(*titles: str) -> str:
    """The first title that names an outlet; else the first at all."""
    given = [title for title in titles if title]
    return next((one for one in given if one.casefold() not in _NO_OUTLET), given[0] if given else "")


def _outlet(place: str) -> str:
    """What stands in a host name for the outlet."""
    labels = place.lower().removeprefix("www.").split(".")
    if re.fullmatch(r"[\d.]+", place) or ":" in place:
        labels = [place]
    elif len(labels) > 1:
        labels.pop()
        if len(labels) > 1 and labels[-1] in _SHARED:
            labels.pop()
    return _slug(labels[-1])


def _slug(words: str) -> str:
    """The words in the signs that a source's name may have."""
    return re.sub("[^a-z0-9]+", "-", words).strip("-")
