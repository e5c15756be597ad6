"""The spellings of a term: its alternatives written out, its words made comparable."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import prod
from typing import TYPE_CHECKING

from monitor.core.errors import RuleError
from monitor.core.text import LETTER, as_written, fold_text, is_unspaced

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitor.core.query import Term
    from monitor.core.text import Folded

_ALTERNATION = re.compile(r"\{([^{}]*)\}")
_BRACES = frozenset("{|}")
_MAX_SPELLINGS = 200
_BETWEEN_WORDS = r"[\s\-]{1,3}"  # hyphens are folded to one kind
_LONGEST_ENDING = 40  # characters that a star before the anchor may stand for


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
            if not self._exact.fullmatch(as_written(folded.original[first:last])):
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
        match = self._behind.match(folded.text, anchored)
        if match is None:
            return None
        if not self.anchor_at:
            return anchored, match.end()
        before = self._before.search(folded.text, max(0, anchored - self._reach), anchored)
        return (before.start(), match.end()) if before else None

    # Compiled when first needed: most of a pack's thousands of spellings never are.
    @cached_property
    def _behind(self) -> re.Pattern[str]:
        return re.compile(_shape(self.words[self.anchor_at :], begins=not self.anchor_at))

    @cached_property
    def _before(self) -> re.Pattern[str]:
        joined = _touches(self.words[self.anchor_at - 1], self.anchor)
        before = _shape(self.words[: self.anchor_at], ending=f"{LETTER}{{0,{_LONGEST_ENDING}}}")
        return re.compile(before + (r"\s?" if joined else _BETWEEN_WORDS) + r"\Z")

    @cached_property
    def _reach(self) -> int:
        """How many characters may stand before the anchor."""
        before = self.words[: self.anchor_at]
        return sum(len(word) + 3 + _LONGEST_ENDING * word.endswith("*") for word in before)

    @cached_property
    def _exact(self) -> re.Pattern[str] | None:
        return re.compile(_shape(self.written)) if self.written else None


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


def stem(word: str) -> str:
    """The word without its star."""
    return word.removesuffix("*")


def _touches(word: str, following: str) -> bool:
    """Whether the two may stand without a space between them."""
    return is_unspaced(word) and is_unspaced(following)


def _shape(words: Sequence[str], *, begins: bool = True, ending: str = f"{LETTER}*") -> str:
    """A regular expression for the words in a row, which begin a word of the text if `begins`.

    It holds no nested repetition, so it takes linear time on any text.
    """
    shape = ""
    for number, word in enumerate(words):
        body = re.escape(stem(word))
        if number:
            shape += r"\s?" if _touches(words[number - 1], word) else _BETWEEN_WORDS
        if is_unspaced(word):
            shape += body
        else:
            before = f"(?<!{LETTER})" if begins and not number else ""
            shape += f"{before}{body}" + (ending if word.endswith("*") else f"(?!{LETTER})")
    return shape


def _covers(text: str, longer: str, start: int, end: int) -> bool:
    """Whether the hit lies within an occurrence of the longer word."""
    at = text.find(longer, max(0, end - len(longer)), start + len(longer))
    return at >= 0
