"""Words of a title that announce several developments."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from monitor.core.query import Term
from monitor.core.roundups.words import ANNOUNCING, SENTENCE_WORDS, URGENT
from monitor.core.terms import TermFinder
from monitor.core.text import LETTER, Folded, fold_text

if TYPE_CHECKING:
    from collections.abc import Iterator

_JOINTS = frozenset(":|.;!?…/\\•·●►▶→()[]{}【】〔〕［］〈〉。、・+~#*")
_JOINTS_BEFORE = _JOINTS | {","}  # `en direct, il répond` is a sentence, `Ukraine, en direct : …` a label
_COLONS = frozenset(":|")
_LONGEST = 1000  # characters of a title that are looked at: who has to say more says it in the text
# A count, date or time beside a label: `day 970`, `970-й`, `25.10.2024`.
_NUMBER = re.compile(r"\s{0,3}(?:#|no\.?)?\s?(\d{1,4})(?:[./:]\d{1,4}){0,3}(?:-?[^\W\d_]{1,3}(?!\w))?")
_TICKER = re.compile(r"(?<!\S)\+{2,3}(?!\S)")
_FEWEST_ITEMS = 2
_WORD = re.compile(f"{LETTER}+")


class _Label(NamedTuple):
    """What must stand around words so that they announce something.

    Attributes:
        opens: whether a title or a part of it must begin with them.
        closes: whether it must end with them.
        leads: whether a colon must follow, and no word before them may make a sentence of it.
        digits: how many digits a number must have that follows, 0 if none need follow.
    """

    opens: bool
    closes: bool
    leads: bool
    digits: int


def announces_several(title: Folded) -> bool:
    """Whether the title calls its page a live blog, ticker, digest or the like, in any language."""
    short = Folded(title.text[:_LONGEST], title.original, title.offsets)
    return _is_ticker(short.text) or any(
        _stands(label, short.text, *span) for label, span in _labels_in(short)
    )


def _is_ticker(text: str) -> bool:
    """Whether several items stand between plus signs; the call that news breaks is no item."""
    items = [item.strip(" :!.-") for item in _TICKER.split(text)]
    news = [item for item in items if item and item not in _urgent()]
    return len(items) > _FEWEST_ITEMS and len(news) >= _FEWEST_ITEMS


def _labels_in(title: Folded) -> Iterator[tuple[_Label, tuple[int, int]]]:
    finder, labels = _finder()
    for number, spans in finder.find(title).items():
        for span in spans:
            yield labels[number], span


def _stands(label: _Label, text: str, start: int, end: int) -> bool:
    """Whether what the label asks for stands around the words."""
    before, after = text[:start], text[end:]
    if label.leads:
        return after.lstrip()[:1] in _COLONS and SENTENCE_WORDS.isdisjoint(_WORD.findall(before))
    number = _NUMBER.match(after)
    if label.digits and (not number or len(number[1]) < label.digits):
        return False
    if number:
        after = after[number.end() :]
    return (not label.opens or _is_joint(before[::-1], _JOINTS_BEFORE)) and (
        not label.closes or _is_joint(after, _JOINTS)
    )


def _is_joint(beside: str, joints: frozenset[str]) -> bool:
    """Whether a part of the title ends here, by what stands beside it, read away from the words.

    A hyphen divides parts only if a space is next to it.
    """
    near = beside.lstrip()
    if near.startswith("-"):
        return near != beside or near[1:2] in {"", " "}
    return not near or near[0] in joints or unicodedata.category(near[0]) == "So"


@cache
def _finder() -> tuple[TermFinder, tuple[_Label, ...]]:
    """What finds the labels, and what must stand around each."""
    labels: list[_Label] = []
    terms: list[tuple[int, Term]] = []
    for language, words in ANNOUNCING.items():
        for written in filter(None, map(str.strip, words.split(";"))):
            terms.append((len(labels), Term(written.strip("[]:# "), language)))
            labels.append(
                _Label(written[0] == "[", written[-1] == "]", written[-1] == ":", written.count("#")),
            )
    return TermFinder(terms), tuple(labels)


@cache
def _urgent() -> frozenset[str]:
    return frozenset(fold_text(word.strip()) for word in URGENT.split(";"))
