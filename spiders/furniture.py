"""What stands among the paragraphs of an article without being part of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from spiders.page import opening

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_BLOCKS = ("p", "div", "h1", "h2", "h3", "h4", "h5", "ul", "article", "section")
_SHARE = 0.3  # of the page's text; what holds more is no furniture, whatever its name or its links say
# A word in the names of such elements; `has-caption` and `no-comments` are said of what stands around them.
_NAMED = re.compile(
    r"(?:^|\s)(?!(?:has|no|with|without|open)[-_])(?:\S*[-_])?(?:(?:fig)?captions?|comments?|comentarios?|commentaires?"
    r"|kommentare?|disqus|modal|tooltip|popup|popover|lightbox|share|sharing)(?=[-_\s]|$)",
    re.IGNORECASE,
)
_BODY = re.compile(r"(?:article|story|post|entry|news|main)[-_]{0,2}(?:body|content|text)", re.IGNORECASE)
_ROLES = frozenset({"dialog", "alertdialog", "tooltip"})


def drop_furniture(tree: HtmlElement) -> None:
    """Remove captions, comments, windows that open, buttons to share, and teasers of other articles."""
    much = int(len(tree.text_content()) * _SHARE)
    elements = list(tree.iter("*"))
    around = {tree}
    for element in elements:
        if element.tag in ("h1", "article", "main", "body") or _BODY.search(element.get("class") or ""):
            around.update((element, *element.iterancestors()))
    for element in elements:
        furniture = _is_card(element) or (element not in around and _is_furniture(element))
        if furniture and opening(element, much)[1]:
            element.drop_tree()


def _is_card(element: HtmlElement) -> bool:
    """Whether it is a link around whole blocks: a teaser, which reads like a paragraph of this article."""
    return (
        element.tag == "a"
        and bool(element.get("href"))
        and next(element.iterdescendants(*_BLOCKS), None) is not None
    )


def _is_furniture(element: HtmlElement) -> bool:
    return (
        element.tag == "figcaption"
        or element.get("role") in _ROLES
        or any(_NAMED.search(element.get(name) or "") for name in ("class", "id"))
    )
