"""How far apart things stand that a condition asks for together, in words."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from monitor.core import query as q
from monitor.core.conditions import satisfy
from monitor.core.statements import Field

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.core.reading import Hit, View

_word = attrgetter("word")
_sentence = attrgetter("sentence")
_LONGEST = 60  # characters of a condition that a sentence of ours still bears
_SENTENCES = 200  # that are compared


def called(query: q.Query) -> str:
    """The condition, as a sentence names it."""
    text = query.name if isinstance(query, q.Macro) else q.written(query)
    text = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    return f"({text})" if isinstance(query, q.AnyOf | q.AllOf) else text


def listed(names: Sequence[str], word: str = "and", most: int = 99) -> str:
    """The names in a row: `a, b and c`; what is too many is counted."""
    if len(names) > most:
        names = (*names[: most - 1], f"{len(names) - most + 1} others")
    return f" {word} ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def gap(left: Sequence[Hit], right: Sequence[Hit]) -> int | None:
    """The smallest number of words between a hit of one and one of the other, as NEAR counts.

    None if they share no field, or only overlap.
    """
    gaps = []
    for field in Field:
        others = sorted((hit for hit in right if hit.field is field), key=_word)
        for hit in left:
            if hit.field is field:
                middle = bisect_left(others, hit.word, key=_word)
                for row in (range(middle, len(others)), range(middle - 1, -1, -1)):
                    beside = next((others[at] for at in row if _separate(hit, others[at])), None)
                    if beside is not None:
                        gaps.append(abs(beside.word - hit.word))
    return min(gaps, default=None)


def _separate(one: Hit, other: Hit) -> bool:
    return other.end <= one.start or one.end <= other.start


def apart(parts: Sequence[q.Query], view: View) -> str:
    """Why parts that all stand in a text never share a sentence of it."""
    needed = [part for part in parts if not q.is_silent(part)]
    names = listed([called(part) for part in needed])
    if not view.sentences:
        return "no sentence of it holds any word of the rule"
    tried = [_tried(parts, sentence, view) for sentence in view.sentences[:_SENTENCES]]
    best = max(tried, key=lambda one: (one.held, -one.steps))
    if not best.absent:
        against = listed([called(part) for part in best.against], "or")
        return f"no sentence {f'with {names} ' if names else ''}is without {against}"
    distances = listed([f"{called(part)} {_away(steps, best.field)}" for part, steps in best.absent])
    if len(needed) == 2:  # noqa: PLR2004  a pair: it does not matter which is the absent one
        steps = best.absent[0][1]
        nearest = (
            "one in the title, one in the body"
            if steps is None
            else f"{_away(steps, best.field)} at the nearest"
        )
        return f"{names} stand in no sentence together: {nearest}"
    absent = [part for part, _ in best.absent]
    there = listed([called(part) for part in needed if part not in absent])
    return f"{names} stand in no sentence together: {f'{there} do, ' if there else ''}{distances}"


@dataclass(frozen=True, slots=True)
class _Tried:
    """What a sentence holds of parts that should share one.

    Attributes:
        field: where the sentence stands.
        held: how many parts hold in it.
        absent: parts without a hit in it, with the number of sentences to the nearest; None: in another field.
        against: parts that fail because something stands in it.
    """

    field: Field
    held: int
    absent: tuple[tuple[q.Query, int | None], ...]
    against: tuple[q.Query, ...]

    @property
    def steps(self) -> int:
        return sum(_SENTENCES if steps is None else steps for _, steps in self.absent)


def _tried(parts: Sequence[q.Query], sentence: View, view: View) -> _Tried:
    missing = [part for part in parts if satisfy(part, sentence) is None]
    centre = sentence.hits[0]
    absent = []
    for part in missing:
        if not q.is_silent(part):
            hits = satisfy(part, view) or ()
            steps = [abs(hit.sentence - centre.sentence) for hit in hits if hit.field is centre.field]
            absent.append((part, min(steps, default=None)))
    against = (part.part if isinstance(part, q.Not) else part for part in missing if q.is_silent(part))
    return _Tried(centre.field, len(parts) - len(missing), tuple(absent), tuple(against))


def _away(steps: int | None, field: Field) -> str:
    """How far something stands from a sentence of the field."""
    if steps is None:
        return f"in the {Field.TITLE if field is Field.BODY else Field.BODY} only"
    return f"{steps} {'sentence' if steps == 1 else 'sentences'} away"
