"""Finding terms in folded text: one Aho–Corasick pass for all of them, boundaries checked per hit.

The automaton looks for one word of each term, its longest (the *anchor*), as short words stand everywhere; what
stands before and behind it is checked where it is found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING

from ahocorasick_rs import AhoCorasick

from monitor.core.errors import RuleError
from monitor.core.text import Folded, as_written, fold_text, is_unspaced

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from monitor.core.query import Term

_ALTERNATION = re.compile(r"\{([^{}]*)\}")
_BRACES = frozenset("{|}")
_MAX_VARIANTS = 200
_BETWEEN_WORDS = r"[\s\-]{1,3}"  # hyphens are folded to one kind
_LONGEST_ENDING = 40  # characters that a star before the anchor may stand for
_ENDING = re.compile(r"\w*")


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

    @cached_property
    def at(self) -> int:
        """Which word is the anchor."""
        if len(self.words) == 1:
            return 0
        return max(range(len(self.words)), key=lambda number: len(_stem(self.words[number])))

    @property
    def anchor(self) -> str:
        """The folded characters that the automaton looks for."""
        return _stem(self.words[self.at])

    @cached_property  # compiled when its anchor is first met: most of a pack's thousands of spellings never are
    def shape(self) -> re.Pattern[str]:
        """The term from the anchor on, with boundaries."""
        return re.compile(_shape(self.words[self.at :], begins=not self.at))

    @cached_property
    def before(self) -> re.Pattern[str]:
        """What stands before the anchor."""
        gap = r"\s?" if _touches(self.words[self.at - 1], self.words[self.at]) else _BETWEEN_WORDS
        return re.compile(_shape(self.words[: self.at], ending=rf"\w{{0,{_LONGEST_ENDING}}}") + gap + r"\Z")

    @cached_property
    def reach(self) -> int:
        """How many characters may stand before the anchor."""
        return sum(len(word) + 3 + _LONGEST_ENDING * word.endswith("*") for word in self.words[: self.at])

    @cached_property
    def exact(self) -> re.Pattern[str] | None:
        """The same for the original text."""
        return re.compile(_shape(self.written)) if self.written else None

    def find(self, folded: Folded, anchored: int) -> tuple[int, int] | None:
        """The hit whose anchor begins there, if the whole term stands around it."""
        match = self.shape.match(folded.text, anchored)
        if match is None:
            return None
        start, end = anchored, match.end()
        if self.at:
            before = self.before.search(folded.text, max(0, start - self.reach), start)
            if before is None:
                return None
            start = before.start()
        if self.exact:
            first, last = folded.span(start, end)
            if not self.exact.fullmatch(as_written(folded.original[first:last])):
                return None
        if any(_covers(folded.text, longer, start, end) for longer in self.not_inside):
            return None
        return start, end


@dataclass(slots=True)
class _Anchored:
    """The terms that are looked for by one anchor.

    Attributes:
        inside: whether it counts within a longer word, as in scripts without spaces.
        words: the terms that are this word and nothing more.
        stems: those that are this stem with any ending.
        others: what takes a closer look.
    """

    inside: bool
    words: list[int] = field(default_factory=list)
    stems: list[int] = field(default_factory=list)
    others: list[tuple[int, _Variant]] = field(default_factory=list)

    def add(self, number: int, variant: _Variant) -> None:
        if len(variant.words) > 1 or variant.written or variant.not_inside:
            self.others.append((number, variant))
        elif variant.words[0].endswith("*") and not self.inside:
            self.stems.append(number)
        else:
            self.words.append(number)


class TermFinder:
    """Finds many terms in one pass. Each term is known by the position at which it was given."""

    def __init__(self, terms: Sequence[Term]) -> None:
        anchors: dict[str, _Anchored] = {}
        for number, term in enumerate(terms):
            for variant in _variants(term):
                anchor = variant.anchor
                if anchor not in anchors:
                    anchors[anchor] = _Anchored(is_unspaced(anchor))
                anchors[anchor].add(number, variant)
        self._anchored = list(anchors.values())
        self._automaton = AhoCorasick(list(anchors)) if anchors else None

    def find(self, folded: Folded) -> list[tuple[int, int, int]]:
        """Every hit of every term as its number, start and end, in no particular order; hits may overlap."""
        found: list[tuple[int, int, int]] = []
        if self._automaton is None:
            return found
        text = folded.text
        size = len(text)
        for anchor, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            here = self._anchored[anchor]
            if not here.inside and start and ((sign := text[start - 1]).isalnum() or sign == "_"):
                continue
            if here.words and (
                here.inside or end == size or not ((sign := text[end]).isalnum() or sign == "_")
            ):
                found += [(number, start, end) for number in here.words]
            if here.stems:
                last = _ENDING.match(text, end).end()  # type: ignore[union-attr]  # it matches anywhere
                found += [(number, start, last) for number in here.stems]
            for number, variant in here.others:
                if (span := variant.find(folded, start)) is not None:
                    found.append((number, *span))
        return found


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
        if not words or ("*" in text and any("*" in word[:-1] or word == "*" for word in words)):
            raise RuleError(
                f"the term {term.text!r} cannot be used: a star stands only at the end of a word, after its stem",
                where=term.where,
                remedy="write it like  nordkorean*  or  северн* коре*",
            )
        folded = [fold_text(word) for word in words]
        # Hyphens alone are what may stand between words, so a row of them could be divided in too many ways.
        if not all(_stem(word).strip("-") for word in folded):
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


def spellings(term: Term) -> list[str]:
    """The term with every `{a|b}` written out, without the sign that asks for its case.

    Raises:
        RuleError: if the alternatives cannot be read, or are too many.
    """
    return _spellings(term.text.removeprefix("=").strip(), term)


def _spellings(text: str, term: Term) -> list[str]:
    """The term with every `{a|b}` written out."""
    if _BRACES.isdisjoint(text):
        return [text]
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


def _stem(word: str) -> str:
    return word.removesuffix("*")


def _touches(word: str, following: str) -> bool:
    """Whether the two may stand without a space between them."""
    return is_unspaced(word) and is_unspaced(following)


def _shape(words: Sequence[str], *, begins: bool = True, ending: str = r"\w*") -> str:
    """A regular expression for the words in a row, which begin a word of the text if `begins`.

    It holds no nested repetition, so it takes linear time on any text.
    """
    shape = ""
    for number, word in enumerate(words):
        stem = _stem(word)
        if number:
            shape += r"\s?" if _touches(words[number - 1], stem) else _BETWEEN_WORDS
        body = re.escape(stem)
        if is_unspaced(stem):
            shape += body
        else:
            before = r"(?<!\w)" if begins and not number else ""
            shape += f"{before}{body}" + (ending if word != stem else r"(?!\w)")
    return shape


def _covers(text: str, longer: str, start: int, end: int) -> bool:
    """Whether the hit lies within an occurrence of the longer word."""
    at = text.find(longer, max(0, end - len(longer)), start + len(longer))
    return at >= 0
