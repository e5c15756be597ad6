"""Where in a text the words stand that rules relied on, cut into pieces that can be shown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from monitor.core.text import letter_end

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from monitor.core.statements import Evidence


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a text.

    Attributes:
        concepts: what its words name, as evidence has it; nothing if no rule relied on them.
        ending: those of the concepts whose words end with this piece: said once, also where several overlap.
    """

    text: str
    concepts: tuple[str, ...] = ()
    ending: tuple[str, ...] = ()


def marked(
    text: str, evidence: Iterable[Evidence], *, most: int | None = None
) -> tuple[tuple[Stretch, ...], ...]:
    """The first `most` characters of a text in paragraphs, cut wherever evidence begins or ends.

    Evidence may overlap, and what reaches beyond the text is cut there. Offsets are those of the text; no letter is
    parted from the marks that belong to it. Paragraphs without a letter or sign are left out.
    """
    end = len(text) if most is None else min(most, len(text))
    places = [
        (max(one.start, 0), min(letter_end(text, one.end), end), one.concept)
        for one in evidence
        if one.start < end and one.end > max(one.start, 0)
    ]
    places = sorted(dict.fromkeys(places))
    cuts = sorted({0, end, *(cut for start, stop, _ in places for cut in (start, stop))})
    pieces: list[Stretch] = []
    open_ones: list[tuple[int, int, str]] = []
    following = 0
    for start, stop in pairwise(cuts):
        open_ones = [one for one in open_ones if one[1] > start]
        while following < len(places) and places[following][0] <= start:
            open_ones.append(places[following])
            following += 1
        concepts = tuple(dict.fromkeys(concept for *_, concept in open_ones))
        ending = tuple(dict.fromkeys(concept for _, last, concept in open_ones if last == stop))
        pieces.append(Stretch(text[start:stop], concepts, ending))
    return _paragraphs(pieces)


def _paragraphs(pieces: Sequence[Stretch]) -> tuple[tuple[Stretch, ...], ...]:
    paragraphs: list[list[Stretch]] = [[]]
    for piece in pieces:
        lines = piece.text.split("\n")
        for number, line in enumerate(lines):
            if number:
                paragraphs.append([])
            is_last = number + 1 == len(lines)
            if line:
                paragraphs[-1].append(replace(piece, text=line, ending=piece.ending if is_last else ()))
    return tuple(tuple(one) for one in paragraphs if any(piece.text.strip() for piece in one))
