"""Markup that is well-formed whatever texts go into it: elements in, text out. Valid as XML and inside HTML. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from monitor.notify.excerpt import clean, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

# What XML 1.0 cannot hold, however it is written, besides the controls that `clean` takes.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Markup(str):
    """Text that is markup already: templates that ask for `__html__` show it as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        """Itself."""
        return str(self)


def element(tag: str, *children: ET.Element | str | None, **attributes: object) -> ET.Element:
    """An element with children, texts or nothing (None) in it.

    Names of attributes lose a closing underscore (`class_`), and underscores inside become hyphens. An attribute that
    is None is left out; numbers are written with at most two decimals. Texts are cleaned of what can act on their
    surroundings and of what XML cannot hold.
    """
    made = ET.Element(
        tag, {_name(key): _value(value) for key, value in attributes.items() if value is not None}
    )
    return put(made, children)


def put(parent: ET.Element, children: Iterable[ET.Element | str | None]) -> ET.Element:
    """Append children to an element, and return it."""
    last = parent[-1] if len(parent) else None
    for child in children:
        if child is None:
            continue
        if not isinstance(child, str):
            parent.append(child)
            last = child
        elif last is None:
            parent.text = (parent.text or "") + legal(child)
        else:
            last.tail = (last.tail or "") + legal(child)
    return parent


def written(root: ET.Element) -> Markup:
    """The element as text. None of its elements closes itself, so that HTML reads them as XML does."""
    return Markup(ET.tostring(root, encoding="unicode", short_empty_elements=False))


def legal(text: str) -> str:
    """The text without what XML cannot hold and without what reorders the text around it; lines stay."""
    return _ILLEGAL.sub("", clean(text))


def line(text: str) -> str:
    """The same on one line."""
    return _ILLEGAL.sub("", one_line(text))


def _name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _value(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".") if value else "0"
    return line(str(value))
