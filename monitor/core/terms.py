"""Finding terms in folded text: one Aho–Corasick pass for all of them, boundaries checked per hit.

The pass runs over the *level* text, in which whatever may stand between two words is one space, so that nearly every
term is a row of letters. Where a star stands within a term, its longest word is looked for, and what stands around it
is checked.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING

from ahocorasick_rs import AhoCorasick

from monitor.core.spelling import spellings
from monitor.core.text import is_unspaced

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from monitor.core.query import Term
    from monitor.core.spelling import Spelling
    from monitor.core.text import Folded

_WIDE_GAP = re.compile(" {2,}")
_ENDING = re.compile(r"\w*")


@dataclass(slots=True)
class _Pattern:
    """The terms that are looked for by the same letters, each with its spelling if that takes a closer look.

    Attributes:
        begins: whether they must begin a word of the text, and `ends` whether they must end one.
        closed: the terms that are these letters and nothing more.
        open: those whose last word may go on.
        around: those that stand around these letters.
    """

    begins: bool
    ends: bool
    closed: list[tuple[int, Spelling | None]] = field(default_factory=list)
    open: list[tuple[int, Spelling | None]] = field(default_factory=list)
    around: list[tuple[int, Spelling]] = field(default_factory=list)


class TermFinder:
    """Finds many terms in one pass. Each term is known by the position at which it was given.

    Raises:
        RuleError: if one of the terms cannot be read.
    """

    def __init__(self, terms: Sequence[Term]) -> None:
        self._patterns: list[_Pattern] = []
        self._known: dict[str, int] = {}
        for number, term in enumerate(terms):
            for spelling in spellings(term):
                self._add(number, spelling)
        self._automaton = AhoCorasick(list(self._known)) if self._known else None

    def _add(self, number: int, spelling: Spelling) -> None:
        if not spelling.is_literal:
            self._pattern(spelling.anchor).around.append((number, spelling))
            return
        look = None if spelling.is_plain else spelling
        for letters in spelling.literals():
            pattern = self._pattern(letters)
            (pattern.open if spelling.is_open else pattern.closed).append((number, look))

    def _pattern(self, letters: str) -> _Pattern:
        level, _ = _level(letters)
        if level not in self._known:
            self._known[level] = len(self._patterns)
            words = level.split()
            self._patterns.append(_Pattern(not is_unspaced(words[0]), not is_unspaced(words[-1])))
        return self._patterns[self._known[level]]

    def find(self, folded: Folded) -> list[tuple[int, int, int]]:
        """Every hit of every term as its number, start and end, in no particular order; hits may overlap."""
        found: list[tuple[int, int, int]] = []
        if self._automaton is None:
            return found
        text, place = _level(folded.text)
        size = len(text)
        for number, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            pattern = self._patterns[number]
            if pattern.begins and start and ((sign := text[start - 1]).isalnum() or sign == "_"):
                continue
            if pattern.closed and not (
                pattern.ends and end < size and ((sign := text[end]).isalnum() or sign == "_")
            ):
                _keep(found, pattern.closed, folded, place(start), place(end - 1) + 1)
            if pattern.open:
                ending = _ENDING.match(text, end)
                last = ending.end() if ending else end
                _keep(found, pattern.open, folded, place(start), place(last - 1) + 1)
            for term, spelling in pattern.around:
                span = spelling.around(folded, place(start))
                if span is not None and spelling.counts(folded, *span):
                    found.append((term, *span))
        return found


def _keep(
    found: list[tuple[int, int, int]],
    terms: Iterable[tuple[int, Spelling | None]],
    folded: Folded,
    start: int,
    end: int,
) -> None:
    for term, spelling in terms:
        if spelling is None or spelling.counts(folded, start, end):
            found.append((term, start, end))


def _level(text: str) -> tuple[str, Callable[[int], int]]:
    """The text with one space wherever something may stand between two words, and where its characters stood."""
    level = text.replace("-", " ").replace("\n", " ").replace("\t", " ").replace("\r", " ")
    if "  " not in level:
        return level, int
    gaps = [match.span() for match in _WIDE_GAP.finditer(level)]
    dropped = [0, *accumulate(end - start - 1 for start, end in gaps)]
    after = [start + 1 - before for (start, _), before in zip(gaps, dropped, strict=False)]
    return _WIDE_GAP.sub(" ", level), lambda place: place + dropped[bisect_right(after, place)]
