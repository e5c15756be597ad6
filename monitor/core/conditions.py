"""Conditions compiled to functions: by which hits does one hold?"""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING

from monitor.core import query as q
from monitor.core.reading import place
from monitor.core.statements import Field
from monitor.core.witnesses import key_of, needs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from monitor.core.reading import Hit, View

    Hits = tuple[Hit, ...]
    Condition = Callable[[View], Hits | None]
    """The hits by which it holds (none for a bare NOT), or None if it does not hold."""

_word = attrgetter("word")


class Compiler:
    """Compiles the queries of one pack; what they share by name is compiled once."""

    def __init__(self) -> None:
        self._macros: dict[str, Condition] = {}

    def compile(self, query: q.Query) -> Condition:  # noqa: C901, PLR0911, PLR0912  one for each node
        """The query as a function."""
        match query:
            case q.Named() | q.Word():
                key = key_of(query)
                return lambda view: view.of(key) or None
            case q.Macro(name, part):
                if name not in self._macros:
                    self._macros[name] = _shared(name, _guarded(part, self.compile(part)))
                return self._macros[name]
            case q.AllOf(parts):
                return _all(self._each(parts))
            case q.AnyOf(parts) if all(isinstance(part, q.Named | q.Word) for part in parts):
                return _one_of(needs(query)[0])
            case q.AnyOf(parts):
                return _any(self._each(parts))
            case q.Not(part):
                return _not(self.compile(part))
            case q.Near(left, right, words):
                return _near(self.compile(left), self.compile(right), words)
            case q.Sentence(parts):
                return _sentence(query, _all(self._each(parts)))
            case q.In(scope, part):
                return _in(scope, _guarded(part, self.compile(part)))
            case q.AtLeast(least, weighted):
                return _at_least(least, [(one.weight, self.compile(one.part)) for one in weighted])
            case q.Language(code):
                return lambda view: () if view.language == code else None
            case q.Source(name):
                return lambda view: () if name in view.origins else None

    def _each(self, parts: Iterable[q.Query]) -> list[Condition]:
        return list(map(self.compile, parts))


@lru_cache(maxsize=1024)
def _compiled(query: q.Query) -> Condition:
    return Compiler().compile(query)


def satisfy(query: q.Query, view: View) -> Hits | None:
    """The hits by which the query holds (none for a bare NOT), or None if it does not hold."""
    return _compiled(query)(view)


def _guarded(query: q.Query, condition: Condition) -> Condition:
    """The condition, which is not even tried where a word is missing that it needs."""
    groups = needs(query)

    def holds(view: View) -> Hits | None:
        for group in groups:
            if not view.has_any(group):
                return None
        return condition(view)

    return holds


def _shared(name: str, part: Condition) -> Condition:
    def holds(view: View) -> Hits | None:
        held = view.held
        if name not in held:
            held[name] = part(view)
        return held[name]

    return holds


def _all(parts: Sequence[Condition]) -> Condition:
    def holds(view: View) -> Hits | None:
        found = []
        for part in parts:
            held = part(view)
            if held is None:
                return None
            found.append(held)
        return merge(found)

    return holds


def _one_of(keys: frozenset[str]) -> Condition:
    """Any of these names: asked at once, as most of a long list stand nowhere."""
    return lambda view: merge(view.of(key) for key in view.present(keys)) or None


def _any(parts: Sequence[Condition]) -> Condition:
    def holds(view: View) -> Hits | None:
        found = [held for part in parts if (held := part(view)) is not None]
        return merge(found) if found else None

    return holds


def _not(part: Condition) -> Condition:
    return lambda view: () if part(view) is None else None


def _in(scope: q.Scope, part: Condition) -> Condition:
    return lambda view: part(view.within(scope))


def _sentence(query: q.Sentence, together: Condition) -> Condition:
    groups = sorted(needs(query), key=len)

    def holds(view: View) -> Hits | None:
        # Most sentences lack a part, and asking which words stand in them is cheaper than trying.
        sentences = view.sentences_with(groups[0]) if groups else view.sentences
        for group in groups[1:]:
            sentences = tuple(one for one in sentences if one.has_any(group))
        found = [held for one in sentences if (held := together(one)) is not None]
        return merge(found) if found else None

    return holds


def _at_least(least: float, parts: Sequence[tuple[float, Condition]]) -> Condition:
    def holds(view: View) -> Hits | None:
        held = [(weight, hits) for weight, part in parts if (hits := part(view)) is not None]
        if q.total(weight for weight, _ in held) < least:
            return None
        return merge(hits for weight, hits in held if weight > 0)

    return holds


def _near(left: Condition, right: Condition, words: int) -> Condition:
    def holds(view: View) -> Hits | None:
        first = left(view)
        second = right(view) if first else None
        return _close(first, second, words) if first and second else None

    return holds


def _close(left: Hits, right: Hits, words: int) -> Hits | None:
    found: list[Sequence[Hit]] = []
    for field in Field:
        others = sorted((hit for hit in right if hit.field is field), key=_word)
        for hit in left:
            if hit.field is field:
                first = bisect_left(others, hit.word - words, key=_word)
                last = bisect_left(others, hit.word + words + 1, key=_word)
                # a hit is not near itself
                close = [
                    other for other in others[first:last] if other.end <= hit.start or hit.end <= other.start
                ]
                if close:
                    found.append((hit, *close))
    return merge(found) or None


def merge(groups: Iterable[Sequence[Hit]]) -> Hits:
    """The hits of all groups, each once, in order of place."""
    found = [group for group in groups if group]
    if not found:
        return ()
    if len(found) == 1:
        return tuple(found[0])
    return tuple(sorted({hit for group in found for hit in group}, key=place))
