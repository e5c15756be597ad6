"""The spellings of a term: its alternatives written out, its words made comparable."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import prod
from typing import TYPE_CHECKING

from monitor.core.errors import RuleError
from monitor.core.fitting import Words, stem
from monitor.core.text import as_written, fold_text, is_unspaced

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.core.query import Term
    from monitor.core.text import Folded

_ALTERNATION = re.compile(r"\{([^{}]*)\}")
_BRACES = frozenset("{|}")
_MAX_SPELLINGS = 200


@dataclass(frozen=True)
class Spelling:
    """One spelling of a term.

    Attributes:
        words: its folded words; a star at the end of a word stands for any ending.
        written: the words that the original text must have as well, for a term that asks for its case.
        not_inside: folded longer words in which it does not count.
    """

    words: tuple[str, ...]
    written: tuple[str, ...] | None = None
    not_inside: tuple[str, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether it is found by its letters and boundaries alone."""
        return not self.written and not self.not_inside

    @cached_property
    def is_open(self) -> bool:
        """Whether its last word may have any ending."""
        return self.words[-1].endswith("*") and not is_unspaced(self.words[-1])

    @cached_property
    def is_literal(self) -> bool:
        """Whether no star stands within it, so that its letters are known up to its last word's ending."""
        rim = (self.words[0][0], stem(self.words[-1])[-1])
        return "-" not in rim and not any(word.endswith("*") for word in self.words[:-1])

    def literals(self) -> list[str]:
        """The letters of a literal spelling, its words one space apart, or not at all where a script allows it."""
        found = [stem(self.words[0])]
        for before, word in zip(self.words, self.words[1:], strict=False):
            joints = (" ", "") if _touches(before, word) else (" ",)
            found = [begun + joint + stem(word) for begun in found for joint in joints]
        return found

    def counts(self, folded: Folded, start: int, end: int) -> bool:
        """Whether the case is right and no longer word stands around the hit."""
        if self._exact:
            first, last = folded.span(start, end)
            original = as_written(folded.original[first:last])
            if self._exact.end(original, 0) != len(original):
                return False
        return not any(_covers(folded.text, longer, start, end) for longer in self.not_inside)

    @cached_property
    def anchor_at(self) -> int:
        """Which word is the longest: where the others have stars, it is looked for."""
        return max(range(len(self.words)), key=lambda number: len(stem(self.words[number])))

    @property
    def anchor(self) -> str:
        """The folded letters of that word."""
        return stem(self.words[self.anchor_at])

    def around(self, folded: Folded, anchored: int) -> tuple[int, int] | None:
        """Where the whole spelling stands, if it stands around its anchor there."""
        end = self._behind.end(folded.text, anchored)
        if end is None or not self.anchor_at:
            return None if end is None else (anchored, end)
        touches = _touches(self.words[self.anchor_at - 1], self.anchor)
        start = self._before.before(folded.text, anchored, touches=touches)
        return None if start is None else (start, end)

    # Made when first needed: most of a pack's thousands of spellings never are.
    @cached_property
    def _behind(self) -> Words:
        return Words(self.words[self.anchor_at :], begins=not self.anchor_at)

    @cached_property
    def _before(self) -> Words:
        return Words(self.words[: self.anchor_at], is_bounded=True)

    @cached_property
    def _exact(self) -> Words | None:
        return Words(self.written) if self.written else None


def spellings(term: Term) -> Iterator[Spelling]:
    """Every spelling of the term.

    Raises:
        RuleError: if it cannot be read.
    """
    exact = term.text.startswith("=")
    not_inside = tuple(fold_text(longer).strip() for longer in term.not_inside)
    if not all(not_inside):
        raise RuleError(
            f"not_inside of {term.text!r} holds an empty word", where=term.where, remedy="remove it"
        )
    for text in written_out(term):
        words = text.split()
        if not words:
            raise RuleError(
                f"the term {term.text!r} has a spelling without a word",
                where=term.where,
                remedy="write a word, or remove it",
            )
        if "*" in text and any("*" in word[:-1] or word == "*" for word in words):
            raise RuleError(
                f"the term {term.text!r} cannot be used: a star stands only at the end of a word, after its stem",
                where=term.where,
                remedy="write it like  nordkorean*  or  северн* коре*",
            )
        folded = tuple([fold_text(word) for word in words])
        # Hyphens alone are what may stand between words, so a row of them could be divided in too many ways.
        if not all(stem(word).strip("-") for word in folded):
            raise RuleError(
                f"the term {term.text!r} has a word without a letter, digit or sign",
                where=term.where,
                remedy="write the words only, with a space between them",
            )
        yield Spelling(folded, tuple(map(as_written, words)) if exact else None, not_inside)


def written_out(term: Term) -> list[str]:
    """The term with every `{a|b}` written out, without the sign that asks for its case.

    Raises:
        RuleError: if the alternatives cannot be read, or are too many.
    """
    text = term.text.removeprefix("=").strip()
    if _BRACES.isdisjoint(text):
        return [text]
    parts = _ALTERNATION.split(text)  # literal, alternatives, literal, alternatives, …
    if any(brace in literal for literal in parts[::2] for brace in _BRACES):
        raise RuleError(
            f"a brace or bar of {term.text!r} has no partner",
            where=term.where,
            remedy="write alternatives like {a|b}, not nested",
        )
    choices = [part.split("|") if odd % 2 else [part] for odd, part in enumerate(parts)]
    if prod(map(len, choices)) > _MAX_SPELLINGS:
        raise RuleError(
            f"the alternatives of {term.text!r} give more than {_MAX_SPELLINGS} spellings",
            where=term.where,
            remedy="divide it into several names",
        )
    return ["".join(choice) for choice in product(*choices)]


def _touches(word: str, following: str) -> bool:
    """Whether the two may stand without a space between them."""
    return is_unspaced(word) and is_unspaced(following)


def _covers(text: str, longer: str, start: int, end: int) -> bool:
    """Whether the hit lies within an occurrence of the longer word."""
    at = text.find(longer, max(0, end - len(longer)), start + len(longer))
    return at >= 0
