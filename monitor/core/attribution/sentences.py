"""A stretch of text in which it is asked who speaks: its words, its clauses and the actors that it names."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cached_property
from typing import TYPE_CHECKING

from monitor.core.attribution.lexicon import TOKEN, Cue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.core.attribution.lexicon import Lexicon, Token
    from monitor.core.reading import Hit

_BREAK = re.compile(r"[,:](?!\d)|[;()\[\]\"“”„«»「」『』。、،؛!?…|]|\s-+\s")


class Stretch:
    """A sentence, or a part of a very long one.

    Args:
        text: the field, folded.
        start: where the stretch begins.
        end: where it ends.
        actors: what it names, in order of place, none within another.
        lexicon: of the text's language.
    """

    def __init__(self, text: str, start: int, end: int, actors: Sequence[Hit], lexicon: Lexicon) -> None:
        self.text = text
        self.start = start
        self.end = end
        self.actors = actors
        self._lexicon = lexicon

    @cached_property
    def tokens(self) -> Sequence[Token]:
        """Its words with their places."""
        return [(match.group(), *match.span()) for match in TOKEN.finditer(self.text, self.start, self.end)]

    @cached_property
    def _token_starts(self) -> Sequence[int]:
        return [start for _, start, _ in self.tokens]

    @cached_property
    def breaks(self) -> Sequence[tuple[int, int]]:
        """Where clauses end."""
        return [match.span() for match in _BREAK.finditer(self.text, self.start, self.end)]

    @cached_property
    def said(self) -> Sequence[tuple[int, int]]:
        """The verbs of saying."""
        return self.cues(Cue.SAID)

    def cues(self, cue: Cue) -> Sequence[tuple[int, int]]:
        """The places of such words."""
        return [
            (self.tokens[first][1], self.tokens[behind - 1][2])
            for first, behind in self._lexicon.cues(cue, self.tokens)
        ]

    def words_between(self, start: int, end: int) -> int:
        """How many words begin there."""
        return bisect_left(self._token_starts, end) - bisect_left(self._token_starts, start)

    def words_before(self, offset: int, count: int) -> Sequence[Token]:
        """The last words before the character."""
        at = bisect_left(self._token_starts, offset)
        return self.tokens[max(0, at - count) : at]

    def words_behind(self, offset: int, count: int) -> Sequence[Token]:
        """The next words from the character on."""
        at = bisect_left(self._token_starts, offset)
        return self.tokens[at : at + count]

    def clause(self, offset: int) -> tuple[int, int]:
        """Where the clause of the character begins and ends."""
        at = bisect_right(self.breaks, (offset, self.end))
        begin = self.breaks[at - 1][1] if at else self.start
        return begin, self.breaks[at][0] if at < len(self.breaks) else self.end

    def before(self, offset: int) -> int:
        """Where the clause before the break at which this one begins does begin."""
        at = bisect_right(self.breaks, (offset, self.end))
        return self.breaks[at - 2][1] if at > 1 else self.start

    def named(self, start: int, end: int) -> Sequence[Hit]:
        """The actors that begin there."""
        first = bisect_left(self.actors, start, key=lambda hit: hit.start)
        return self.actors[first : bisect_left(self.actors, end, key=lambda hit: hit.start)]
