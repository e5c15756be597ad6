"""The actor that a headline names as its speaker: "Budanov: …", "… - Seoul", "국정원 “…”"."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING

from monitor.core.attribution.lexicon import ABOUT, TOKEN
from monitor.core.statements import Field
from monitor.core.text import is_unspaced
from monitor.core.topic import ConceptKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.core.reading import Hit, Reading
    from monitor.core.topic import Pack

_LONGEST = 60  # characters; a longer beginning is a sentence of its own
_MOST_WORDS = 4  # beside the actor: "Ukraine's military intelligence chief Budanov"
_MOST_SIGNS = 8  # the same in a script without spaces
_SHORTEST = 4  # letters; shorter words before an actor say that it is spoken of: "aus", "из"
_HEAD = re.compile(r":(?!\d)|\s?[\"“„«「『]|\s'")
_TAIL = re.compile(r"\s[-|]+\s")


class Labels:
    """The speakers that a headline names before or behind what it says.

    Attributes:
        leading: the one before a colon or an opening quotation mark, None if there is none.
        trailing: the one behind a dash at the end.
    """

    def __init__(self, reading: Reading, pack: Pack, actors: Sequence[Hit]) -> None:
        self.leading: Hit | None = None
        self.trailing: Hit | None = None
        self._from = self._upto = 0
        folded = reading.folded.get(Field.TITLE)
        if not actors or folded is None:
            return
        self._text = folded.text
        self._pack = pack
        self._actors = actors
        headline = takewhile(lambda hit: hit.field is Field.TITLE, reading.hits)  # it is read first
        self._others = [hit for hit in headline if self._says_what(hit)]
        if head := _HEAD.search(self._text, 1, _LONGEST):
            self.leading, self._from = self._only(0, head.start()), head.end()
        tails = list(_TAIL.finditer(self._text, max(0, len(self._text) - _LONGEST)))
        if tails:
            self.trailing, self._upto = self._only(tails[-1].end(), len(self._text)), tails[-1].start()

    def around(self, offset: int) -> Hit | None:
        """Who says what stands at the character of the headline."""
        if self.trailing and offset < self._upto:
            return self.trailing
        return self.leading if self.leading and offset >= self._from else None

    def behind(self, offset: int) -> Hit | None:
        """Who is named behind a dash at the end, if that is behind the character."""
        return self.trailing if self.trailing and offset <= self._upto else None

    def _says_what(self, hit: Hit) -> bool:
        """Whether the hit tells of something that an actor's name and office do not."""
        concept = self._pack.concepts.get(hit.key)
        if concept is None or concept.kind is ConceptKind.ACTOR:
            return False
        return concept.kind is not ConceptKind.SUBJECT or concept.weight >= 1

    def _only(self, start: int, end: int) -> Hit | None:
        """The actor that the words there name, if they name nothing else."""
        named = [hit for hit in self._actors if start <= hit.start and hit.end <= end]
        if not named or any(start <= hit.start < end for hit in self._others):
            return None
        if len({self._state(hit) for hit in named}) > 1:
            return None
        first, last = named[0], named[-1]
        before, behind = self._text[start : first.start], self._text[last.end : end]
        if is_unspaced(before + behind):
            return last if len((before + behind).strip()) <= _MOST_SIGNS else None
        words = TOKEN.findall(before)
        if any(len(word) < _SHORTEST or word in ABOUT for word in words):
            return None
        return last if len(words) + len(TOKEN.findall(behind)) <= _MOST_WORDS else None

    def _state(self, hit: Hit) -> str:
        return self._pack.concepts[hit.key].part_of or hit.key
