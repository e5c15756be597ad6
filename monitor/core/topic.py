"""What a topic pack says: concepts with their names, rules over them, and the examples that prove the rules.

`monitor.packs` reads these values from YAML; nothing here knows about files.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.core.query import Query, Term


class ConceptKind(StrEnum):
    """What part a concept plays in a statement."""

    ACTOR = "actor"  # who acts or speaks: a state, a person, an agency
    PLACE = "place"  # where it happens
    DEED = "deed"  # what is done: deploy, ship, sign
    UNIT = "unit"  # what figures count: soldiers, shells, containers
    STANCE = "stance"  # how it is said: denies, confirms, plans
    SUBJECT = "subject"  # anything else a text may be about


class Severity(StrEnum):
    """How urgent a rule's matches are for a reader, lowest first."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"

    @property
    def rank(self) -> int:
        """0 for the lowest severity; larger is more urgent."""
        return _RANKS[self]


_RANKS = {severity: number for number, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class Concept:
    """A thing with its names in every language.

    Attributes:
        name: the key that rules use: `dprk`.
        kind: its part in a statement.
        labels: what a reader calls it, by language; `en` always exists.
        terms: its names.
        weight: how much it says about *which* development a text reports; 0.1 for concepts that all texts of
            the topic share.
        part_of: for actors, the one they speak for: the Kremlin for Russia; empty if for themselves. For units, the
            whole that they are counted in: people for soldiers.
        news: that a text states it is worth an update by itself: a denial, a confirmation.
        official: for actors, that they speak for a state or an alliance: a ministry, a spokesman, an agency.
    """

    name: str
    kind: ConceptKind
    labels: Mapping[str, str]
    terms: Sequence[Term]
    weight: float = 1.0
    part_of: str = ""
    news: bool = False
    official: bool = False

    def label(self, language: str) -> str:
        """The concept's name for a reader of `language`, English if the pack has none."""
        return self.labels.get(language) or self.labels["en"]


@dataclass(frozen=True, slots=True)
class Example:
    """A headline or short text on which a rule must, or must not, fire."""

    text: str
    language: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A query over concepts and words, and what to do with its matches.

    Attributes:
        name: the key within the pack.
        labels: what a reader calls it, by language; `en` always exists.
        query: the parsed condition.
        source: the condition as written.
        severity: how urgent its matches are.
        tags: free words to route by.
        general: it catches broadly, so specific rules of its severity are named before it.
        where: `file:line:column`.
    """

    name: str
    labels: Mapping[str, str]
    query: Query
    source: str
    severity: Severity = Severity.NORMAL
    tags: tuple[str, ...] = ()
    must_fire: tuple[Example, ...] = ()
    must_not_fire: tuple[Example, ...] = ()
    where: str = ""
    general: bool = False

    def label(self, language: str) -> str:
        """The rule's name for a reader of `language`, English if the pack has none."""
        return self.labels.get(language) or self.labels["en"]


_SIGN = 5  # letters of the longest: NT$, =USD, =HKD$


@dataclass(frozen=True, slots=True)
class Pack:
    """A folder in `rules/`, read and checked.

    `version` is the first 12 hexadecimal digits of the SHA-256 of its files, so that a match can say by which
    text of the pack it was found.
    """

    name: str
    labels: Mapping[str, str]
    version: str
    concepts: Mapping[str, Concept]
    rules: tuple[Rule, ...]
    must_not_fire: tuple[Example, ...] = ()  # texts on which no rule of the pack may fire
    skim: bool = False  # an entry whose title and teaser name nothing of the pack need not be fetched
    where: str = field(default="", compare=False)
    macros: Mapping[str, str] = field(
        default_factory=dict, compare=False
    )  # where each shared condition is written
    whole_of: Mapping[str, str] = field(init=False, repr=False, compare=False)
    """The units that are counted in another one, and which."""
    signs: Mapping[str, str] = field(init=False, repr=False, compare=False)
    """The units that have a name as short as a sign or code of money, by that name, in the order of the pack."""

    def __post_init__(self) -> None:
        whole_of = {
            name: one.part_of
            for name, one in self.concepts.items()
            if one.part_of and one.kind is ConceptKind.UNIT
        }
        signs: dict[str, str] = {}
        for one in self.concepts.values():
            for term in one.terms if one.kind is ConceptKind.UNIT else ():
                if len(term.text) <= _SIGN:
                    signs.setdefault(term.text, one.name)
        object.__setattr__(self, "whole_of", whole_of)  # every article asks for these
        object.__setattr__(self, "signs", signs)

    @property
    def news(self) -> frozenset[str]:
        """The concepts whose statement is worth an update by itself."""
        return frozenset(concept.name for concept in self.concepts.values() if concept.news)

    def rule(self, name: str) -> Rule | None:
        """The rule of this name, if the pack has one."""
        return next((rule for rule in self.rules if rule.name == name), None)

    def kind_of(self, key: str) -> ConceptKind | None:
        """The kind of the concept, or None if the key is a rule's own word rather than a concept."""
        concept = self.concepts.get(key)
        return concept.kind if concept else None

    def label(self, language: str) -> str:
        """The pack's name for a reader of `language`, English if it has none."""
        return self.labels.get(language) or self.labels["en"]
