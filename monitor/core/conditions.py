"""Conditions compiled to functions: does one hold, and by which hits?

Each condition becomes two functions. `possible` looks only at which concepts and words stand in a text at all: false
is final, true is not. `satisfy` looks at where they stand.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING

from monitor.core import query as q
from monitor.core.models import Field
from monitor.core.reading import place
from monitor.core.witnesses import key_of, witnesses

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Sequence

    from monitor.core.reading import Hit, View

    Hits = tuple[Hit, ...]
    Possible = Callable[[Container[str]], bool]
    Satisfy = Callable[[View], Hits | None]

_word = attrgetter("word")


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """A compiled query.

    Attributes:
        possible: whether it could hold where these keys stand.
        satisfy: the hits by which it holds (none for a bare NOT), or None if it does not hold.
    """

    possible: Possible
    satisfy: Satisfy


class Compiler:
    """Compiles the queries of one pack; what they share by name is compiled once."""

    def __init__(self) -> None:
        self._macros: dict[str, Condition] = {}

    def compile(self, query: q.Query) -> Condition:  # noqa: C901, PLR0911  one for each node
        """The query as functions."""
        match query:
            case q.Named() | q.Word():
                return _key(key_of(query))
            case q.Macro(name, part):
                if name not in self._macros:
                    self._macros[name] = _shared(name, self.compile(part))
                return self._macros[name]
            case q.AllOf(parts):
                return _all(self._each(parts))
            case q.AnyOf(parts):
                return _any(self._each(parts))
            case q.Not(part):
                return _not(self.compile(part))
            case q.Near(left, right, words):
                return _near(self.compile(left), self.compile(right), words)
            case q.Sentence(parts):
                return _sentence(self._each(parts), witnesses(query, Counter()))
            case q.In(scope, part):
                return _in(scope, self.compile(part))
            case q.AtLeast(least, weighted):
                return _at_least(least, [(one.weight, self.compile(one.part)) for one in weighted])
            case q.Language(code):
                return Condition(_always, lambda view: () if view.language == code else None)
            case q.Source(name):
                return Condition(_always, lambda view: () if name in view.origins else None)

    def _each(self, parts: Iterable[q.Query]) -> tuple[Condition, ...]:
        return tuple(map(self.compile, parts))


@lru_cache(maxsize=1024)
def _compiled(query: q.Query) -> Condition:
    return Compiler().compile(query)


def satisfy(query: q.Query, view: View) -> Hits | None:
    """The hits by which the query holds (none for a bare NOT), or None if it does not hold."""
    return _compiled(query).satisfy(view)


def _always(_: Container[str]) -> bool:
    return True


def _key(key: str) -> Condition:
    return Condition(lambda keys: key in keys, lambda view: view.of(key) or None)


def _shared(name: str, part: Condition) -> Condition:
    def holds(view: View) -> Hits | None:
        held = view.held
        if name not in held:
            held[name] = part.satisfy(view) if part.possible(view) else None
        return held[name]

    return Condition(part.possible, holds)


def _all(parts: Sequence[Condition]) -> Condition:
    satisfies = [part.satisfy for part in parts]

    def holds(view: View) -> Hits | None:
        found = []
        for one in satisfies:
            held = one(view)
            if held is None:
                return None
            found.append(held)
        return merge(found)

    return Condition(_possible_all(parts), holds)


def _possible_all(parts: Sequence[Condition]) -> Possible:
    possibles = [part.possible for part in parts if part.possible is not _always]

    def possible(keys: Container[str]) -> bool:
        for one in possibles:  # noqa: SIM110  a generator costs more than the loop
            if not one(keys):
                return False
        return True

    return possible if possibles else _always


def _any(parts: Sequence[Condition]) -> Condition:
    possibles = [part.possible for part in parts]
    satisfies = [part.satisfy for part in parts]

    def possible(keys: Container[str]) -> bool:
        for one in possibles:  # noqa: SIM110  as above
            if one(keys):
                return True
        return False

    def holds(view: View) -> Hits | None:
        found = [held for one in satisfies if (held := one(view)) is not None]
        return merge(found) if found else None

    return Condition(_always if _always in possibles else possible, holds)


def _not(part: Condition) -> Condition:
    return Condition(_always, lambda view: () if part.satisfy(view) is None else None)


def _in(scope: q.Scope, part: Condition) -> Condition:
    return Condition(part.possible, lambda view: part.satisfy(view.within(scope)))


def _sentence(parts: Sequence[Condition], keys: frozenset[str] | None) -> Condition:
    """`keys`: one of them stands in each sentence in which all parts hold; None if none need be."""
    together = _all(parts)

    def holds(view: View) -> Hits | None:
        # Most sentences lack a part, and asking whether they could hold is cheaper than looking.
        sentences = view.sentences if keys is None else view.sentences_with(keys)
        inside = [one for one in sentences if together.possible(one)]
        found = [held for one in inside if (held := together.satisfy(one)) is not None]
        return merge(found) if found else None

    return Condition(together.possible, holds)


def _at_least(least: float, parts: Sequence[tuple[float, Condition]]) -> Condition:
    def possible(keys: Container[str]) -> bool:
        return sum(weight for weight, part in parts if weight > 0 and part.possible(keys)) >= least

    def holds(view: View) -> Hits | None:
        held = [(weight, hits) for weight, part in parts if (hits := part.satisfy(view)) is not None]
        if sum(weight for weight, _ in held) < least:
            return None
        return merge(hits for weight, hits in held if weight > 0)

    return Condition(possible, holds)


def _near(left: Condition, right: Condition, words: int) -> Condition:
    def holds(view: View) -> Hits | None:
        first, second = left.satisfy(view), right.satisfy(view)
        return _close(first, second, words) if first and second else None

    return Condition(_possible_all((left, right)), holds)


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
    merged = {hit for group in groups for hit in group}
    if len(merged) < 2:  # noqa: PLR2004  nothing to order
        return tuple(merged)
    return tuple(sorted(merged, key=place))
