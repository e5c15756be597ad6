"""Finding terms in folded text: one Aho–Corasick pass for all of them, boundaries checked per hit.

The pass runs over the *level* text, in which whatever may stand between two words is one space, so that nearly every
term is a row of letters. Where a star stands within a term, its longest word is looked for, and what stands around it
is checked.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from ahocorasick_rs import AhoCorasick

from monitor.core.spelling import spellings
from monitor.core.text import ENDING, SPACED, is_unspaced

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from monitor.core.query import Term
    from monitor.core.spelling import Spelling
    from monitor.core.text import Folded

Span = tuple[int, int]
"""Start and end in folded text."""


class _Named(NamedTuple):
    """What some letters name; things are known by number.

    Attributes:
        closed: what these letters name, and nothing more.
        open: what they name if the last word may go on.
        closely: spellings that take a closer look: at the case, at longer words, at what stands around a star.
    """

    closed: tuple[int, ...] = ()
    open: tuple[int, ...] = ()
    closely: tuple[tuple[int, Spelling], ...] = ()

    def also(self, thing: int, spelling: Spelling) -> _Named:
        """The same with a further thing that is spelled by these letters."""
        if not (spelling.is_literal and spelling.is_plain):
            return self._replace(closely=(*self.closely, (thing, spelling)))
        if spelling.is_open:
            return self._replace(open=(*self.open, thing))
        return self._replace(closed=(*self.closed, thing))


_NOTHING = _Named()


@dataclass(frozen=True, slots=True)
class _Pattern:
    """What is looked for by the same letters: see `_Named`.

    Attributes:
        begins: whether it must begin a word of the text, and `ends` whether it must end one.
    """

    begins: bool
    ends: bool
    closed: tuple[int, ...]
    open: tuple[int, ...]
    closely: tuple[tuple[int, Spelling], ...]


class TermFinder:
    """Finds the names of many things in one pass.

    Args:
        names: the terms, each with the number of the thing that it names.

    Raises:
        RuleError: if one of the terms cannot be read.
    """

    def __init__(self, names: Iterable[tuple[int, Term]]) -> None:
        named: dict[str, _Named] = {}
        # Of the tens of thousands of letters most name one thing only, and all names of a thing share one object.
        shared: dict[_Named, _Named] = {}
        for thing, term in names:
            for spelling in spellings(term):
                for letters in spelling.literals() if spelling.is_literal else [spelling.anchor]:
                    level, _ = _level(letters)
                    more = named.get(level, _NOTHING).also(thing, spelling)
                    named[level] = shared.setdefault(more, more)
        self._patterns = _patterns(named)
        self._automaton = AhoCorasick(list(named)) if named else None

    def find(self, folded: Folded) -> dict[int, list[Span]]:
        """Where each thing is named, in no particular order and perhaps more than once; hits may overlap."""
        found: dict[int, list[Span]] = {}
        if self._automaton is None:
            return found
        text, place = _level(folded.text)
        size, patterns = len(text), self._patterns
        for number, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            pattern = patterns[number]
            # Most hits stand within longer words, so that this is asked far more often than anything else.
            if (
                pattern.begins
                and start
                and (sign := text[start - 1]).isalnum()
                and (sign < SPACED or not is_unspaced(sign))
            ):
                continue
            if (
                pattern.ends
                and end < size
                and (sign := text[end]).isalnum()
                and (sign < SPACED or not is_unspaced(sign))
            ):
                if not pattern.open and not pattern.closely:
                    continue
                closed, last = False, ENDING.match(text, end).end()  # type: ignore[union-attr]  # it always matches
            else:
                closed, last = True, end
            span = (place(start), place(last - 1) + 1) if place else (start, last)
            for thing in chain(pattern.closed, pattern.open) if closed else pattern.open:
                if thing in found:
                    found[thing].append(span)
                else:
                    found[thing] = [span]
            for thing, spelling in pattern.closely:
                if (hit := _closely(spelling, folded, span, closed=closed)) is not None:
                    found.setdefault(thing, []).append(hit)
        return found


def _patterns(named: Mapping[str, _Named]) -> list[_Pattern]:
    """The pattern of each of these letters; equal ones are one object."""
    shared: dict[tuple[bool, bool, _Named], _Pattern] = {}
    found = []
    for level, things in named.items():
        words = level.split()
        begins, ends = not is_unspaced(words[0]), not is_unspaced(words[-1])
        key = begins, ends, things
        if key not in shared:
            shared[key] = _Pattern(begins, ends, things.closed, things.open, things.closely)
        found.append(shared[key])
    return found


def _closely(spelling: Spelling, folded: Folded, span: Span, *, closed: bool) -> Span | None:
    """The place of the spelling whose letters stand there, with what their word goes on by."""
    if not spelling.is_literal:
        around = spelling.around(folded, span[0])
        if around is None:
            return None
        span = around
    elif not closed and not spelling.is_open:
        return None
    return span if spelling.counts(folded, *span) else None


def _level(text: str) -> tuple[str, Callable[[int], int] | None]:
    """The text with one space wherever something may stand between two words, and where its characters stood.

    Where every gap is one space already, that is where they are.
    """
    level = text.replace("-", " ").replace("\n", " ").replace("\t", " ").replace("\r", " ")
    if (gap := level.find("  ")) < 0:
        return level, None
    parts, after, dropped, done = [], [], [0], 0
    while gap >= 0:
        parts.append(level[done : gap + 1])
        done = gap + 1
        while level.startswith(" ", done):
            done += 1
        after.append(gap + 1 - dropped[-1])
        dropped.append(done - after[-1])
        gap = level.find("  ", done)
    parts.append(level[done:])
    return "".join(parts), lambda place: place + dropped[bisect_right(after, place)]
