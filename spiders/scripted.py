"""Pages whose article stands in a script only, because a browser is meant to write it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from spiders.page import parse_page

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# A string literal, closed or not: it always matches where a quote stands, so no character is looked at twice.
_STRING = re.compile(r'"((?:[^"\\]++|\\.)*+)"?', re.DOTALL)
_SHORTEST = 400  # characters; an article is longer
_PARAGRAPH = re.compile(r"</p>|<br", re.IGNORECASE)


def scripted_page(tree: HtmlElement) -> HtmlElement | None:
    """The page that the longest piece of HTML in a script's strings makes, or None if there is none."""
    pieces = [piece for script in tree.iter("script") for piece in _pieces(script.text or "")]
    if not pieces:
        return None
    return parse_page(f"<html><body><article>{max(pieces, key=len)}</article></body></html>")


def _pieces(script: str) -> list[str]:
    """The strings in a script that hold paragraphs."""
    found = []
    for literal in _STRING.finditer(script):
        if len(literal[1]) < _SHORTEST:
            continue
        try:
            text = json.loads(f'"{literal[1]}"', strict=False)
        except ValueError:
            continue
        if _PARAGRAPH.search(text):
            found.append(text)
    return found
