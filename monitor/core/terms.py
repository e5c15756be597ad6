"""Finding a pack's terms in folded text: one Aho–Corasick pass for all of them, boundaries checked per hit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING

from ahocorasick_rs import AhoCorasick

from monitor.core.errors import RuleError
from monitor.core.text import Folded, as_written, fold_text, is_unspaced

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from monitor.core.query import Term

_ALTERNATION = re.compile(r"\{([^{}]*)\}")
_MAX_VARIANTS = 200
_BETWEEN_WORDS = r"[\s\-]{1,3}"  # hyphens are folded to one kind


@dataclass(frozen=True, slots=True)
class Span:
    """A place in folded text."""

    start: int
    end: int


@dataclass(frozen=True)
class _Variant:
    """One spelling of a term, after its alternations are written out.

    Attributes:
        words: the folded words.
        written: the words that the original text must have as well, for a term that asks for its case.
        not_inside: folded longer words in which it does not count.
    """

    words: tuple[str, ...]
    written: tuple[str, ...] | None
    not_inside: tuple[str, ...]

    @property
    def anchor(self) -> str:
        """The folded characters that the automaton looks for."""
        return self.words[0].removesuffix("*")

    @cached_property  # compiled when its anchor is first met: most of a pack's thousands of spellings never are
    def shape(self) -> re.Pattern[str]:
        """The whole term from the anchor on, with boundaries."""
        return re.compile(_shape(self.words))

    @cached_property
    def exact(self) -> re.Pattern[str] | None:
        """The same for the original text."""
        return re.compile(_shape(self.written)) if self.written else None

    def find(self, folded: Folded, start: int) -> Span | None:
        """The hit that begins at `start`, if the whole term stands there."""
        match = self.shape.match(folded.text, start)
        if match is None:
            return None
        if self.exact:
            first, last = folded.span(start, match.end())
            if not self.exact.fullmatch(as_written(folded.original[first:last])):
                return None
        if any(_covers(folded.text, longer, start, match.end()) for longer in self.not_inside):
            return None
        return Span(start, match.end())


class TermFinder:
    """Finds many terms in one pass. Each term is known by the position at which it was given."""

    def __init__(self, terms: Sequence[Term]) -> None:
        anchors: dict[str, list[tuple[int, _Variant]]] = {}
        for number, term in enumerate(terms):
            for variant in _variants(term):
                anchors.setdefault(variant.anchor, []).append((number, variant))
        # Most hits of a short anchor begin inside a word: one look at the sign before spares all its variants.
        self._by_anchor = [(not is_unspaced(anchor), variants) for anchor, variants in anchors.items()]
        self._automaton = AhoCorasick(list(anchors)) if anchors else None

    def find(self, folded: Folded) -> Iterator[tuple[int, int, int]]:
        """Every hit of every term as its number, start and end, in no particular order; hits may overlap."""
        if self._automaton is None:
            return
        text = folded.text
        for anchor, start, _ in self._automaton.find_matches_as_indexes(text, overlapping=True):
            begins_word, variants = self._by_anchor[anchor]
            if begins_word and start and (text[start - 1].isalnum() or text[start - 1] == "_"):
                continue
            for number, variant in variants:
                if (span := variant.find(folded, start)) is not None:
                    yield number, span.start, span.end


def _variants(term: Term) -> Iterable[_Variant]:
    exact = term.text.startswith("=")
    text = term.text.removeprefix("=").strip()
    not_inside = tuple(fold_text(longer).strip() for longer in term.not_inside)
    if not all(not_inside):
        raise RuleError(
            f"not_inside of {term.text!r} holds an empty word", where=term.where, remedy="remove it"
        )
    for spelling in _spellings(text, term):
        words = spelling.split()
        if not words or any("*" in word[:-1] or word == "*" for word in words):
            raise RuleError(
                f"the term {term.text!r} cannot be used: a star stands only at the end of a word, after its stem",
                where=term.where,
                remedy="write it like  nordkorean*  or  северн* коре*",
            )
        folded = [fold_text(word) for word in words]
        # Hyphens alone are what may stand between words, so a row of them could be divided in too many ways.
        if any(not word.removesuffix("*").strip("-") for word in folded):
            raise RuleError(
                f"the term {term.text!r} has a word without a letter, digit or sign",
                where=term.where,
                remedy="write the words only, with a space between them",
            )
        yield _Variant(
            words=tuple(folded),
            written=tuple(map(as_written, words)) if exact else None,
            not_inside=not_inside,
        )


def _spellings(text: str, term: Term) -> list[str]:
    """The term with every `{a|b}` written out."""
    parts = _ALTERNATION.split(text)  # literal, alternatives, literal, alternatives, …
    choices = [part.split("|") if odd % 2 else [part] for odd, part in enumerate(parts)]
    spellings = ["".join(choice) for choice in product(*choices)] if _count(choices) <= _MAX_VARIANTS else []
    if not spellings or any(brace in spelling for spelling in spellings for brace in "{}|"):
        raise RuleError(
            f"the alternatives of {term.text!r} cannot be read",
            where=term.where,
            remedy=f"write them like {{a|b}}, not nested, at most {_MAX_VARIANTS} spellings in all",
        )
    return spellings


def _count(choices: Sequence[Sequence[str]]) -> int:
    count = 1
    for choice in choices:
        count *= len(choice)
    return count


def _shape(words: Sequence[str]) -> str:
    """A regular expression for the words in a row.

    It holds no nested repetition, so it takes linear time on any text.
    """
    shape = ""
    for number, word in enumerate(words):
        stem = word.removesuffix("*")
        if number:
            shape += r"\s?" if is_unspaced(stem) and is_unspaced(words[number - 1]) else _BETWEEN_WORDS
        body = re.escape(stem)
        if is_unspaced(stem):
            shape += body
        else:
            before = "" if number else r"(?<!\w)"
            shape += f"{before}{body}" + (r"\w*" if word != stem else r"(?!\w)")
    return shape


def _covers(text: str, longer: str, start: int, end: int) -> bool:
    """Whether the hit lies within an occurrence of the longer word."""
    at = text.find(longer, max(0, end - len(longer)), start + len(longer))
    return at >= 0
