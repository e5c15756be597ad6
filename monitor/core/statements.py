"""What a text states: figures, places, actors, deeds and stances with their words, and what of it is new.

Offsets count characters of the stored title or text.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime


class Field(StrEnum):
    """The part of an article in which something stands."""

    TITLE = "title"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words of an article that a rule relied on: `text == article.title[start:end]` (or `.text` for the body)."""

    field: Field
    start: int
    end: int
    text: str
    concept: str


class FactKind(StrEnum):
    """What kind of statement a fact is."""

    FIGURE = "figure"
    PLACE = "place"
    ACTOR = "actor"
    DEED = "deed"
    STANCE = "stance"
    SUBJECT = "subject"
    DATE = "date"
    TITLE = "title"  # the headline itself, where a page was told under another one


class Bound(StrEnum):
    """How a text limits a figure."""

    EXACT = "exact"
    ABOUT = "about"
    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    UP_TO = "up_to"
    LESS_THAN = "less_than"


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` to `last`, both included, in the calendar of the place that the text speaks of."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Fact:
    """Something a text states.

    Attributes:
        kind: figure, place, actor, deed, stance, subject, date or title.
        concept: the pack's concept: the unit of a figure, else the thing itself; empty for a date or a title.
        value: the number of a figure, None otherwise.
        evidence: where it stands.
        by: the actor who says so, empty if none is named (figures and stances).
        at: when the article that states it was published, None if unknown.
        bound: how the text limits the figure.
        most: the upper end of a range, whose lower end is `value`.
        period: the days that a date names; a single day is a period of one.
    """

    kind: FactKind
    concept: str
    value: float | None
    evidence: Evidence
    by: str = ""
    at: datetime | None = None
    bound: Bound = Bound.EXACT
    most: float | None = None
    period: Period | None = None


class Newness(StrEnum):
    """In which way a statement is new to a channel."""

    FIGURE = "figure"  # a figure beyond tolerance, or the first of its kind
    STANCE = "stance"  # somebody denies or confirms
    OFFICIAL = "official"  # a state or an alliance speaks for the first time
    DEED = "deed"  # a new kind of deed
    PLACE = "place"  # a new place of weight
    ACTOR = "actor"  # a new actor of weight
    SUBJECT = "subject"  # the matter is another one
    CHANGED = "changed"  # the same page says something else than it did when it was told


@dataclass(frozen=True, slots=True)
class Novelty:
    """One thing in an article that a channel had not been told about its story.

    Attributes:
        fact: the statement.
        before: the last figure that was told for the same unit, if there was one.
        kind: in which way it is new.
        instead: the words that stood in its place when the page was told, for what changed.
    """

    fact: Fact
    before: float | None = None
    kind: Newness = Newness.FIGURE
    instead: str = ""
