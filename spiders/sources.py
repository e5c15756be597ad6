"""One look at the bytes of a source, whatever kind it is: which articles does it name?"""

from __future__ import annotations

import re
from dataclasses import dataclass

from spiders.decoding import decode, unpack
from spiders.errors import NotASource
from spiders.feed import read_feed
from spiders.items import Entry, Kind
from spiders.markup import Root, root_of
from spiders.older import older_page
from spiders.section import read_section
from spiders.sitemap import read_sitemap

_BEGINNING = 16384  # bytes, in which a document shows what it is
_TTL = re.compile(r"<ttl>\s*([0-9]{1,6})\s*</ttl>")


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look at a source saw.

    Attributes:
        kind: what the source turned out to be.
        entries: its entries, in its order.
        children: an index's further sitemaps, to be looked at in turn, newest first.
        older: where it says that its older entries are, empty if it does not.
        ttl: seconds for which a feed says that it stays as it is, None if it does not.
    """

    kind: Kind
    entries: tuple[Entry, ...] = ()
    children: tuple[str, ...] = ()
    older: str = ""
    ttl: float | None = None


def read_source(
    body: bytes,
    url: str,
    kind: Kind | None = None,
    *,
    links: str | None = None,
    content_type: str = "",
    limit: int = 1000,
    unlinked: bool = False,
) -> Seen:
    """What the reply from `url` names, as a source of `kind` (None: find out).

    A feed where a sitemap was expected, or the other way round, is read as what it is. A web page is read as a
    section only if that, or nothing, was expected: an error page must not pass for a feed. `unlinked` as in
    `feed.read_feed`.

    Raises:
        NotASource: the body is none of these, or not of the kind that was asked for.
    """
    head = decode(unpack(body, _BEGINNING)[:_BEGINNING], content_type)
    root = root_of(head)
    if root is Root.SITEMAP:
        sitemap = read_sitemap(body, url, content_type=content_type, limit=limit)
        return Seen(Kind.SITEMAP, sitemap.entries, sitemap.children)
    if root is Root.FEED or kind is Kind.FEED:
        entries = read_feed(body, url, content_type=content_type, limit=limit, unlinked=unlinked)
        return Seen(Kind.FEED, entries, older=older_page(unpack(body), url), ttl=_ttl(head))
    if kind is Kind.SITEMAP:
        found = "a web page" if root is Root.PAGE else "something else"
        raise NotASource("not_a_source", f"This is {found}, not a sitemap.")
    entries = read_section(body, url, links=links, content_type=content_type, limit=limit)
    return Seen(Kind.SECTION, entries, older=older_page(unpack(body), url))


def _ttl(head: str) -> float | None:
    """What a feed says in `ttl` (RSS 2.0), which counts minutes, in seconds."""
    found = _TTL.search(head)
    return int(found.group(1)) * 60.0 if found else None
