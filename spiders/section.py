"""Section pages: which of a page's links are articles."""

from __future__ import annotations

import re
from fnmatch import translate
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cssselect import SelectorError
from lxml.cssselect import CSSSelector
from lxml.etree import XPathError

from spiders.address import clean_url, host_of
from spiders.decoding import decode, unpack
from spiders.errors import NotASource
from spiders.items import Entry, site_of
from spiders.page import parse_page
from spiders.wording import line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from lxml.html import HtmlElement

TITLE_LIMIT = 500


def read_section(
    body: bytes, url: str, *, links: str | None = None, content_type: str = "", limit: int = 1000
) -> tuple[Entry, ...]:
    """The articles that a page found at `url` links to, in its order, at most `limit`.

    `links` says which links count: a CSS selector for the links or for elements around them, or a shell pattern for
    the address (it holds `*` and begins with `http`, `/` or `*`). Without it, links count that look like articles:
    same site, a path that names one thing (a slug, a date, a number), words as anchor text, outside the navigation.

    Raises:
        NotASource: the body is no page, or `links` is no selector.
    """
    tree = parse_page(decode(unpack(body), content_type))
    if tree is None:
        raise NotASource("not_a_source", "This is not a web page: there is no markup in it.")
    base = clean_url(next(iter(tree.xpath("//base/@href")), ""), url) or url
    chosen, is_wanted = _choice(tree, links, url)
    titles: dict[str, str] = {}
    for anchor in chosen:
        address = clean_url(anchor.get("href") or "", base)
        if address and address != clean_url(url) and is_wanted(address, anchor):
            title = _title(anchor)
            # A teaser links its article from picture, headline and "more": the longest words are the headline.
            if address in titles or len(titles) < limit:
                titles[address] = max(titles.get(address, ""), title, key=len)
    return tuple(Entry(url=address, title=title) for address, title in titles.items())


def is_pattern(links: str) -> bool:
    """Whether `links` is a shell pattern for addresses, not a CSS selector."""
    return "*" in links and links.startswith(("http", "/", "*")) and not links.startswith(("* ", "*.", "*["))


def _choice(
    tree: HtmlElement, links: str | None, url: str
) -> tuple[Iterable[HtmlElement], Callable[[str, HtmlElement], bool]]:
    """The anchors to look at, and which of them count."""
    anchors = tree.iter("a")
    if links is None:
        site = site_of(host_of(url))
        is_menu = cache(_is_menu)  # each element once: many links stand in it, and its class may be long
        return anchors, lambda address, anchor: _looks_like_article(address, anchor, site, is_menu)
    if is_pattern(links):
        pattern = re.compile(translate(links))
        if links.startswith("/"):
            site = site_of(host_of(url))
            return (
                anchors,
                lambda address, _: bool(pattern.match(_path(address))) and site_of(host_of(address)) == site,
            )
        return anchors, lambda address, _: bool(pattern.match(address))
    return _selected(tree, links), lambda _address, _anchor: True


def _selected(tree: HtmlElement, links: str) -> Iterator[HtmlElement]:
    try:
        found = _selector(links)(tree)
    except (SelectorError, XPathError) as error:
        raise NotASource("not_a_source", f"`links` is not a CSS selector: {line(str(error), 200)}") from error
    for element in found:
        if element.tag == "a":
            yield element
        else:
            yield from element.iter("a")


@lru_cache(maxsize=256)
def _selector(links: str) -> CSSSelector:
    return CSSSelector(links, translator="html")


_NAVIGATION = frozenset({"nav", "footer", "header"})
_MENU = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|menu|footer|breadcrumbs?|pagination|pager|share|social|login)(?:$|[\s_-])"
)
_NOT_ARTICLES = re.compile(
    r"/(?:tags?|topics?|category|categories|author|authors|search|login|signup|register|subscribe|about|contact|privacy"
    r"|terms|imprint|impressum|rss|feeds?|sitemap|video-live|account|newsletters?)(?:/|$|\.)",
    re.IGNORECASE,
)
_FILES = re.compile(
    r"\.(?:jpe?g|png|gif|svg|webp|pdf|zip|mp[34]|xml|rss|css|js|ico|docx?|xlsx?)$", re.IGNORECASE
)
_DATE = re.compile(r"(?:19|20)\d\d[/-]?(?:0[1-9]|1[0-2])[/-]?(?:[0-3]\d)?")
_NUMBER = re.compile(r"\d{4,}")
_SLUG = re.compile(r"(?<![^\W_])(?:[^\W_]++[-_]){3,}[^\W_]")
# How long a title must be for its link to count, if the path alone does not (False) or does half (True) say so.
_TITLE_LENGTH = {True: 15, False: 40}
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\u0e00-\u0e7f]")


def _looks_like_article(
    address: str, anchor: HtmlElement, site: str, is_menu: Callable[[HtmlElement], bool | None]
) -> bool:
    parts = urlsplit(address)
    if site_of(host_of(address)) != site or _NOT_ARTICLES.search(parts.path) or _FILES.search(parts.path):
        return False
    if next((menu for menu in map(is_menu, anchor.iterancestors()) if menu is not None), False):
        return False
    last = parts.path.rstrip("/").rpartition("/")[2]
    named = bool(_SLUG.search(last))
    numbered = bool(_DATE.search(parts.path) or _NUMBER.search(last) or _NUMBER.search(parts.query))
    return (named and numbered) or _length(_title(anchor)) >= _TITLE_LENGTH[named or numbered]


def _length(title: str) -> int:
    """The length of a title in letters of an alphabet; one of a wide script says as much as some three."""
    return len(title) + 2 * len(_WIDE.findall(title))


def _is_menu(element: HtmlElement) -> bool | None:
    """Whether what stands in an element is navigation; None if the element does not say."""
    if element.tag in ("article", "main"):
        return False
    named = f"{element.get('class', '')} {element.get('id', '')}".lower()
    return True if element.tag in _NAVIGATION or _MENU.search(named) else None


def _title(anchor: HtmlElement) -> str:
    """The words of a link: of the headline in it if there is one, else its text, its title or its picture's."""
    headings = list(anchor.iter("h1", "h2", "h3", "h4", "h5"))
    text = " ".join(headings[0].itertext()) if headings else " ".join(anchor.itertext())
    return line(text, TITLE_LIMIT) or line(anchor.get("title") or "", TITLE_LIMIT)


def _path(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
