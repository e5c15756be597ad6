"""The text of an article. The only door to trafilatura.

trafilatura finds the body; around it, causes of loss that showed on real pages are mended: teaser cards inside the
body, bodies cut in two (by a paywall's marker or an advertisement), standfirsts outside the body, headlines repeated
in it, and pages that carry their text in a script only.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import trafilatura

from spiders.page import opening
from spiders.scripted import scripted_page
from spiders.wording import letters, line, paragraphs, plain

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from spiders.metadata import Metadata

TEXT_LIMIT = (
    200_000  # characters; longer pages are lists or live blogs, and every further step reads all of it
)

_BLOCKS = ("p", "div", "h1", "h2", "h3", "h4", "h5", "ul", "article", "section")
_BODY = re.compile(r"(?:^|\s)(?:article|story|post|entry)[-_]{0,2}body(?:\s|$)", re.IGNORECASE)
_CARD_SHARE = 0.3
_LEAD_LENGTH = range(40, 1200)  # characters of a standfirst
_SAME = 30  # letters in which a page's description and its standfirst must agree
_DESCRIPTIONS = ("og:description", "description", "@description")


def read_text(tree: HtmlElement, metadata: Metadata, title: str) -> str:
    """The article's paragraphs, one per line; empty if the page has none. The tree is changed."""
    headlines = {title, *(line("".join(h1.itertext()), _LEAD_LENGTH.stop) for h1 in tree.iter("h1"))}
    lead = _lead(tree, metadata)
    _drop_cards(tree)
    _join_bodies(tree)
    text = _extracted(tree, precise=True) or _scripted(tree) or _extracted(tree, precise=False)
    rows = text.split("\n")
    while rows[0] in headlines and len(rows) > 1:
        del rows[0]
    if lead and rows[0] and not _holds(text, lead):
        rows.insert(0, lead)
    return "\n".join(rows)


def _extracted(tree: HtmlElement, *, precise: bool) -> str:
    document = trafilatura.bare_extraction(
        tree, include_comments=False, favor_precision=precise, favor_recall=not precise
    )
    text = document.text if isinstance(document, trafilatura.settings.Document) else None
    return paragraphs(text or "", TEXT_LIMIT)


def _scripted(tree: HtmlElement) -> str:
    page = scripted_page(tree)
    return "" if page is None else _extracted(page, precise=True)


def _drop_cards(tree: HtmlElement) -> None:
    """Remove links around whole blocks: they are teasers of other articles, and read like paragraphs of this one.

    A link around much of the page is an unclosed one, and stays.
    """
    much = len(tree.text_content()) * _CARD_SHARE
    for anchor in list(tree.iter("a")):
        is_card = anchor.get("href") and next(anchor.iterdescendants(*_BLOCKS), None) is not None
        if is_card and opening(anchor, int(much))[1]:
            anchor.drop_tree()


def _join_bodies(tree: HtmlElement) -> None:
    """Move what continues an element marked as the article's body into it; trafilatura reads the first one only."""
    firsts: dict[tuple[str, HtmlElement | None], HtmlElement] = {}
    for element in list(tree.iter("div", "section")):
        mark = _body_mark(element)
        if mark:
            first = firsts.setdefault((mark, next(element.iterancestors("article"), None)), element)
            if first is not element and first not in element.iterancestors():
                first.extend(list(element))


def _body_mark(element: HtmlElement) -> str:
    """The word by which an element says that it is an article's body, empty if it does not."""
    if element.get("itemprop") == "articleBody":
        return "articleBody"
    found = _BODY.search(element.get("class") or "")
    return found[0].strip() if found else ""


def _lead(tree: HtmlElement, metadata: Metadata) -> str:
    """The standfirst: the words on the page that its description repeats."""
    stated = {letters(plain(words, _LEAD_LENGTH.stop)) for words in metadata.stated(*_DESCRIPTIONS)}
    starts = {words[:_SAME]: len(words) for words in stated if len(words) >= _SAME}
    if not starts:
        return ""
    for element in tree.iter("p", "div", "h2", "h3", "strong", "span"):
        words, whole = opening(element, _LEAD_LENGTH.stop)
        text = " ".join(words.split())
        if whole and len(text) in _LEAD_LENGTH:
            key = letters(text)
            if len(key) <= 2 * starts.get(key[:_SAME], 0):
                return line(text, _LEAD_LENGTH.stop)
    return ""


def _holds(text: str, lead: str) -> bool:
    """Whether the text has the standfirst's beginning, middle or end already."""
    within, key = letters(text), letters(lead)
    middle = (len(key) - _SAME) // 2
    return any(part in within for part in (key[:_SAME], key[middle : middle + _SAME], key[-_SAME:]))
