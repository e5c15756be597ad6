"""Does what a source says of an article show that it is off topic, so that its page need not be fetched?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.core.text import width
from spiders.items import Article

if TYPE_CHECKING:
    from monitor.core.matching import Matcher
    from spiders.items import Entry

TEASER = 60  # columns of a teaser that says something: "Read more" and a dateline are shorter


def is_beside(entry: Entry, matcher: Matcher) -> bool:
    """Whether title and teaser hold nothing that any pack looks for, and every pack is content with these.

    Packs say so by `skim`. Without a title, or with a teaser that says little, nothing is known.
    """
    if not matcher.packs or not all(pack.skim for pack in matcher.packs):
        return False
    if not entry.title or width(entry.summary) < TEASER:
        return False
    readings = matcher.read(Article(entry.url, entry.title, entry.summary, entry.language))
    return not any(reading.keys for reading in readings)
