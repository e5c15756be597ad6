"""Which words must stand in a text if a condition holds?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.core import query as q

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence


def key_of(point: q.Named | q.Word) -> str:
    """Under which key the hits of a concept or word are found."""
    return point.concept if isinstance(point, q.Named) else f'"{point.term.text}"'


def keys_of(query: q.Query) -> set[str]:
    """Every key that the query asks for."""
    if isinstance(query, q.Named | q.Word):
        return {key_of(query)}
    return {key for part in q.parts_of(query) for key in keys_of(part)}


def witnesses(query: q.Query, use: Counter[str]) -> frozenset[str] | None:
    """Keys of which one must be present if the query holds; None if there are none.

    Of several sets that would do, the one whose keys are used least.
    """
    match query:
        case q.Named() | q.Word():
            return frozenset({key_of(query)})
        case q.AnyOf(parts):
            return _union([witnesses(part, use) for part in parts])
        case q.AllOf() | q.Sentence() | q.Near():
            each = [witnesses(part, use) for part in q.parts_of(query)]
            return min(
                (one for one in each if one is not None), key=lambda keys: _cost(keys, use), default=None
            )
        case q.Macro(_, part) | q.In(_, part):
            return witnesses(part, use)
        case q.AtLeast(_, weighted):
            return _union([witnesses(one.part, use) for one in weighted if one.weight > 0])
    return None


def _union(parts: Sequence[frozenset[str] | None]) -> frozenset[str] | None:
    known = [part for part in parts if part is not None]
    return frozenset().union(*known) if len(known) == len(parts) else None


def _cost(keys: frozenset[str], use: Counter[str]) -> int:
    return sum(use[key] + 1 for key in keys)
