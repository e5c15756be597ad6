"""Sitemaps: news sitemaps, plain ones and their indexes, packed, cut off or hostile."""

from __future__ import annotations

import io
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from lxml import etree

from spiders.address import clean_url
from spiders.decoding import decode, unpack
from spiders.errors import NotASource
from spiders.items import Entry
from spiders.markup import Root, from_root, refuse_unsafe, root_of
from spiders.moments import read_moment
from spiders.wording import language_code, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

TITLE_LIMIT = 500
_MOST_RECORDS = 50_000  # as many as one sitemap may have (sitemaps.org)
_PICTURES = ("image", "video")  # they have titles and addresses of their own


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What one sitemap lists: articles, and (an index) the addresses of further sitemaps, newest first."""

    entries: tuple[Entry, ...] = ()
    children: tuple[str, ...] = ()


def read_sitemap(body: bytes, url: str, *, content_type: str = "", limit: int = 1000) -> Sitemap:
    """The articles or further sitemaps that a sitemap found at `url` lists, at most `limit` of each.

    Entries keep the sitemap's order. Children are ordered by their last change, newest first, those without one
    last, since an index lists years of archives. A document that breaks off gives what could be read of it.

    Raises:
        NotASource: the body is something else, or an XML document that attacks its reader.
    """
    text = decode(unpack(body), content_type)
    if root_of(text) is not Root.SITEMAP:
        raise NotASource("not_a_source", "This is not a sitemap: it has neither <urlset> nor <sitemapindex>.")
    refuse_unsafe(text)
    entries: dict[str, Entry] = {}
    children: dict[str, str] = {}
    for name, fields in islice(_records(text), _MOST_RECORDS):
        address = clean_url(fields.get("loc", ""), url)
        if address is None:
            continue
        if name == "sitemap":
            children.setdefault(address, _sortable(fields.get("lastmod", "")))
        elif len(entries) < limit:
            entries.setdefault(address, _entry(address, fields))
        else:
            break
    newest = sorted(children, key=lambda child: children[child], reverse=True)
    return Sitemap(tuple(entries.values()), tuple(newest[:limit]))


def _records(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Every `url` and `sitemap` element: its name and the text of what it holds, by local name."""
    stream = io.BytesIO(from_root(text).encode("utf-8", "replace"))
    parser = etree.iterparse(
        stream, events=("end",), tag=("{*}url", "{*}sitemap"), recover=True, resolve_entities=False,
        no_network=True, load_dtd=False, huge_tree=False, encoding="utf-8", remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        for _, element in parser:
            fields: dict[str, str] = {}
            for part in element.iterdescendants("{*}*"):
                text = _text(part)
                if text and _name(part.getparent()) not in _PICTURES:
                    fields.setdefault(_name(part), text)
            yield _name(element), fields
            element.clear(keep_tail=False)
    except etree.XMLSyntaxError:  # beyond recovery from here on: what was read stands
        return


def _name(element: etree._Element) -> str:
    """The local name of an element, also if its prefix was never declared."""
    return str(element.tag).rpartition("}")[2].rpartition(":")[2]


def _text(element: etree._Element) -> str:
    try:
        return element.text or ""
    except (
        UnicodeDecodeError
    ):  # half a surrogate pair, written as a reference and let through by the recovery
        return ""


def _entry(address: str, fields: dict[str, str]) -> Entry:
    moment = read_moment(fields.get("publication_date") or fields.get("lastmod") or "")
    return Entry(
        url=address,
        title=plain(fields.get("title", ""), TITLE_LIMIT),
        published=moment.time if moment else None,
        language=language_code(fields.get("language", "")),
    )


def _sortable(stated: str) -> str:
    moment = read_moment(stated)
    return moment.time.isoformat() if moment else ""
