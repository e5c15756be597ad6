"""What does an article state? Figures with what they count, places, actors, deeds and stances.

All of it comes from the pack's own concepts, so it works for any topic.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from monitor.core.models import Evidence, Fact, FactKind, Field
from monitor.core.numbers import Number, numbers
from monitor.core.topic import ConceptKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitor.core.matching import Hit, Reading
    from monitor.core.topic import Pack

_AHEAD = 4  # words that may stand between a figure and what it counts: "10,000 heavily armed North Korean soldiers"
_BEHIND = 2  # the same where the unit comes first: "병력 1만2천명"
_KINDS = {
    ConceptKind.ACTOR: FactKind.ACTOR,
    ConceptKind.PLACE: FactKind.PLACE,
    ConceptKind.DEED: FactKind.DEED,
    ConceptKind.STANCE: FactKind.STANCE,
}
_CLAUSE_END = re.compile(r"[,;:()。、，；]")


def facts(reading: Reading, pack: Pack) -> tuple[Fact, ...]:
    """What the article states, in order of place; each statement once."""
    found: dict[tuple[FactKind, str, float | None, str], Fact] = {}
    for fact in (*_figures(reading, pack), *_concepts(reading, pack)):
        found.setdefault((fact.kind, fact.concept, fact.value, fact.by), fact)
    return tuple(
        sorted(found.values(), key=lambda fact: (fact.evidence.field is Field.BODY, fact.evidence.start))
    )


def _figures(reading: Reading, pack: Pack) -> Iterator[Fact]:
    units = [hit for hit in reading.hits if pack.kind_of(hit.key) is ConceptKind.UNIT]
    for field, folded in reading.folded.items():
        inside = [hit for hit in units if hit.field is field]
        for number in numbers(folded.text) if inside else ():
            if (unit := _counted(number, inside, reading)) is None:
                continue
            start, end = folded.span(min(number.start, unit.start), max(number.end, unit.end))
            evidence = Evidence(field, start, end, folded.original[start:end], unit.key)
            yield Fact(FactKind.FIGURE, unit.key, number.value, evidence)


def _counted(number: Number, units: Sequence[Hit], reading: Reading) -> Hit | None:
    """What the number counts: the nearest unit behind it, else the nearest before it, in the same clause."""
    folded = reading.folded[units[0].field]
    sentence = folded.sentence_at(number.start)
    here = [unit for unit in units if unit.sentence == sentence]
    at = folded.word_at(number.end)
    after = [unit for unit in here if unit.start >= number.end and unit.word - at <= _AHEAD]
    if after:
        unit = min(after, key=lambda unit: unit.start)
        between = folded.text[number.end : unit.start]
        if not _CLAUSE_END.search(between) and not any(map(str.isdigit, between)):
            return unit
    before = [unit for unit in here if unit.end <= number.start]
    if before:
        unit = max(before, key=lambda unit: unit.end)
        between = folded.text[unit.end : number.start]
        near = folded.word_at(number.start) - folded.word_at(max(unit.end - 1, 0)) <= _BEHIND + 1
        if near and not _CLAUSE_END.search(between) and not any(map(str.isdigit, between)):
            return unit
    return None


def _concepts(reading: Reading, pack: Pack) -> Iterator[Fact]:
    for hit in reading.hits:
        kind = _KINDS.get(pack.kind_of(hit.key))  # type: ignore[arg-type]  # None has no kind of fact
        if kind is not None:
            by = _speaker(hit, reading, pack) if kind is FactKind.STANCE else ""
            yield Fact(kind, hit.key, None, reading.evidence(hit), by)


def _speaker(stance: Hit, reading: Reading, pack: Pack) -> str:
    """The actor nearest to the stance in its sentence."""
    actors = [
        hit
        for hit in reading.hits
        if hit.field is stance.field
        and hit.sentence == stance.sentence
        and pack.kind_of(hit.key) is ConceptKind.ACTOR
    ]
    nearest = min(actors, key=lambda hit: abs(hit.start - stance.start), default=None)
    return nearest.key if nearest else ""
