"""Feeds: RSS, Atom, RDF and CDF, well-formed or not, in any charset. The only door to feedparser."""

from __future__ import annotations

import calendar
import io
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import feedparser

from spiders.address import clean_url
from spiders.decoding import decode, unpack
from spiders.errors import NotASource
from spiders.items import Entry
from spiders.markup import Root, bounded, one_line_prolog, refuse_unsafe, root_of
from spiders.moments import read_moment
from spiders.wording import language_code, line, plain, unpiled

if TYPE_CHECKING:
    from collections.abc import Iterator

TITLE_LIMIT = 500
SUMMARY_LIMIT = 4000
# Words of ASCII that nobody reads: pictures written as text, or what keeps a search for addresses of mail busy.
_ENDLESS = re.compile(r"""([^\s<>"'&\[\]\x80-\U0010ffff]{2000})[^\s<>"'&\[\]\x80-\U0010ffff]+""")


def read_feed(
    body: bytes, url: str, *, content_type: str = "", limit: int = 1000, unlinked: bool = False
) -> tuple[Entry, ...]:
    """The entries of a feed found at `url`, in its order, at most `limit`; none if the feed is empty.

    Repeats of an address are left out, and so are entries without a web address, unless `unlinked` asks to see them
    (their `url` is empty then). Times are as stated, in UTC; a time without a zone is read as UTC (see
    `moments.read_moment`), and nothing is said about whether a time is plausible.

    Raises:
        NotASource: the body is something else, or an XML document that attacks its reader.
    """
    text = _readable(decode(unpack(body), content_type))
    root = root_of(text)
    if root is Root.PAGE:
        raise NotASource("not_a_source", "This is a web page, not a feed.")
    refuse_unsafe(text)
    parsed = _parse(text, url)
    if not parsed.entries and root is not Root.FEED:
        raise NotASource("not_a_source", "This is not a feed: no RSS, Atom or RDF was found in it.")
    base = clean_url(url) or parsed.feed.get("link") or ""
    found: list[Entry] = []
    seen: set[str] = set()
    for item in parsed.entries:
        entry = _entry(item, base)
        if entry.url not in seen if entry.url else unlinked:
            seen.add(entry.url)
            found.append(entry)
            if len(found) >= limit:
                break
    return tuple(found)


def _readable(text: str) -> str:
    """The text without what feedparser would take minutes for."""
    return one_line_prolog(_ENDLESS.sub(r"\1", unpiled(bounded(text))))


def _parse(text: str, url: str) -> Any:
    """What feedparser makes of the text. It is handed a stream, because it would open a string as a file name."""
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    stream = io.BytesIO(text.encode("utf-8", "replace"))
    try:
        return feedparser.parse(
            stream, response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except (
        Exception
    ) as error:  # feedparser lets whatever its parsers stumble over escape, and names no base class
        raise NotASource("not_a_source", f"The feed cannot be read: {line(str(error), 200)}") from error


def _entry(item: Any, base: str) -> Entry:
    return Entry(
        url=next((found for link in _links(item) if (found := clean_url(link, base))), ""),
        title=plain(_text(item, "title"), TITLE_LIMIT),
        summary=plain(_text(item, "summary") or _content(item), SUMMARY_LIMIT),
        published=_time(item),
        language=_language(item),
    )


def _links(item: Any) -> Iterator[str]:
    """The addresses an entry gives for its article, best first; a guid counts if it is an address itself."""
    yield _text(item, "link")
    for link in item.get("links") or ():
        if link.get("rel", "alternate") == "alternate":
            yield link.get("href") or ""
    guid = _text(item, "id").strip()
    if guid.startswith(("http://", "https://")):
        yield guid


def _text(item: Any, key: str) -> str:
    value = item.get(key)
    return value if isinstance(value, str) else ""


def _content(item: Any) -> str:
    return next((part["value"] for part in item.get("content") or () if part.get("value")), "")


def _time(item: Any) -> datetime | None:
    # `dict.get`, because feedparser's own answers one key for another, and warns.
    for key in ("published", "created", "updated"):
        stated = dict.get(item, key) or ""
        if not stated[:1].isdigit():
            time = _from_tuple(dict.get(item, f"{key}_parsed"))
        else:  # feedparser makes the 45th of a 13th month a day of the next year
            moment = read_moment(stated)
            time = moment.time if moment else None
        if time:
            return time
    return None


def _from_tuple(parsed: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError, OSError):  # a year that no calendar has
        return None


def _language(item: Any) -> str | None:
    detail = item.get("title_detail") or {}
    return language_code(detail.get("language") or "")
