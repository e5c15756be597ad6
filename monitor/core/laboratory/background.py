"""What explanations need of a pack whatever the article, worked out once for all of them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from monitor.core import query as q
from monitor.core.conditions import Compiler
from monitor.core.laboratory.discounting import Restricted
from monitor.core.witnesses import key_of

if TYPE_CHECKING:
    from monitor.core.conditions import Condition
    from monitor.core.reading import Hit, View
    from monitor.core.topic import Pack


class Background:
    """Conditions are known by their identity: their value is a tree, and costs as much to look up as to work out.

    The pack stays here, so that no other condition gets the identity of one of its own.
    """

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self._compiler = Compiler()
        self._compiled: dict[int, tuple[q.Query, Condition]] = {}
        self._keys: dict[int, tuple[q.Query, frozenset[str]]] = {}

    @cached_property
    def restricted(self) -> Restricted:
        """The names that do not count everywhere."""
        return Restricted(self.pack)

    def satisfy(self, query: q.Query, view: View) -> tuple[Hit, ...] | None:
        """The hits by which the query holds (none for a bare NOT), or None if it does not hold."""
        if id(query) not in self._compiled:
            self._compiled[id(query)] = query, self._compiler.compile(query)
        return self._compiled[id(query)][1](view)

    def keys_of(self, query: q.Query) -> frozenset[str]:
        """The keys of every concept and word that the query names."""
        if id(query) not in self._keys:
            words = {key_of(q.Word(term)) for term in q.words(query)}
            self._keys[id(query)] = query, frozenset(q.concepts(query)) | words
        return self._keys[id(query)][1]
