"""Lists of subscriptions (OPML), as other news readers write them."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from lxml import etree

from spiders.address import clean_url
from spiders.decoding import decode, unpack
from spiders.errors import NotASource
from spiders.items import Lead, Via
from spiders.markup import refuse_unsafe
from spiders.wording import language_code, line

if TYPE_CHECKING:
    from collections.abc import Iterator

TITLE_LIMIT = 200
_TAG_LIMIT = 40
_OPML = re.compile(r"<opml[\s>]", re.IGNORECASE)
_HEAD = 8192  # characters at the start in which the outermost element must stand
_FEED_SCHEME = re.compile(r"feed:(?://)?(?=https?:)|feed://", re.IGNORECASE)
_TYPES = {"rss", "atom", "feed", "rdf"}  # of an outline whose address is called `url`


def read_outline(body: bytes) -> tuple[Lead, ...]:
    """The subscriptions in an OPML file, in its order, however they are nested; none if it lists none.

    An address that stands twice counts once. The folders around a subscription, and its categories, become its tags.
    A document that breaks off gives what could be read of it.

    Raises:
        NotASource: the body is something else, or an XML document that attacks its reader.
    """
    text = decode(unpack(body))
    if not _OPML.search(text[:_HEAD]):
        raise NotASource("not_a_source", "This is not OPML: there is no <opml> in it.")
    refuse_unsafe(text)
    found: dict[str, Lead] = {}
    for folders, fields in _outlines(text):
        stated = fields.get("xmlurl") or (fields.get("url") if fields.get("type") in _TYPES else "") or ""
        url = clean_url(_FEED_SCHEME.sub(_as_http, stated.strip()))
        if url:
            title = line(fields.get("title") or fields.get("text") or "", TITLE_LIMIT)
            language = language_code(fields.get("language", ""))
            tags = dict.fromkeys(filter(None, map(_tag, (*folders, *_categories(fields)))))
            found.setdefault(url, Lead(url, Via.OUTLINE, title, language, tuple(tags)))
    return tuple(found.values())


def _outlines(text: str) -> Iterator[tuple[tuple[str, ...], dict[str, str]]]:
    """Every outline: the names of those around it, and its attributes, their names in lower case."""
    start = text.find("<", text.find("?>") + 2) if text.lstrip().startswith("<?xml") else text.find("<")
    stream = io.BytesIO(text[max(start, 0) :].encode("utf-8", "replace"))
    parser = etree.iterparse(
        stream, events=("start", "end"), recover=True, resolve_entities=False, no_network=True, load_dtd=False,
        huge_tree=False, encoding="utf-8", remove_comments=True, remove_pis=True,
    )  # fmt: skip
    around: list[str] = []
    try:
        for event, element in parser:
            if str(element.tag).rpartition("}")[2].lower() != "outline":
                continue
            if event == "end":
                around.pop()
                element.clear(keep_tail=False)
                continue
            fields = {str(name).lower(): str(value) for name, value in element.attrib.items()}
            yield tuple(around), fields
            around.append(fields.get("text") or fields.get("title") or "")
    except etree.XMLSyntaxError:  # beyond recovery from here on: what was read stands
        return


def _as_http(scheme: re.Match[str]) -> str:
    return "http://" if scheme[0].lower() == "feed://" else ""


def _categories(fields: dict[str, str]) -> list[str]:
    """OPML writes them as paths, separated by commas."""
    return [part for path in fields.get("category", "").split(",") for part in path.split("/")]


def _tag(words: str) -> str:
    """A folder's name as a tag: lower case, with hyphens."""
    return "-".join(re.findall(r"\w+", line(words, _TAG_LIMIT).lower()))
