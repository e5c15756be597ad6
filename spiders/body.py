"""The text of an article. With `stopwords` the only door to trafilatura.

trafilatura finds the body; around it, causes of loss that showed on real pages are mended: furniture inside the body,
bodies cut in two (by a paywall's marker or an advertisement), standfirsts outside the body, headlines and datelines
repeated in it, links below it, and pages that carry their text in a script or in JSON-LD only.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

import trafilatura

from spiders.furniture import drop_furniture
from spiders.page import opening
from spiders.scripted import scripted_page
from spiders.stopwords import slim
from spiders.wording import letters, line, paragraphs, plain

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from spiders.metadata import Metadata

slim()

TEXT_LIMIT = (
    200_000  # characters; longer pages are lists or live blogs, and every further step reads all of it
)

_BODY = re.compile(r"(?:^|\s)(?:article|story|post|entry)[-_]{0,2}body(?:\s|$)", re.IGNORECASE)
_HEAD_ROWS = 4  # at the start of a text, in which what stands above the article is looked for
_ROW_LENGTH = 80  # characters; what stands above and below an article is said in one line
_OWNED = re.compile(r"©|ⓒ|\bcopyrights?\b|all rights reserved|무단\s*전재", re.IGNORECASE)
_DAY = re.compile(
    r"(?:19|20)\d\d\s*[-./年년]\s*\d{1,2}\s*[-./月월]\s*\d{1,2}|\d{1,2}[-./]\d{1,2}[-./](?:19|20)\d\d"
)
_ENDS = frozenset('.!?…。！？।؟۔»”"')  # of a sentence
_LEAD_LENGTH = range(40, 1200)  # characters of a standfirst
_LEAD = re.compile(
    r"(?:^|[\s_-])(?:lead|lede|standfirst|sub-?titles?|sub-?head(?:line|ing)?|deck|dek|chapo|chapeau|ingress|preamble"
    r"|vorspann|sommario|occhiello|entradilla|bajada|copete|sapo|sumario|summary|excerpt|intro(?:duction)?)(?=[\s_-]|$)",
    re.IGNORECASE,
)
_LEAD_TAGS = ("p", "div", "h2", "h3", "strong", "span")
_LEAD_REACH = 60  # such elements after the headline
_BODY_LENGTH = 500  # characters of a body in JSON-LD that is no teaser
_REMNANT = 0.25  # of that body: what is found beside it is not the article
_SAME = 30  # letters in which a page's description and its standfirst must agree
_PRECISE, _GENEROUS = (
    trafilatura.settings.Extractor(
        output_format="python", comments=False, precision=precise, recall=not precise
    )
    for precise in (True, False)
)  # made once: each reads the configuration of the library anew
_DESCRIPTIONS = ("og:description", "description", "@description")


def read_text(tree: HtmlElement, metadata: Metadata, title: str) -> str:
    """The article's paragraphs, one per line; empty if the page has none. The tree is changed."""
    headlines = {letters(title), *(letters(opening(h1, _LEAD_LENGTH.stop)[0]) for h1 in tree.iter("h1"))} - {
        ""
    }
    drop_furniture(tree)
    lead = _lead(tree, metadata) or _named_lead(tree, headlines)
    _join_bodies(tree)
    links = {letters(opening(anchor, _ROW_LENGTH)[0]) for anchor in tree.iter("a") if anchor.get("href")}
    text = _extracted(tree, precise=True) or _scripted(tree)
    text = _stated(metadata, text) or text or _extracted(tree, precise=False)
    rows = _without_tails(_without_heads(_once(text.split("\n")), headlines), links)
    if lead and rows[0] and not _holds(text, lead):
        rows.insert(0, lead)
    return "\n".join(rows)


def _stated(metadata: Metadata, text: str) -> str:
    """The article's body as JSON-LD has it, if it makes a remnant of the text that was found; else empty."""
    body = next(metadata.stated("@articleBody"), "")
    if len(body) < max(_BODY_LENGTH, len(text) / _REMNANT):
        return ""
    return paragraphs("\n".join(plain(row, TEXT_LIMIT) for row in body.splitlines()), TEXT_LIMIT)


def _once(rows: list[str]) -> list[str]:
    """The rows without repeats of long ones, which pages hold twice for screens of two sizes."""
    seen: set[str] = set()
    kept = []
    for row in rows:
        if row not in seen:
            kept.append(row)
        if len(row) > _SAME:
            seen.add(row)
    return kept


def _without_heads(rows: list[str], headlines: set[str]) -> list[str]:
    """The rows without what stands above an article: all up to the headline, and lines that say when and by whom."""
    first = 0
    for number, row in enumerate(rows[:_HEAD_ROWS]):
        if letters(row) in headlines:
            first = number + 1
    kept = rows[first:]
    kept[:_HEAD_ROWS] = [row for row in kept[:_HEAD_ROWS] if not _is_dateline(row)]
    return kept or rows


def _without_tails(rows: list[str], links: set[str]) -> list[str]:
    """The rows without what stands below an article: links, what announced them, and whose property the text is."""
    last = len(rows)
    while last > 1 and _is_tail(rows[last - 1], links):
        last -= 1
    return rows[:last]


def _is_tail(row: str, links: set[str]) -> bool:
    return len(row) < _ROW_LENGTH and (
        row.endswith((":", "：")) or _OWNED.search(row) is not None or letters(row) in links
    )


def _is_dateline(row: str) -> bool:
    return len(row) < _ROW_LENGTH and row[-1:] not in _ENDS and _DAY.search(row) is not None


def _extracted(tree: HtmlElement, *, precise: bool) -> str:
    document = trafilatura.bare_extraction(tree, options=_PRECISE if precise else _GENEROUS)
    text = document.text if isinstance(document, trafilatura.settings.Document) else None
    return paragraphs(text or "", TEXT_LIMIT)


def _scripted(tree: HtmlElement) -> str:
    page = scripted_page(tree)
    return "" if page is None else _extracted(page, precise=True)


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
    for element in tree.iter(*_LEAD_TAGS):
        words, whole = opening(element, _LEAD_LENGTH.stop)
        text = " ".join(words.split())
        if whole and len(text) in _LEAD_LENGTH:
            key = letters(text)
            if len(key) <= 2 * starts.get(key[:_SAME], 0):
                return line(text, _LEAD_LENGTH.stop)
    return ""


def _named_lead(tree: HtmlElement, headlines: set[str]) -> str:
    """The standfirst by the name of its element: the first so called soon after the headline."""
    elements = tree.iter("h1", *_LEAD_TAGS)
    for element in elements:
        if element.tag == "h1" and letters(opening(element, _LEAD_LENGTH.stop)[0]) in headlines:
            break
    for element in islice(elements, _LEAD_REACH):
        named = _LEAD.search(element.get("class") or "")
        if named and next(element.iterdescendants("script", "style"), None) is None:
            words, whole = opening(element, _LEAD_LENGTH.stop)
            if whole and len(" ".join(words.split())) in _LEAD_LENGTH:
                return line(words, _LEAD_LENGTH.stop)
    return ""


def _holds(text: str, lead: str) -> bool:
    """Whether the text has two of the standfirst's beginning, middle and end already; one alone may be chance."""
    within, key = letters(text), letters(lead)
    middle = (len(key) - _SAME) // 2
    parts = (key[:_SAME], key[middle : middle + _SAME], key[-_SAME:])
    return sum(part in within for part in parts) > 1
