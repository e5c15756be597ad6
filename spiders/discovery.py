"""What a page, feed or sitemap says of itself, and where else on its site sources may be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from spiders.address import clean_url
from spiders.decoding import decode, unpack
from spiders.items import Lead, Via
from spiders.markup import Root, root_of
from spiders.metadata import read_metadata
from spiders.page import parse_page
from spiders.wording import language_code, line, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.html import HtmlElement

TITLE_LIMIT = 200
MOST_LEADS = 24  # of a page, and of robots.txt
_HEAD = 16384  # characters in which a feed or sitemap has introduced itself
# Where content systems put their feeds, and sites their news sitemaps.
USUAL_PATHS = (
    "/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/news-sitemap.xml", "/sitemap-news.xml",
    "/sitemap_index.xml", "/sitemap.xml",
)  # fmt: skip
_FEED_TYPES = re.compile(r"\s*(?:application|text)/(?:(?:rss|atom|rdf)\+)?xml\b", re.IGNORECASE)
_LIKE_A_FEED = re.compile(r"(?:^|[/._?=-])(?:rss\d?|feeds?|atom|rdf)(?:[/._?&-]|$)", re.IGNORECASE)
_NO_FEED = re.compile(r"\.(?:css|js|png|jpe?g|gif|svg|ico|woff2?|pdf|mp[34])$", re.IGNORECASE)
_COMMENTS = re.compile(r"\bcomments?\b", re.IGNORECASE)
_FIRST_ITEM = re.compile(r"<(?:[\w.-]{1,32}:)?(?:item|entry)[\s>]", re.IGNORECASE)
_XML_LANGUAGE = re.compile(r"xml:lang=[\"']([^\"']{2,12})")


@dataclass(frozen=True, slots=True)
class About:
    """What a document says of itself: its name, the code of its language, and the feeds that a page leads to."""

    title: str = ""
    language: str | None = None
    leads: tuple[Lead, ...] = ()


def read_about(body: bytes, url: str, *, content_type: str = "") -> About:
    """What the document found at `url` says of itself; of a page, the name is that of the outlet behind it."""
    text = decode(unpack(body), content_type)
    root = root_of(text)
    if root is Root.PAGE:
        tree = parse_page(text)
        return About() if tree is None else _of_page(tree, url)
    head = text[:_HEAD]
    if root is Root.SITEMAP:  # a news sitemap names the outlet with each of its articles
        return About(_stated(head, "name"), language_code(_stated(head, "language")))
    first = _FIRST_ITEM.search(head)
    head = head[: first.start()] if first else head
    language = _stated(head, "language") or next(iter(_XML_LANGUAGE.findall(head)), "")
    return About(_stated(head, "title"), language_code(language))


def leads_around(url: str, sitemaps: Iterable[str]) -> tuple[Lead, ...]:
    """Sitemaps that robots.txt names, those for news first, and the usual addresses of feeds on the host of `url`."""
    named = {found for one in sitemaps if (found := clean_url(one, url))}

    def promise(one: str) -> tuple[bool, bool, str]:
        path = urlsplit(one).path.lower()
        return "news" not in path, "index" not in path, one

    by_promise = sorted(named, key=promise)
    return (
        *(Lead(one, Via.ROBOTS) for one in by_promise[:MOST_LEADS]),
        *(Lead(one, Via.GUESS) for path in USUAL_PATHS if (one := clean_url(urljoin(url, path)))),
    )


def _of_page(tree: HtmlElement, url: str) -> About:
    metadata = read_metadata(tree)
    named = (*metadata.stated("og:site_name", "application-name"), tree.findtext(".//title") or "")
    title = next(filter(None, (plain(one, TITLE_LIMIT) for one in named)), "")
    language = tree.get("lang") or tree.get("xml:lang") or next(metadata.stated("og:locale"), "")
    base = clean_url(next(iter(tree.xpath("//base/@href")), ""), url) or url
    found: dict[str, Lead] = {}
    for lead in (*_declared(tree, base), *_linked(tree, base)):
        if lead.url != clean_url(url) and not _COMMENTS.search(f"{urlsplit(lead.url).path} {lead.title}"):
            found.setdefault(lead.url, lead)
    return About(title, language_code(language), tuple(islice(found.values(), MOST_LEADS)))


def _declared(tree: HtmlElement, base: str) -> Iterator[Lead]:
    """The feeds that a page declares as other forms of itself."""
    for element in tree.iter("link"):
        is_feed = "alternate" in (element.get("rel") or "").lower().split() and _FEED_TYPES.match(
            element.get("type") or ""
        )
        if is_feed and (url := clean_url(element.get("href") or "", base)):
            yield Lead(
                url,
                Via.LINK,
                line(element.get("title") or "", TITLE_LIMIT),
                language_code(element.get("hreflang") or ""),
            )


def _linked(tree: HtmlElement, base: str) -> Iterator[Lead]:
    """The links of a page whose addresses read like those of feeds, or of pages that list them."""
    for element in tree.iter("a"):
        url = clean_url(element.get("href") or "", base)
        if url is None:
            continue
        parts = urlsplit(url)
        if _LIKE_A_FEED.search(f"{parts.path}?{parts.query}") and not _NO_FEED.search(parts.path):
            yield Lead(url, Via.ANCHOR, line(element.text_content()[: 4 * TITLE_LIMIT], TITLE_LIMIT))


def _stated(head: str, name: str) -> str:
    """The words in the first element of a name."""
    begin = re.search(rf"<(?:[\w.-]{{1,32}}:)?{name}(?:\s[^>]{{0,300}})?>", head, re.IGNORECASE)
    if begin is None:
        return ""
    end = re.compile(rf"</(?:[\w.-]{{1,32}}:)?{name}\s*>", re.IGNORECASE).search(head, begin.end())
    words = head[begin.end() : end.start()] if end else ""
    return plain(words.replace("<![CDATA[", "").replace("]]>", ""), TITLE_LIMIT)
