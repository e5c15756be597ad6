"""What must stand in the index for an article that a question could find: less than the question asks, never more."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from monitor.core import query as q
from monitor.core.fitting import stem
from monitor.core.searching.words import LONGEST, language_word, runs, signs, source_word
from monitor.core.spelling import spellings
from monitor.core.text import is_unspaced

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from monitor.core.spelling import Spelling
    from monitor.core.topic import Concept


@dataclass(frozen=True, slots=True)
class Has:
    """The word, sign or pair of signs stands there."""

    word: str


@dataclass(frozen=True, slots=True)
class Begins:
    """A word of a script that writes spaces begins so."""

    stem: str


@dataclass(frozen=True, slots=True)
class Every:
    """Each part is met; without parts, always."""

    parts: tuple[Demand, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of the parts is met; without parts, never."""

    parts: tuple[Demand, ...]


Demand = Has | Begins | Every | Either

ANYTHING = Every(())
NOTHING = Either(())


def every(parts: Iterable[Demand]) -> Demand:
    """All of the parts, without what says nothing."""
    found: dict[Demand, None] = {}
    for part in parts:
        found.update(dict.fromkeys(part.parts if isinstance(part, Every) else (part,)))
    if NOTHING in found:
        return NOTHING
    return next(iter(found)) if len(found) == 1 else Every(tuple(found))


def either(parts: Iterable[Demand]) -> Demand:
    """One of the parts, without what never is."""
    found: dict[Demand, None] = {}
    for part in parts:
        found.update(dict.fromkeys(part.parts if isinstance(part, Either) else (part,)))
    if ANYTHING in found:
        return ANYTHING
    return next(iter(found)) if len(found) == 1 else Either(tuple(found))


def demanded(  # noqa: C901  one case for each node
    query: q.Query, concepts: Mapping[str, Concept], sources: Callable[[str], Sequence[str]]
) -> Demand:
    """What the index must hold of an article for which the query holds.

    Args:
        query: the condition.
        concepts: those that it names.
        sources: the names of the sources that a name or tag of sources stands for.

    Raises:
        RuleError: a word cannot be read.
    """

    def of(part: q.Query) -> Demand:  # noqa: PLR0911  one for each node
        match part:
            case q.Word(term):
                return _term(term)
            case q.Named(name):
                return _named(concepts[name].terms)
            case q.Macro(_, inner) | q.In(_, inner):
                return of(inner)
            case q.AllOf() | q.Sentence() | q.Near():
                return every(map(of, q.parts_of(part)))
            case q.AnyOf(parts):
                return either(map(of, parts))
            case q.AtLeast(least, weighted):
                return _sum(least, weighted, of)
            case q.Language(code):
                return Has(language_word(code))
            case q.Source(name):
                return either(Has(source_word(source)) for source in sources(name))
            case q.Not():
                return ANYTHING

    return of(query)


def _sum(least: float, weighted: Sequence[q.Weighted], of: Callable[[q.Query], Demand]) -> Demand:
    """One of the parts that help, and each without which the others do not suffice."""
    helping = [one for one in weighted if one.weight > 0]
    most = q.total(one.weight for one in helping)
    vital = [of(one.part) for one in helping if q.total((most, -one.weight)) < least]
    return every((*vital, either(of(one.part) for one in helping)))


@lru_cache(maxsize=256)
def _named(terms: tuple[q.Term, ...]) -> Demand:
    return either(map(_term, terms))


def _term(term: q.Term) -> Demand:
    return either(_spelling(spelling) for spelling in spellings(term))


def _spelling(spelling: Spelling) -> Demand:
    return every(
        demand for word in spelling.words for demand in _word(stem(word), is_open=word.endswith("*"))
    )


def _word(word: str, *, is_open: bool) -> Iterator[Demand]:
    """What a word of a spelling needs.

    A word with a sign of a script without spaces is found anywhere, so that letters at its rim may belong to a longer
    word of the text.
    """
    anywhere = is_unspaced(word)
    for start, run in runs(word):
        end = start + len(run)
        if is_unspaced(run):
            yield from map(Has, signs(run))
        elif anywhere and (start == 0 or end == len(word)):
            continue
        elif is_open and end == len(word) and len(run) < LONGEST:
            yield Begins(run)
        else:
            yield Has(run[:LONGEST])


def stems(demand: Demand) -> Iterator[str]:
    """Every beginning of a word that is asked for."""
    match demand:
        case Begins(begun):
            yield begun
        case Every(parts) | Either(parts):
            for part in parts:
                yield from stems(part)


def whole_words(demand: Demand) -> Iterator[str]:
    """Every word of a script that writes spaces that is asked for."""
    match demand:
        case Has(word):
            if not is_unspaced(word) and "=" not in word:
                yield word
        case Every(parts) | Either(parts):
            for part in parts:
                yield from whole_words(part)


def narrowed(demand: Demand, begun: Mapping[str, Sequence[str] | None], known: frozenset[str]) -> Demand:
    """The demand in words that the index holds.

    Args:
        demand: what must stand there.
        begun: for each beginning, the words that begin so; None if they are too many to be named.
        known: those of its whole words that the index holds.
    """
    match demand:
        case Has(word):
            return NOTHING if word not in known and not is_unspaced(word) and "=" not in word else demand
        case Begins(start):
            words = begun[start]
            return demand if words is None else either(map(Has, words))
        case Every(parts):
            return every(narrowed(part, begun, known) for part in parts)
        case Either(parts):
            return either(narrowed(part, begun, known) for part in parts)


def gathered(demand: Demand) -> Demand:
    """The same demand, with a part that several alternatives share asked for once: `a b or a c` as `a (b or c)`.

    The index walks a word each time that it stands there, and in a concept with hundreds of names one stands often.
    """
    match demand:
        case Every(parts):
            return every(map(gathered, parts))
        case Either(parts):
            alone = {part: None for part in parts if not isinstance(part, Every)}
            # What one part says is not said again with more: `a or a b` is `a`.
            rest = [part for part in parts if isinstance(part, Every) and alone.keys().isdisjoint(part.parts)]
            return either((*alone, *_by_what_they_share(rest)))
    return demand


def _by_what_they_share(alternatives: Sequence[Every]) -> Iterator[Demand]:
    """The alternatives, those with a part in common as one; what most have in common comes first."""
    places: dict[Demand, list[int]] = {}
    for place, alternative in enumerate(alternatives):
        for part in alternative.parts:
            places.setdefault(part, []).append(place)
    left = set(range(len(alternatives)))
    for shared, found in sorted(places.items(), key=lambda one: -len(one[1])):
        inside = [place for place in found if place in left]
        if len(inside) > 1:
            left.difference_update(inside)
            others = (every(part for part in alternatives[place].parts if part != shared) for place in inside)
            yield every((shared, gathered(either(others))))
    yield from (every(map(gathered, alternatives[place].parts)) for place in sorted(left))


def written(demand: Demand) -> str:
    """The demand in the language of FTS5. It holds something: neither ANYTHING nor NOTHING."""
    match demand:
        case Has(word):
            return f'"{word}"'
        case Begins(start):
            return f'"{start}"*'
        case Every(parts):
            return " AND ".join(f"({written(part)})" for part in parts)
        case Either(parts):
            return " OR ".join(
                f"({written(part)})" if isinstance(part, Every) else written(part) for part in parts
            )
