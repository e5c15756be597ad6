"""Conditions as trees: what a rule asks of a text, independent of how it is written or matched."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import UnionType


@dataclass(frozen=True, slots=True)
class Term:
    """One name of a concept, or a word of a condition, as written in the pack.

    Words match whole words whatever their case; `*` at the end of a word matches any ending; `{a|b}` either; a
    leading `=` asks for exactly this case. Terms in Chinese, Japanese, Korean or Thai script match anywhere.

    Attributes:
        text: the term as written, e.g. `северн* коре*`.
        language: ISO 639-1 code under which it is listed, or `any`. It documents; matching tries every term
            on every text.
        not_inside: longer words in which a hit does not count, e.g. 북한산 for 북한.
        where: `file:line:column`, for messages; not part of what the term is.
        only: the languages of the articles in which it counts; empty for all. An article whose language is not
            known counts as any.
    """

    text: str
    language: str = "any"
    not_inside: tuple[str, ...] = ()
    where: str = field(default="", compare=False)
    only: tuple[str, ...] = ()


class Scope(StrEnum):
    """Where a condition looks. The lead is the title and the first `LEAD` characters of the body."""

    TITLE = "title"
    LEAD = "lead"
    BODY = "body"


LEAD = 400


@dataclass(frozen=True, slots=True)
class Named:
    """Some name of the concept stands in the text."""

    concept: str


@dataclass(frozen=True, slots=True)
class Word:
    """The term itself stands in the text."""

    term: Term


@dataclass(frozen=True, slots=True)
class Macro:
    """The condition that the pack shares under this name holds."""

    name: str
    part: Query


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Query


@dataclass(frozen=True, slots=True)
class Near:
    """Hits of both parts stand at most `words` words apart, in the same field."""

    left: Query
    right: Query
    words: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """Every part holds within one sentence."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class In:
    """The part holds within the scope."""

    scope: Scope
    part: Query


@dataclass(frozen=True, slots=True)
class Language:
    """The article is written in the language (ISO 639-1)."""

    code: str


@dataclass(frozen=True, slots=True)
class Source:
    """The article came from the source of this name, or from one that carries this tag."""

    name: str


@dataclass(frozen=True, slots=True)
class Weighted:
    """What a part of a sum counts if it holds; less than nothing for what speaks against."""

    weight: float
    part: Query


@dataclass(frozen=True, slots=True)
class AtLeast:
    """The weights of the parts that hold add up to `least` or more."""

    least: float
    parts: tuple[Weighted, ...]


Query = Named | Word | Macro | AllOf | AnyOf | Not | Near | Sentence | In | Language | Source | AtLeast


def total(weights: Iterable[float]) -> float:
    """The sum of weights, which have three decimals: so 0.1 and 0.7 reach 0.8."""
    return round(sum(weights), 3)


def parts_of(query: Query) -> tuple[Query, ...]:
    """The conditions that a condition is directly made of."""
    match query:
        case Named() | Word() | Language() | Source():
            return ()
        case Macro(_, part) | Not(part) | In(_, part):
            return (part,)
        case Near(left, right, _):
            return (left, right)
        case AllOf(parts) | AnyOf(parts) | Sentence(parts):
            return parts
        case AtLeast(_, weighted):
            return tuple(one.part for one in weighted)


def words(query: Query) -> Iterator[Term]:
    """Every term that the query names itself, rather than through a concept."""
    if isinstance(query, Word):
        yield query.term
    for part in parts_of(query):
        yield from words(part)


def concepts(query: Query) -> Iterator[str]:
    """Every concept that the query names, macros written out."""
    if isinstance(query, Named):
        yield query.concept
    for part in parts_of(query):
        yield from concepts(part)


def is_silent(query: Query) -> bool:
    """Whether the query can hold where no word of it stands, so that a match would have no evidence."""
    match query:
        case Named() | Word() | Near():
            return False
        case Not() | Language() | Source():
            return True
        case AnyOf(parts):
            return any(map(is_silent, parts))
        case AllOf(parts) | Sentence(parts):
            return all(map(is_silent, parts))
        case AtLeast(least, weighted):
            return total(one.weight for one in weighted if one.weight > 0 and is_silent(one.part)) >= least
        case Macro(_, part) | In(_, part):
            return is_silent(part)


def is_point(query: Query) -> bool:
    """Whether the query's hits are single places in a text, so that a distance between them has a meaning."""
    match query:
        case Named() | Word() | Near():
            return True
        case AnyOf(parts):
            return all(map(is_point, parts))
        case Macro(_, part):
            return is_point(part)
        case _:
            return False


def written(query: Query) -> str:  # noqa: C901, PLR0911  one for each node
    """The condition as a person would write it; read again, it gives the same tree."""
    match query:
        case Named(name) | Macro(name, _):
            return name
        case Word(term):
            return f'"{term.text}"'
        case Language(code):
            return f"lang:{code}"
        case Source(name):
            return f"source:{name}"
        case AllOf(parts):
            return " AND ".join(_inside(part, AllOf | AnyOf) for part in parts)
        case AnyOf(parts):
            return " OR ".join(_inside(part, AnyOf) for part in parts)
        case Not(part):
            return f"NOT {_inside(part, AllOf | AnyOf)}"
        case Near(left, right, distance):
            return f"{_inside(left, _LOOSER)} NEAR/{distance} {_inside(right, _LOOSER | Near)}"
        case In(scope, part):
            return f"{scope}:{_inside(part, _LOOSER | Near)}"
        case Sentence(parts):
            return f"SENTENCE({', '.join(map(written, parts))})"
        case AtLeast(least, weighted):
            summed = ", ".join(f"{one.weight:.10g} {written(one.part)}" for one in weighted)
            return f"SUM({summed}) >= {least:.10g}"


_LOOSER = AllOf | AnyOf | Not


def _inside(part: Query, looser: UnionType | type) -> str:
    """The part, in parentheses if it binds less than what stands around it."""
    return f"({written(part)})" if isinstance(part, looser) else written(part)
