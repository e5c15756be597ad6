"""The headline of a page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from spiders.address import host_of
from spiders.metadata import names
from spiders.wording import letters, line, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.html import HtmlElement

    from spiders.metadata import Metadata

TITLE_LIMIT = 500
_CUT = 100  # characters; search engines ask for headlines of at most 110, and longer ones are cut there
_LAST = re.compile(
    r"(?:\s+[-–—:/·•~]+\s+|\s*[-–—]*\s*[|ㅣ｜»›：_]+\s*|\s*-{2,}\s*)((?:(?!\s[-–—]\s)[^|ㅣ｜»›：_]){1,40})$"
)
# What divides a headline from its section; Koreans, Chinese and Japanese write no spaces around a hyphen.
_BEFORE_SECTION = re.compile(r"(?:\s[-–—:/·•~]\s*|\s*[|ㅣ｜»›：_]\s*|(?<=[\u3040-\u9fff\uac00-\ud7a3])-)$")
_OUTLETS = ("og:site_name", "application-name", "apple-mobile-web-app-title", "twitter:site", "publisher")


def read_title(tree: HtmlElement, metadata: Metadata, url: str) -> str:
    """The page's headline on one line, without the names of outlet and section; empty if it has none.

    What JSON-LD or the meta elements state and a heading of the page shows is the headline. If none of them is
    shown, statements win over headings, for the first heading is often the outlet's name or a teaser's.
    """
    own = _Names(_outlets(metadata, url), _sections(metadata))
    stated = own.cleaned(metadata.stated("@headline", "og:title", "twitter:title", "@name"))
    shown = own.cleaned(" ".join(h1.itertext()) for h1 in tree.iter("h1"))
    visible = {letters(heading): heading for heading in shown}
    for title in stated:
        if letters(title) in visible:
            return title
    document = plain(tree.findtext(".//title") or "", TITLE_LIMIT)
    if stated:
        return _completed(stated[0], (*shown, *stated[1:]))
    named = [heading for heading in shown if letters(heading) in letters(document)]
    return max(named or shown, key=len, default="") or next(iter(own.cleaned([document])), "")


@dataclass(frozen=True, slots=True)
class _Names:
    """What a page adds to its headline.

    Attributes:
        outlets: the letters of the outlet's names.
        sections: the names of the page's sections.
    """

    outlets: set[str]
    sections: tuple[str, ...]

    def cleaned(self, titles: Iterable[str]) -> list[str]:
        """The titles without these names; what is nothing else is left out."""
        found = (self._without_section(self._without_outlet(plain(title, TITLE_LIMIT))) for title in titles)
        return [title for title in found if title and letters(title) not in self.outlets]

    def _without_outlet(self, title: str) -> str:
        last = _LAST.search(title)
        if last and last.start():
            part = letters(last[1])
            if part and any(outlet in part or part in outlet for outlet in self.outlets):
                return title[: last.start()].rstrip()
        return title

    def _without_section(self, title: str) -> str:
        for section in self.sections:
            headline = _BEFORE_SECTION.sub("", title.removesuffix(section))
            if title.endswith(section) and len(headline) + len(section) < len(title):
                return headline or title
        return title


def _outlets(metadata: Metadata, url: str) -> set[str]:
    """The letters of the outlet's names: as stated, and the owner's part of the host name."""
    stated = [*metadata.stated(*_OUTLETS), *names(metadata.linked.get("publisher"))]
    labels = host_of(url).split(".")[:-1]
    found = {letters(name) for name in (*stated, max(labels, key=len, default=""))}
    return {name for name in found if len(name) > 1}


def _sections(metadata: Metadata) -> tuple[str, ...]:
    stated = (content for name, content in metadata.metas.items() if "section" in name or "category" in name)
    return tuple(line(name, TITLE_LIMIT) for name in (*stated, *metadata.stated("@articleSection")))


def _completed(title: str, others: Iterable[str]) -> str:
    """The title, or the longer form of it among the others if it was cut."""
    start = title.rstrip("….").rstrip()
    if len(title) < _CUT and title == start:
        return title
    return next((other for other in others if len(other) > len(start) and other.startswith(start)), title)
