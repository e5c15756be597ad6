"""The headline of a page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from spiders.address import host_of
from spiders.metadata import names
from spiders.wording import letters, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.html import HtmlElement

    from spiders.metadata import Metadata

TITLE_LIMIT = 500
_CUT = 100  # characters; search engines ask for headlines of at most 110, and longer ones are cut there
_LAST = re.compile(
    r"(?:\s+[-–—:/·•~]+\s+|\s*[-–—]*\s*[|ㅣ｜»]+\s*|\s*-{2,}\s*)((?:(?!\s[-–—]\s)[^|ㅣ｜»]){1,40})$"
)


def read_title(tree: HtmlElement, metadata: Metadata, url: str) -> str:
    """The page's headline on one line, without the outlet's name; empty if it has none.

    What JSON-LD or the meta elements state and a heading of the page shows is the headline. If none of them is
    shown, statements win over headings, for the first heading is often the outlet's name or a teaser's.
    """
    outlets = _outlets(metadata, url)
    stated = _clean(metadata.stated("@headline", "og:title", "twitter:title", "@name"), outlets)
    shown = _clean((" ".join(h1.itertext()) for h1 in tree.iter("h1")), outlets)
    visible = {letters(heading): heading for heading in shown}
    for title in stated:
        if letters(title) in visible:
            return title
    document = plain(tree.findtext(".//title") or "", TITLE_LIMIT)
    if stated:
        return _completed(stated[0], (*shown, *stated[1:]))
    named = [heading for heading in shown if letters(heading) in letters(document)]
    return max(named or shown, key=len, default="") or next(iter(_clean([document], outlets)), "")


def _clean(titles: Iterable[str], outlets: set[str]) -> list[str]:
    found = (_without_outlet(plain(title, TITLE_LIMIT), outlets) for title in titles)
    return [title for title in found if title and letters(title) not in outlets]


def _without_outlet(title: str, outlets: set[str]) -> str:
    """The title without a last part that names the outlet."""
    last = _LAST.search(title)
    if last and last.start():
        part = letters(last[1])
        if any(outlet in part or part in outlet for outlet in outlets) and part:
            return title[: last.start()].rstrip()
    return title


def _outlets(metadata: Metadata, url: str) -> set[str]:
    """The letters of the outlet's names: as stated, and the owner's part of the host name."""
    stated = [*metadata.stated("og:site_name", "application-name"), *names(metadata.linked.get("publisher"))]
    labels = host_of(url).split(".")[:-1]
    found = {letters(name) for name in (*stated, max(labels, key=len, default=""))}
    return {name for name in found if len(name) > 1}


def _completed(title: str, others: Iterable[str]) -> str:
    """The title, or the longer form of it among the others if it was cut."""
    start = title.rstrip("….").rstrip()
    if len(title) < _CUT and title == start:
        return title
    return next((other for other in others if len(other) > len(start) and other.startswith(start)), title)
