"""What an article is about in a few words of the reader's language: its leading concepts, by the pack's own names.

Nothing is translated: a pack gives each concept a name in every language, so a report can be understood by a reader
who does not know the language it is written in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.core.query import LEAD
from monitor.core.statements import FactKind, Field

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from monitor.core.models import Alert
    from monitor.core.statements import Fact, Novelty
    from monitor.core.topic import Pack
    from monitor.notify.voice import Voice

_PIECES = 6
_ENOUGH = 3  # pieces; below, concepts of little weight are named too
_HEAVY = 0.5  # from this weight on a concept says something about which development it is
_SHARED = 0.1  # up to this weight all texts of the topic share it
_PLACES = {
    Field.TITLE: 1.0,
    Field.BODY: 0.6,
}  # what a concept in the lead counts, compared with one in the title
# In this order they are read: who denies changes all that follows. The number says how many of each have room.
_ROOM = {
    FactKind.STANCE: 1,
    FactKind.DEED: 2,
    FactKind.FIGURE: 2,
    FactKind.PLACE: 2,
    FactKind.ACTOR: 2,
    FactKind.SUBJECT: 2,
}
_ESSENTIAL = frozenset({FactKind.STANCE, FactKind.DEED, FactKind.FIGURE})  # said whatever the concept weighs


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that an article states: `text` as the reader says it, `concept` the name in the pack."""

    text: str
    concept: str


@dataclass(frozen=True, slots=True)
class _Candidate:
    fact: Fact
    weight: float

    @property
    def rank(self) -> float:
        return self.weight * _PLACES[self.fact.evidence.field]

    @property
    def heavy(self) -> bool:
        return self.weight >= _HEAVY or self.fact.kind in _ESSENTIAL


def gist(alert: Alert, voice: Voice) -> tuple[Piece, ...]:
    """At most six pieces: `sends troops`, `soldiers: about 12,000`, `Kursk`; none if the pack is gone. Pure."""
    return gist_of(alert.facts, alert.pack, voice, alert.new)


def gist_of(
    facts: Iterable[Fact], topic: str, voice: Voice, new: Iterable[Novelty] = ()
) -> tuple[Piece, ...]:
    """The same of what an article states, in the order of place, by the name of its pack.

    What was told before a figure stands in `new`.
    """
    pack = voice.packs.get(topic)
    if pack is None:
        return ()
    leading = [fact for fact in facts if _leads(fact)]
    before = {item.fact: item.before for item in new}
    candidates = sorted(_candidates(leading, pack), key=lambda one: -one.rank)  # stable: then by place
    chosen = _choose(one for one in candidates if one.heavy)
    if len(chosen) < _ENOUGH:
        chosen = _choose(candidates, _ENOUGH)
    order = list(_ROOM)
    pieces: dict[str, Piece] = {}
    for one in sorted(chosen, key=lambda one: (order.index(one.fact.kind), -one.rank)):
        text = _say(one.fact, topic, voice, before.get(one.fact))
        pieces.setdefault(text.casefold(), Piece(text, one.fact.concept))
    return tuple(pieces.values())


def _leads(fact: Fact) -> bool:
    """Whether it stands in the title or the lead; what is denied or planned only counts if the title says so."""
    if fact.evidence.field is Field.TITLE:
        return True
    return fact.evidence.start < LEAD and fact.kind is not FactKind.STANCE


def _candidates(facts: Iterable[Fact], pack: Pack) -> Iterator[_Candidate]:
    """Each concept once, and each number once: `300 killed, 300 soldiers` is one figure under two units."""
    seen: set[str | float] = set()
    for fact in facts:
        concept = pack.concepts.get(fact.concept)
        if concept is None or fact.kind not in _ROOM or fact.concept in seen or fact.value in seen:
            continue
        if concept.weight > _SHARED or fact.kind in _ESSENTIAL:
            seen.update((fact.concept,) if fact.value is None else (fact.concept, fact.value))
            yield _Candidate(fact, concept.weight)


def _choose(candidates: Iterable[_Candidate], limit: int = _PIECES) -> Sequence[_Candidate]:
    """The first ones for which there is room."""
    room = dict(_ROOM)
    chosen: list[_Candidate] = []
    for one in candidates:
        if len(chosen) < limit and room[one.fact.kind]:
            room[one.fact.kind] -= 1
            chosen.append(one)
    return chosen


def _say(fact: Fact, topic: str, voice: Voice, before: float | None) -> str:
    name = voice.concept(topic, fact.concept)
    if fact.kind is FactKind.FIGURE:
        figure = voice.figure(fact)
        if before is not None:
            figure = voice.say("before", figure=figure, before=voice.number(before))
        return f"{name}: {figure}" if figure else name
    is_other = fact.by and fact.by != fact.concept  # an actor of the headline speaks for itself
    return f"{name} ({voice.concept(topic, fact.by)})" if is_other else name
