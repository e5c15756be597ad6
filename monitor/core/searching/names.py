"""The names that topic packs know: what people type is looked up among them."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from monitor.core import query as q
from monitor.core.spelling import written_out
from monitor.core.terms import TermFinder
from monitor.core.text import fold, fold_text
from monitor.core.topic import ConceptKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from monitor.core.query import Term
    from monitor.core.topic import Concept, Pack


_THINGS = frozenset({ConceptKind.ACTOR, ConceptKind.PLACE, ConceptKind.UNIT})

_BETWEEN = re.compile(r"[\s-]+")


class Names:
    """The concepts and macros of some packs. What several packs know under one key is one concept.

    Attributes:
        concepts: by their keys.
        macros: the conditions that rules share, by name; those that no rule uses are not there.
    """

    def __init__(self, packs: Sequence[Pack] = ()) -> None:
        self.concepts = _merged(packs)
        self.macros: Mapping[str, q.Query] = {
            macro.name: macro.part
            for pack in reversed(packs)
            for rule in pack.rules
            for macro in _macros(rule.query)
        }
        self._finders: dict[str, TermFinder] = {}  # by the first letters of what they find

    def named(self, words: str) -> tuple[str, ...]:
        """The keys of the things that the words, as somebody types them, are a name of.

        Of several, only those with the fewest names: whoever asks for Moscow does not mean all of Russia. Deeds,
        stances and subjects are no things, and their names are no names of each other: who asks for a deal does not
        ask for whatever is bought. Nor are concepts of no weight: they collect what a pack wants to tell apart.
        """
        folded = fold(words.strip())
        beginning = _beginning(folded.text)
        alike = self._by_beginning.get(beginning, ())
        # A finder of all terms takes a second to make, and only a few can be what was typed.
        if beginning not in self._finders and alike:
            self._finders[beginning] = TermFinder((number, term) for number, (_, term) in enumerate(alike))
        found = self._finders[beginning].find(folded) if alike else {}
        whole = (0, len(folded.text))
        keys = {alike[number][0] for number, spans in found.items() if whole in spans}
        fewest = min((len(self.concepts[key].terms) for key in keys), default=0)
        return tuple(sorted(key for key in keys if len(self.concepts[key].terms) == fewest))

    @cached_property
    def _by_beginning(self) -> dict[str, tuple[tuple[str, Term], ...]]:
        """All terms with the keys of their concepts, by their first letters."""
        found: dict[str, dict[tuple[str, Term], None]] = {}
        for key, concept in self.concepts.items():
            for term in concept.terms if concept.kind in _THINGS and concept.weight else ():
                for text in written_out(term):
                    found.setdefault(_beginning(fold_text(text)), {})[key, term] = None
        return {beginning: tuple(terms) for beginning, terms in found.items()}


def _beginning(folded: str) -> str:
    """The first two letters, which every longer name has before a star; spaces and hyphens may differ."""
    return _BETWEEN.sub("", folded)[:2]


def _merged(packs: Sequence[Pack]) -> dict[str, Concept]:
    found: dict[str, Concept] = {}
    for pack in packs:
        for key, concept in pack.concepts.items():
            known = found.get(key)
            terms = (*known.terms, *concept.terms) if known else concept.terms
            found[key] = replace(known or concept, terms=tuple(dict.fromkeys(terms)))
    return found


def _macros(query: q.Query) -> Iterator[q.Macro]:
    if isinstance(query, q.Macro):
        yield query
    for part in q.parts_of(query):
        yield from _macros(part)
