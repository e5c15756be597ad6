"""What a document is, told from its beginning, and whether it is safe to hand to an XML parser."""

from __future__ import annotations

import re
from enum import StrEnum

from spiders.errors import NotASource


class Root(StrEnum):
    """What the outermost element of a document makes it."""

    FEED = "feed"
    SITEMAP = "sitemap"
    PAGE = "page"
    OTHER = "other"


# What is read of a page or feed: the largest of 306 real ones has 0.5 MB and 8,000 tags, and the libraries that read
# them take seconds for as much as this, and hours for what would be allowed to come.
MOST_CHARACTERS = 4 * 1024 * 1024
MOST_TAGS = 50_000
_HEAD = 8192  # characters at the start in which the outermost element must stand
_ROOTS = {
    "rss": Root.FEED, "feed": Root.FEED, "rdf": Root.FEED, "channel": Root.FEED,
    "urlset": Root.SITEMAP, "sitemapindex": Root.SITEMAP,
    "html": Root.PAGE, "head": Root.PAGE, "body": Root.PAGE, "meta": Root.PAGE, "title": Root.PAGE, "div": Root.PAGE,
}  # fmt: skip
_ROOT = re.compile(
    r"<(?:[\w.-]{1,32}:)?(rss|feed|rdf|channel|urlset|sitemapindex|html|head|body|meta|title|div)(?=[\s>/])",
    re.IGNORECASE,
)
# An entity that holds other entities (they multiply) or that stands for a file. Parameter entities that name a DTD
# are left alone: old RSS has them, and no parser here follows them.
_ENTITY = re.compile(
    r"<!ENTITY\s+[^\s%\"'>]+\s+(?:(?:SYSTEM|PUBLIC)\b|\"[^\"]*&(?!#)\w|'[^']*&(?!#)\w)", re.IGNORECASE
)
_ELEMENT = re.compile(r"<\w")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def root_of(text: str) -> Root:
    """What the document is by its first telling element."""
    head = _COMMENT.sub("", text[:_HEAD])
    found = _ROOT.search(head)
    return _ROOTS[found[1].lower()] if found else Root.OTHER


def from_root(text: str) -> str:
    """The document from its first telling element on: without its prolog, and what a server wrote before it."""
    found = _ROOT.search(text, 0, _HEAD)
    return text[found.start() :] if found else text


def refuse_unsafe(text: str) -> None:
    """Raise NotASource (`unsafe_xml`) if the document declares entities that expand or reach for files."""
    if "<!ENTITY" in text and _ENTITY.search(text):
        raise NotASource(
            "unsafe_xml", "The document declares entities that expand without bound or reach for other files."
        )


def bounded(text: str) -> str:
    """The beginning of a page or feed, as much of it as can be read in seconds."""
    text = text[:MOST_CHARACTERS]
    parts = text.split("<", MOST_TAGS + 1)
    return text if len(parts) <= MOST_TAGS + 1 else text[: -len(parts[-1]) - 1]


def one_line_prolog(text: str) -> str:
    """The document with all before its first element on one line: patterns of feedparser look there line by line."""
    first = _ELEMENT.search(text)
    end = first.start() if first else len(text)
    return " ".join(text[:end].split()) + text[end:]
