"""Which of many rules could hold at all? Each rule waits for its witnesses: keys of which one must be there."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from monitor.core import query as q
from monitor.core.conditions import key_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Prefilter:
    """Finds the rules whose witnesses are present; it never leaves out a rule that holds."""

    def __init__(self, queries: Sequence[q.Query]) -> None:
        keys = [frozenset(_keys(query)) for query in queries]
        # What many rules name is common in texts as well, as a rule names what its topic is about.
        use = Counter(key for named in keys for key in named)
        self._waiting: dict[str, list[int]] = {}
        self._always: list[int] = []
        for number, query in enumerate(queries):
            witnesses = _witnesses(query, use)
            if witnesses is None:
                self._always.append(number)
            for key in witnesses or ():
                self._waiting.setdefault(key, []).append(number)

    def candidates(self, keys: Iterable[str]) -> list[int]:
        """The numbers of the rules that could hold where these keys stand, in order."""
        found = set(self._always)
        for key in keys:
            if key in self._waiting:
                found.update(self._waiting[key])
        return sorted(found)


def _witnesses(query: q.Query, use: Counter[str]) -> frozenset[str] | None:
    """Keys of which one must be present if the query holds; None if there are none."""
    match query:
        case q.Named() | q.Word():
            return frozenset({key_of(query)})
        case q.AnyOf(parts):
            return _union([_witnesses(part, use) for part in parts])
        case q.AllOf() | q.Sentence() | q.Near():
            each = [_witnesses(part, use) for part in q.parts_of(query)]
            return min(
                (one for one in each if one is not None), key=lambda keys: _cost(keys, use), default=None
            )
        case q.Macro(_, part) | q.In(_, part):
            return _witnesses(part, use)
        case q.AtLeast(_, weighted):
            return _union([_witnesses(one.part, use) for one in weighted if one.weight > 0])
    return None


def _union(parts: Sequence[frozenset[str] | None]) -> frozenset[str] | None:
    known = [part for part in parts if part is not None]
    return frozenset().union(*known) if len(known) == len(parts) else None


def _cost(keys: frozenset[str], use: Counter[str]) -> int:
    return sum(use[key] for key in keys)


def _keys(query: q.Query) -> set[str]:
    if isinstance(query, q.Named | q.Word):
        return {key_of(query)}
    return {key for part in q.parts_of(query) for key in _keys(part)}
