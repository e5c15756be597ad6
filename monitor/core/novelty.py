"""What is new in an article, for a channel that was already told about its story?"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from monitor.core.query import LEAD
from monitor.core.statements import Fact, FactKind, Field, Newness, Novelty

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from monitor.core.topic import Pack

_TOLERANCE = 0.1  # figures that differ by less are the same figure, rounded otherwise
_MAGNITUDE = 10  # a figure replaces another that is at most so many times larger or smaller
_VAGUER = 2  # so many times as wide, a range covers no figure that is stated more exactly
# Reports that are no further apart are of one time: the one that is read later is not out of date. Outlets differ in
# how fast they are, and some pages name their time without its zone.
_AT_ONCE = timedelta(hours=3)
_DAY = timedelta(days=1)
_SMALLEST_IN_LEAD = 10  # the lead also counts what it mentions by the way: two letters, three cars
_LITTLE = 0.1  # the share of an article that its story lacks below which it says nothing of its own
_FOREGROUND = frozenset({FactKind.STANCE, FactKind.DEED})
# Concepts that are news when a title names them first: from which weight on, and from which share of the article's
# own. What happened and what it is about goes by many names, so that alone tells little; but where an article quotes
# what is known at length, another name in the title is what it was written for.
_THINGS = {
    FactKind.PLACE: (Newness.PLACE, 1.0, 0.0),
    FactKind.ACTOR: (Newness.ACTOR, 1.0, 0.0),
    FactKind.DEED: (Newness.DEED, 1.0, 1.0),
    FactKind.SUBJECT: (Newness.SUBJECT, 1.0, 0.5),
}
# The weight from which who speaks for a state or alliance is news; those of the topic weigh less. A headline begins
# with who acts, so there it takes less, if the state was not heard of in the story.
_STATE, _ENTERING = 0.4, 0.2


class Told(NamedTuple):
    """What a channel was told, without the words: as much of a fact as the next comparison needs."""

    kind: FactKind
    concept: str
    value: float | None = None
    most: float | None = None
    by: str = ""
    at: datetime | None = None


def as_told(facts: Sequence[Fact]) -> tuple[Told, ...]:
    """What remains known of facts that were told.

    Dates are not compared. A stance or deed counts as told if it stood in the title or the lead: further down,
    somebody always confirmed or signed something.
    """
    return tuple(
        dict.fromkeys(
            Told(fact.kind, fact.concept, fact.value, fact.most, fact.by, fact.at)
            for fact in facts
            if fact.kind is not FactKind.DATE and (fact.kind not in _FOREGROUND or _leads(fact))
        )
    )


def novelties(
    facts: Sequence[Fact],
    told: Sequence[Told],
    pack: Pack,
    own: float = 0.0,
    *,
    quotes: bool = False,
    day_only: bool = False,
) -> tuple[Novelty, ...]:
    """The statements that the channel has not heard, in the order of importance to a reader.

    Figures count in the title and the lead; all else in the title alone: further down is the background.

    Args:
        facts: what the article states.
        told: what the channel knows about the story, in the order of telling.
        pack: says what concepts weigh, whose statement is news by itself, and who speaks officially.
        own: the share of what the article states that its story lacks. If it is much, the article has a matter of
            its own, so that a new subject is told as well.
        quotes: whether it repeats a known text, wholly or at length.
        day_only: whether it is known only on which day it was published.
    """
    found = (
        *_figures(facts, told, pack, _AT_ONCE + _DAY if day_only else _AT_ONCE),
        *_stances(facts, told, pack),
        *_voices(facts, told, pack, own),
        *_things(facts, told, pack, own, quotes=quotes),
    )
    once = {novelty.fact: novelty for novelty in reversed(found)}
    return tuple(novelty for novelty in reversed(once.values()) if not _is_said(novelty, found, pack))


def _figures(
    facts: Sequence[Fact], told: Sequence[Told], pack: Pack, at_once: timedelta
) -> Iterator[Novelty]:
    heard = [one for one in told if one.kind is FactKind.FIGURE and one.value is not None]
    known: dict[str, list[tuple[float, float]]] = {}
    counted: dict[str, set[float]] = {}
    latest: dict[str, datetime] = {}
    for one in heard:
        known.setdefault(one.concept, []).append(_range(one))
        counted.setdefault(_for(one.concept, pack), set()).add(_range(one)[0])
        if one.at is not None:
            latest[one.concept] = max(one.at, latest.get(one.concept, one.at))
    before = {concept: tuple(ranges) for concept, ranges in known.items()}
    for fact in facts:
        if fact.kind is not FactKind.FIGURE or fact.value is None or not _counts(fact):
            continue
        if fact.at is not None and latest.get(fact.concept, fact.at) - fact.at > at_once:
            continue  # read late: a younger figure for the same unit was told
        stated = _range(fact)
        ranges, alike = (
            known.setdefault(fact.concept, []),
            counted.setdefault(_for(fact.concept, pack), set()),
        )
        # The same number of people is the same people: 300 killed, 300 soldiers.
        if fact.value not in alike and not any(_same(stated, other) for other in ranges):
            yield Novelty(fact, before=_before(stated, before.get(fact.concept, ())))
        ranges.append(stated)
        alike.add(fact.value)


def _before(stated: tuple[float, float], told: Sequence[tuple[float, float]]) -> float | None:
    """The last told figure of the same size: 2 prisoners do not become 3,000 soldiers."""
    near = (low for low, _ in reversed(told) if max(low, stated[0]) <= _MAGNITUDE * min(low, stated[0]))
    return next(near, None)


def _stances(facts: Sequence[Fact], told: Sequence[Told], pack: Pack) -> Iterator[Novelty]:
    """Who denies, confirms or does what the pack calls news by itself, and was not told to."""
    news = pack.news
    known = {(heard.concept, _for(heard.by, pack)) for heard in told if heard.concept in news}
    for fact in facts:
        said = (fact.concept, _for(fact.by, pack))
        if fact.concept in news and _heads(fact) and said not in known:
            known.add(said)
            yield Novelty(fact, kind=Newness.STANCE if fact.kind is FactKind.STANCE else Newness.DEED)


def _voices(facts: Sequence[Fact], told: Sequence[Told], pack: Pack, own: float) -> Iterator[Novelty]:
    """A state or alliance that speaks in the title for the first time: its reaction, or the first official word.

    If the article says little of its own, its outlet only chose to name somebody who was known to act.
    """
    known = {_for(heard.by, pack) for heard in told if heard.by}
    if own < _LITTLE or not known:
        known |= {_for(heard.concept, pack) for heard in told if heard.kind is FactKind.ACTOR}
    for fact in facts:
        speaker = _for(fact.by, pack)
        if (
            fact.kind is FactKind.ACTOR
            and _heads(fact)
            and _is_official(fact.by, pack)
            and speaker not in known
        ):
            known.add(speaker)
            yield Novelty(fact, kind=Newness.OFFICIAL)


def _things(
    facts: Sequence[Fact], told: Sequence[Told], pack: Pack, own: float, *, quotes: bool
) -> Iterator[Novelty]:
    """Concepts of weight that stand in the title, and nowhere in what was told."""
    known = {heard.concept for heard in told} | {_for(heard.concept, pack) for heard in told}
    opening = next((fact for fact in facts if fact.kind is FactKind.ACTOR and _heads(fact)), None)
    enters = opening is not None and _for(opening.concept, pack) not in known
    for fact in facts:
        if fact.kind not in _THINGS or not _heads(fact) or fact.concept in known:
            continue
        newness, weight, share = _THINGS[fact.kind]
        has_own = own >= (min(share, _LITTLE) if quotes else share)
        state = _ENTERING if enters and fact is opening else _STATE
        concept = pack.concepts[fact.concept]
        if has_own and concept.weight >= (state if concept.official else weight):
            known.add(fact.concept)
            yield Novelty(fact, kind=newness)


def _is_said(novelty: Novelty, found: Sequence[Novelty], pack: Pack) -> bool:
    """Whether another novelty names the actor already: "denied: Peskov" says that Peskov speaks."""
    if novelty.kind not in (Newness.OFFICIAL, Newness.ACTOR):
        return False
    said = {other.fact.by for other in found if other.fact.kind is not FactKind.ACTOR and other.fact.by}
    if novelty.kind is Newness.ACTOR:
        return novelty.fact.concept in said
    return _for(novelty.fact.by, pack) in {_for(by, pack) for by in said}


def _for(actor: str, pack: Pack) -> str:
    """Whom an actor speaks for."""
    concept = pack.concepts.get(actor)
    return (concept.part_of or actor) if concept else actor


def _is_official(actor: str, pack: Pack) -> bool:
    concept = pack.concepts.get(actor)
    return concept is not None and concept.official


def _counts(fact: Fact) -> bool:
    """Whether a figure is told for what it says: in the title, or in the lead if it is no small number."""
    return (fact.value or 0.0) > 1 and (
        _heads(fact) or (_leads(fact) and (fact.value or 0.0) >= _SMALLEST_IN_LEAD)
    )


def _leads(fact: Fact) -> bool:
    return _heads(fact) or fact.evidence.start < LEAD


def _heads(fact: Fact) -> bool:
    return fact.evidence.field is Field.TITLE


def _range(figure: Fact | Told) -> tuple[float, float]:
    value = figure.value or 0.0
    return value, max(value, figure.most or value)


def _same(one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Whether two figures or ranges touch, within tolerance, and the other one is not much vaguer."""
    low, high = max(one[0], other[0]), min(one[1], other[1])
    return low - high <= _TOLERANCE * low and other[1] * one[0] <= _VAGUER * one[1] * other[0]
