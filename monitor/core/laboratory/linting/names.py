"""Names that say nothing new, or that another concept is found in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.core.laboratory.linting.findings import Finding, Level
from monitor.core.spelling import spellings
from monitor.core.terms import TermFinder
from monitor.core.text import fold, fold_text, is_unspaced
from monitor.core.topic import ConceptKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitor.core.query import Term
    from monitor.core.topic import Concept, Pack

_ENDING = "xq"  # stands for any ending: no name ends so
_SHOWN = 8


def said_twice(pack: Pack) -> Iterator[Finding]:
    """The same name twice in a concept under one language."""
    for concept in pack.concepts.values():
        seen: dict[tuple[str, str], Term] = {}
        for term in concept.terms:
            name = (term.language, term.text if term.text.startswith("=") else fold_text(term.text))
            if name in seen:
                yield Finding(
                    "said-twice",
                    Level.WARNING,
                    term.where,
                    f"{concept.name} has {term.text} twice in {term.language}, first at {seen[name].where}",
                    "remove one",
                )
            seen.setdefault(name, term)


def covered(pack: Pack) -> Iterator[Finding]:
    """Names that others of the same concept and language find already, for each file: harmless, but in the way."""
    idle: dict[str, list[tuple[Term, str]]] = {}
    for concept in pack.concepts.values():
        for language in dict.fromkeys(term.language for term in concept.terms):
            for term, by in _covered([term for term in concept.terms if term.language == language]):
                says = f"{term.text} ({concept.name}: {by.text})"
                idle.setdefault(term.where.split(":", 1)[0], []).append((term, says))
    for found in idle.values():
        yield Finding(
            "covered-name",
            Level.NOTE,
            found[0][0].where,
            f"{len(found)} names say nothing new, as others find them already: {_few([says for _, says in found])}",
            "remove them",
        )


def _covered(terms: Sequence[Term]) -> Iterator[tuple[Term, Term]]:
    """Each term that another one finds wherever it stands, with the other."""
    finder = TermFinder(enumerate(terms))
    gone: set[int] = set()
    for number, term in enumerate(terms):
        found = [finder.find(fold(text)).keys() - {number} for text in _samples(term)]
        common = [
            other
            for other in sorted(set.intersection(*found))
            if other not in gone and _counts_wherever(terms[other], term)
        ]
        if common:
            gone.add(number)
            yield term, terms[common[0]]


def _counts_wherever(other: Term, term: Term) -> bool:
    in_language = not other.only or (bool(term.only) and set(term.only) <= set(other.only))
    return in_language and set(other.not_inside) <= set(term.not_inside)


def _samples(term: Term) -> list[str]:
    """A text for each spelling in which the term, and little else, stands."""
    return [" ".join(one.written or one.words).replace("*", _ENDING) for one in spellings(term)]


def hidden(pack: Pack) -> Iterator[Finding]:
    """Names of an actor or place that are part of a longer one's word, where a script writes no spaces: 白俄罗斯."""
    concepts = [
        concept
        for concept in pack.concepts.values()
        if concept.kind in {ConceptKind.ACTOR, ConceptKind.PLACE}
    ]
    owned = [(concept, term) for concept in concepts for term in concept.terms]
    finder = TermFinder((number, term) for number, (_, term) in enumerate(owned))
    for concept, term in owned:
        word = fold(term.text)
        if not word.text.isalpha() or not is_unspaced(word.text):
            continue
        for number, spans in finder.find(word).items():
            other, by = owned[number]
            start, end = spans[0]
            most_of_it = len(word.text) / 2 < end - start < len(word.text)
            if most_of_it and by.language in {term.language, "any"} and not _belong(concept, other):
                yield Finding(
                    "hidden-name",
                    Level.WARNING,
                    by.where,
                    f"{by.text} ({other.name}) counts inside {term.text} ({concept.name}) as well",
                    f"write {{term: {by.text}, not_inside: [{term.text}]}}",
                )


def _belong(one: Concept, other: Concept) -> bool:
    """Whether they are one and the same, or one speaks for the other, or both for a third."""
    names = {one.name, one.part_of} - {""}
    return not names.isdisjoint({other.name, other.part_of})


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
