"""Sources as a list of subscriptions (OPML 2.0), which other news readers import."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from spiders.items import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spiders.items import Source


def as_opml(sources: Iterable[Source]) -> str:
    """The feeds among the sources; OPML has no word for sitemaps and section pages."""
    lines = [_outline(source) for source in sources if source.kind is Kind.FEED]
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n<head><title>Tumen</title></head>\n<body>\n'
    return f"{head}{''.join(lines)}</body>\n</opml>\n"


def _outline(source: Source) -> str:
    given = {
        "type": "rss",
        "text": source.title,
        "title": source.title,
        "xmlUrl": source.url,
        "language": source.language or "",
        "category": ",".join(tag.replace(",", " ").replace("/", " ") for tag in source.tags),
    }
    attributes = " ".join(f'{name}="{escape(value)}"' for name, value in given.items() if value)
    return f"  <outline {attributes}/>\n"
