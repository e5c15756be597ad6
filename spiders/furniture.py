"""What stands among the paragraphs of an article without being part of it."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from spiders.page import opening

if TYPE_CHECKING:
    from lxml.html import HtmlElement


class _Kind(StrEnum):
    """How much text an element may hold to be furniture."""

    ANY = "any"
    SMALL = "small"
    PICTURE = "picture"  # a caption's, and only beside a picture


_BLOCKS = ("p", "div", "h1", "h2", "h3", "h4", "h5", "ul", "article", "section")
_SHARE = 0.3  # of the page's text; what holds more is no furniture, whatever its name or its links say
_SMALL = 600  # characters, which an appeal does not exceed
_CAPTION = 300
_NAME_LENGTH = 200  # characters of an element's names that are looked at
# `has-caption` is said of what stands around a caption.
_NAME = r"(?:^|\s)(?!(?:has|no|with|without|open)[-_])(?:\S*[-_])?(?:%s)(?=[-_\s]|$)"
_NAMES = {
    _Kind.ANY: "comments?|comentarios?|commentaires?|kommentare?|disqus|modal|tooltip|popup|popover"
    "|lightbox|share|sharing",
    _Kind.SMALL: "(?:fig)?captions?|related|recommended|recommendations?|promo|newsletter|whatsapp"
    "|most-?(?:read|popular)|read-?(?:more|also)|copyright|donat(?:e|ion)|sign-?up",
    _Kind.PICTURE: "images?|photos?|pictures?",
}
_PATTERNS = {kind: re.compile(_NAME % names, re.IGNORECASE) for kind, names in _NAMES.items()}
_BODY = re.compile(r"(?:article|story|post|entry|news|main)[-_]{0,2}(?:body|content|text)", re.IGNORECASE)
_ARTICLE = frozenset({"h1", "article", "main", "body"})
_ROLES = frozenset({"dialog", "alertdialog", "tooltip"})


def drop_furniture(tree: HtmlElement) -> None:
    """Remove captions, comments, windows that open, appeals, and teasers of other articles, by what they are called.

    What holds the headline or an element that is called the article's body stays.
    """
    much = int(len(tree.text_content()) * _SHARE)
    limits = {_Kind.ANY: much, _Kind.SMALL: min(much, _SMALL), _Kind.PICTURE: min(much, _CAPTION)}
    elements = list(tree.iter("*"))
    around = {tree}
    for element in elements:
        if element.tag in _ARTICLE or _is_body(element.get("class", "")[:_NAME_LENGTH]):
            _add_with_ancestors(around, element)
    for element in elements:
        kind = _Kind.ANY if _is_card(element) else None if element in around else _kind(element)
        if kind and opening(element, limits[kind])[1]:
            element.drop_tree()


def _add_with_ancestors(around: set[HtmlElement], element: HtmlElement | None) -> None:
    while element is not None and element not in around:
        around.add(element)
        element = element.getparent()


def _is_card(element: HtmlElement) -> bool:
    """Whether it is a link around whole blocks: a teaser, which reads like a paragraph of this article."""
    return (
        element.tag == "a"
        and bool(element.get("href"))
        and next(element.iterdescendants(*_BLOCKS), None) is not None
    )


def _kind(element: HtmlElement) -> _Kind | None:
    if element.tag == "figcaption":
        return _Kind.SMALL
    if element.get("role") in _ROLES:
        return _Kind.ANY
    name = f"{element.get('class', '')} {element.get('id', '')}"
    kind = _named(name[:_NAME_LENGTH]) if len(name) > 1 else None
    if kind is _Kind.PICTURE and next(element.iterdescendants("img", "picture"), None) is None:
        return None
    return kind


@lru_cache(maxsize=4096)
def _named(name: str) -> _Kind | None:
    return next((kind for kind, pattern in _PATTERNS.items() if pattern.search(name)), None)


@lru_cache(maxsize=4096)
def _is_body(name: str) -> bool:
    return _BODY.search(name) is not None
