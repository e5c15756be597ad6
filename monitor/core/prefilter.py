"""Which of many rules could hold at all? Each rule waits for the rarest group of words that it cannot do without."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from monitor.core.witnesses import needs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from monitor.core.query import Query


class Prefilter:
    """Finds the rules whose words are there; it never leaves out a rule that holds."""

    def __init__(self, queries: Sequence[Query]) -> None:
        needed = [needs(query) for query in queries]
        # What many rules name is common in texts as well, as rules name what their topic is about.
        use = Counter(key for groups in needed for group in groups for key in group)
        self._waiting: dict[str, list[int]] = {}
        self._always: list[int] = []
        self._others: list[tuple[frozenset[str], ...]] = []
        for number, groups in enumerate(needed):
            ordered = sorted(groups, key=lambda group: sum(use[key] for key in group))
            self._others.append(tuple(ordered[1:]))
            if not ordered:
                self._always.append(number)
            for key in ordered[0] if ordered else ():
                self._waiting.setdefault(key, []).append(number)

    def candidates(self, keys: Iterable[str]) -> list[int]:
        """The numbers of the rules that could hold where these keys stand, in order."""
        found = set(self._always)
        present = frozenset(keys)
        for key in present:
            if key in self._waiting:
                found.update(self._waiting[key])
        others = self._others
        candidates = []
        for number in found:
            for group in others[number]:
                if present.isdisjoint(group):
                    break
            else:
                candidates.append(number)
        candidates.sort()
        return candidates
