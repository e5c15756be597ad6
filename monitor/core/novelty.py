"""What is new in an article, for a channel that was already told about its story?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.core.models import Fact, FactKind, Field, Novelty
from monitor.core.query import LEAD

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import datetime

_TOLERANCE = 0.1  # figures that differ by less are the same figure, rounded otherwise
_SMALLEST_FIGURE = 10


def novelties(facts: Sequence[Fact], told: Sequence[Fact], news: Collection[str]) -> tuple[Novelty, ...]:
    """The statements that the channel has not heard: figures beyond tolerance, and who denies or confirms.

    Figures count in the title and the lead, stances in the title alone: further down is the background.

    Args:
        facts: what the article states.
        told: what the channel knows about the story.
        news: the concepts whose statement is worth an update by itself.
    """
    return (*_figures(facts, told), *_stances(facts, told, news))


def _figures(facts: Sequence[Fact], told: Sequence[Fact]) -> Iterator[Novelty]:
    known: dict[str, list[float]] = {}
    latest: dict[str, datetime] = {}
    for fact in told:
        if fact.kind is FactKind.FIGURE and fact.value is not None:
            known.setdefault(fact.concept, []).append(fact.value)
            if fact.at is not None:
                latest[fact.concept] = max(fact.at, latest.get(fact.concept, fact.at))
    counted: set[float] = set()
    for fact in facts:
        if fact.kind is not FactKind.FIGURE or fact.value is None or not _leads(fact):
            continue
        if fact.value in counted:  # the same figure under another unit: 300 killed, 300 soldiers
            continue
        if fact.at is not None and fact.at < latest.get(fact.concept, fact.at):
            continue  # read late: a younger figure for the same unit was told
        values = known.setdefault(fact.concept, [])
        if fact.value >= _SMALLEST_FIGURE and not any(_same(fact.value, value) for value in values):
            yield Novelty(fact, before=values[-1] if values else None)
            values.append(fact.value)
            counted.add(fact.value)


def _stances(facts: Sequence[Fact], told: Sequence[Fact], news: Collection[str]) -> Iterator[Novelty]:
    known = {(fact.concept, fact.by) for fact in told}
    for fact in facts:
        if (
            fact.concept in news
            and fact.evidence.field is Field.TITLE
            and (fact.concept, fact.by) not in known
        ):
            known.add((fact.concept, fact.by))
            yield Novelty(fact)


def _leads(fact: Fact) -> bool:
    return fact.evidence.field is Field.TITLE or fact.evidence.start < LEAD


def _same(value: float, other: float) -> bool:
    return abs(value - other) <= _TOLERANCE * max(value, other)
