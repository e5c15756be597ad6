"""A web page as a tree. The only place that parses HTML."""

from __future__ import annotations

import re

from lxml import etree, html

from spiders.markup import bounded
from spiders.wording import unpiled

# Characters that XML cannot hold would end the tree or fail when a library copies its text.
_UNHOLDABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
# The same by number: &#27; and &#x1b; (libxml2 makes the character of them, unasked).
_NUMBERED = re.compile(
    r"&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]));?(?![\da-fA-F])"
)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_PARSER = html.HTMLParser(
    encoding="utf-8",
    collect_ids=False,
    default_doctype=False,
    remove_comments=True,
    remove_pis=True,
    huge_tree=False,
)


def opening(element: html.HtmlElement, limit: int) -> tuple[str, bool]:
    """The first words in an element, some `limit` characters, and whether that is all; the rest is not read."""
    parts = []
    room = limit
    for part in element.itertext():
        parts.append(part)
        room -= len(part)
        if room < 0:
            return "".join(parts), False
    return "".join(parts), True


def parse_page(text: str) -> html.HtmlElement | None:
    """The root of the page's tree, or None if the text holds no markup at all; what is beyond all measure is cut."""
    text = unpiled(bounded(text))
    source = _DECLARATION.sub("", _NUMBERED.sub("", _UNHOLDABLE.sub("", text))).strip()
    if "<" not in source:
        return None
    try:
        tree = html.document_fromstring(source.encode(), parser=_PARSER, ensure_head_body=False)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None
    return tree if isinstance(tree, html.HtmlElement) else None
