"""What a page says about itself in JSON-LD, meta elements and headings."""

from __future__ import annotations

import json
import re
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

_ARTICLE_TYPES = ("article", "posting", "report")
_MAX_NODES = 2000  # of JSON-LD that are looked at on one page
_JSON_NOISE = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?://\s*\]\]>|\]\]>|-->)\s*+;?\s*+$")


@dataclass(frozen=True, slots=True)
class Metadata:
    """The statements of a page about itself, as written; each list has the most trustworthy first.

    Attributes:
        linked: the JSON-LD node of the article, empty if there is none.
        metas: content of meta elements by lower-case name or property, first one wins.
    """

    linked: dict[str, Any]
    metas: dict[str, str]

    def stated(self, *keys: str) -> Iterator[str]:
        """The texts under these keys that are not empty: of JSON-LD (`@name`), else of meta elements (`name`)."""
        for key in keys:
            value = self.linked.get(key[1:]) if key.startswith("@") else self.metas.get(key)
            text = _first_text(value)
            if text:
                yield text


def read_metadata(tree: HtmlElement) -> Metadata:
    """Collect what the page says about itself."""
    metas: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = (
            (element.get("property") or element.get("name") or element.get("itemprop") or "").strip().lower()
        )
        content = (element.get("content") or "").strip()
        if name and content:
            metas.setdefault(name, content)
    return Metadata(_article_node(tree), metas)


def names(value: Any) -> list[str]:
    """The names in a JSON-LD author: a text, a person, or a list of either."""
    values = value if isinstance(value, list) else [value]
    found = (one.get("name") if isinstance(one, dict) else one for one in values)
    return [name for name in (_first_text(one) for one in found) if name and not name.startswith("http")]


def _article_node(tree: HtmlElement) -> dict[str, Any]:
    """The first JSON-LD node that is an article with a headline; else the first that is an article."""
    articles = [node for node in _nodes(tree) if _is_article(node)]
    return next((node for node in articles if node.get("headline")), articles[0] if articles else {})


def _nodes(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """Every JSON-LD node of the page, outer ones first."""
    queue: deque[Any] = deque()
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            queue.append(_json(script.text or ""))
    for _ in range(_MAX_NODES):
        if not queue:
            return
        value = queue.popleft()
        if isinstance(value, list):
            queue.extend(value)
        elif isinstance(value, dict):
            yield value
            queue.extend(
                value.get(key) for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in value
            )


def _json(text: str) -> Any:
    """The first JSON value in a script, with the line breaks inside strings that many publishers write."""
    source = _JSON_NOISE.sub("", text).strip()
    try:
        return json.JSONDecoder(strict=False).raw_decode(source)[0]
    except (ValueError, RecursionError):
        return None


def _is_article(node: dict[str, Any]) -> bool:
    kinds = node.get("@type")
    return any(
        isinstance(kind, str) and kind.lower().endswith(_ARTICLE_TYPES)
        for kind in (kinds if isinstance(kinds, list) else [kinds])
    )


def _first_text(value: Any) -> str:
    if isinstance(value, list):
        value = next(iter(value), None)
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name")
    return value.strip() if isinstance(value, str) else ""
