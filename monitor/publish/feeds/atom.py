"""Atom 1.0 (RFC 4287): a feed as XML. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from monitor.publish.markup import element

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.publish.feeds.feed import Entry, Feed

ATOM = "application/atom+xml; charset=utf-8"
"""Its media type."""


def atom(feed: Feed) -> bytes:
    """The feed as an Atom document in UTF-8."""
    root = element(
        "feed",
        element("id", feed.id),
        element("title", feed.title),
        _updated(feed.updated),
        element("generator", "Tumen"),
        element("link", rel="self", type="application/atom+xml", href=feed.itself) if feed.itself else None,
        element("link", rel="alternate", type="text/html", href=feed.page) if feed.page else None,
        element("author", element("name", "Tumen")),
        *map(_entry, feed.entries),
        xmlns="http://www.w3.org/2005/Atom",
    )
    root.set("xml:lang", feed.language)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _entry(entry: Entry) -> ET.Element:
    """Its title has the language of the article, what is said about it that of the feed."""
    title = element("title", entry.title)
    if entry.language:
        title.set("xml:lang", entry.language)
    people = [element("author", element("name", name)) for name in filter(None, (entry.author, entry.outlet))]
    return element(
        "entry",
        element("id", entry.id),
        title,
        *people,
        element("published", _time(entry.published)),
        _updated(entry.updated),
        element("link", rel="alternate", href=entry.url, hreflang=entry.language or None)
        if entry.url
        else None,
        element("link", rel="related", type="text/html", href=entry.page) if entry.page else None,
        *(element("category", term=term, label=label) for term, label in entry.categories),
        element("summary", entry.summary) if entry.summary else None,
        element("content", entry.html, type="html"),
    )


def _updated(when: datetime) -> ET.Element:
    return element("updated", _time(when))


def _time(when: datetime) -> str:
    return when.isoformat(timespec="seconds").replace("+00:00", "Z")
