"""From a page to its article: title, text, time, language. The only door to htmldate."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import htmldate

from spiders.address import clean_url, same_host
from spiders.body import read_text
from spiders.decoding import decode, unpack
from spiders.errors import NoText
from spiders.items import Article
from spiders.metadata import Metadata, names, read_metadata
from spiders.moments import Moment, read_moment
from spiders.page import opening, parse_page
from spiders.titles import read_title
from spiders.wording import language_code, line, plain

if TYPE_CHECKING:
    from lxml.html import HtmlElement

AUTHOR_LIMIT = 200
_DATED = re.compile(r"date|time|publish|posted|byline|article-?info", re.IGNORECASE)
_DATE = re.compile(
    r"(?:19|20)\d\d\s*[-./年년]\s*\d{1,2}\s*[-./月월]\s*\d{1,2}(?:\s*[日일.])?(?:T|\s)*(?:(?:上午|午前|오전|下午|午後|오후)?\s*"
    r"\d{1,2}\s*[:時时시]\s*\d{1,2})?"
)
_DATE_REACH = 300  # characters of such an element that are looked at
_PUBLISHED = (
    "@datePublished", "article:published_time", "og:article:published_time", "datepublished", "parsely-pub-date",
    "sailthru.date", "dc.date.issued", "dcterms.created", "dc.date", "pubdate", "publishdate", "publish-date",
    "cxenseparse:recs:publishtime", "article.published", "date", "@dateCreated", "@uploadDate",
)  # fmt: skip


def read_article(body: bytes, url: str, *, language: str | None = None, content_type: str = "") -> Article:
    """The article on the page found at `url`.

    `language` is what the source is known to write; it counts if the page declares none. The address is the page's
    canonical one if that is on the same host.

    Raises:
        NoText: the page has neither a title nor a text.
    """
    tree = parse_page(decode(unpack(body), content_type))
    if tree is None:
        raise NoText("There is no markup in the page.")
    metadata = read_metadata(tree)
    title = read_title(tree, metadata, url)
    moment = _published(tree, metadata, url)
    language = _language(tree, metadata) or language
    address = _canonical(tree, metadata, url)
    text = read_text(tree, metadata, title)  # last, for it changes the tree
    if not title and not text:
        raise NoText("The page has neither a title nor a text that reads like an article.")
    return Article(
        url=address,
        title=title,
        text=text,
        language=language,
        published=moment.time if moment else None,
        author=_author(metadata),
        day_only=bool(moment and moment.day_only),
    )


def _published(tree: HtmlElement, metadata: Metadata, url: str) -> Moment | None:
    for stated in metadata.stated(*_PUBLISHED):
        moment = read_moment(stated)
        if moment:
            return moment
    for element in tree.iter("time"):
        moment = read_moment(element.get("datetime") or "")
        if moment:
            return moment
    # htmldate's extensive search reads dates out of any text, and takes seconds on a long page.
    found = htmldate.find_date(tree, original_date=True, extensive_search=False, url=url)
    return read_moment(found) if found else _shown_date(tree)


def _shown_date(tree: HtmlElement) -> Moment | None:
    """The first date in an element that is named after it."""
    for element in tree.iter("span", "div", "p", "em", "li", "td", "i", "b", "small"):
        if _DATED.search(f"{element.get('class', '')} {element.get('id', '')}"):
            stated = _DATE.search(opening(element, _DATE_REACH)[0][: 2 * _DATE_REACH])
            moment = read_moment(stated[0].strip()) if stated else None
            if moment:
                return moment
    return None


def _language(tree: HtmlElement, metadata: Metadata) -> str | None:
    declared = (tree.get("lang") or tree.get("xml:lang") or "", *metadata.stated("@inLanguage", "og:locale"))
    for value in declared:
        code = language_code(value)
        if code:
            return code
    return None


def _author(metadata: Metadata) -> str | None:
    written = names(metadata.linked.get("author")) or list(
        metadata.stated("author", "article:author", "dc.creator")
    )
    found = [plain(name, AUTHOR_LIMIT) for name in written if not name.startswith("http")]
    return line(", ".join(dict.fromkeys(found)), AUTHOR_LIMIT) or None


def _canonical(tree: HtmlElement, metadata: Metadata, url: str) -> str:
    address = clean_url(url) or url
    stated = tree.xpath("//link[@rel='canonical']/@href")
    for one in (*stated[:1], *metadata.stated("og:url")):
        canonical = clean_url(one, url)
        if canonical and same_host(canonical, address):
            return canonical
    return address
