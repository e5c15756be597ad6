"""Where a feed or page says that its older entries are (RFC 5005, and what the web makes of it)."""

from __future__ import annotations

import re
from html import unescape

from spiders.address import clean_url

# Addresses are ASCII, so the charset does not matter. A tag that is not closed ends at the next one.
_TAGS = re.compile(rb"<(?:[a-z]{1,20}:)?(?:link|a)\s([^<>]{1,4096})>", re.IGNORECASE)
_ATTRIBUTES = re.compile(rb"""\b(rel|href)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_OLDER = {b"prev-archive", b"next"}


def older_page(body: bytes, url: str) -> str:
    """The page that the one at `url` names as the next of its list, or as the former of its archive; else empty."""
    for tag in _TAGS.finditer(body):
        found = {name.lower(): a or b or c for name, a, b, c in _ATTRIBUTES.findall(tag[1])}
        if _OLDER & set(found.get(b"rel", b"").lower().split()):
            stated = unescape(found.get(b"href", b"").decode("ascii", "replace"))
            older = clean_url(stated, url)
            if older:
                return older
    return ""
