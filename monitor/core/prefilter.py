"""Which of many rules could hold at all? Each rule waits for its witnesses: keys of which one must be there."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from monitor.core.witnesses import keys_of, witnesses

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from monitor.core.query import Query


class Prefilter:
    """Finds the rules whose witnesses are present; it never leaves out a rule that holds."""

    def __init__(self, queries: Sequence[Query]) -> None:
        keys = [frozenset(keys_of(query)) for query in queries]
        # What many rules name is common in texts as well, as a rule names what its topic is about.
        use = Counter(key for named in keys for key in named)
        self._waiting: dict[str, list[int]] = {}
        self._always: list[int] = []
        for number, query in enumerate(queries):
            needed = witnesses(query, use)
            if needed is None:
                self._always.append(number)
            for key in needed or ():
                self._waiting.setdefault(key, []).append(number)

    def candidates(self, keys: Iterable[str]) -> list[int]:
        """The numbers of the rules that could hold where these keys stand, in order."""
        found = set(self._always)
        for key in keys:
            if key in self._waiting:
                found.update(self._waiting[key])
        return sorted(found)
