"""What the articles of one topic have in common: how rare a feature is, which stories have it, how fast news ages.

It keeps the cost of placing an article the same however many stories are open: of each feature the latest stories are
remembered, and an article asks for what stands out in it.
"""

from __future__ import annotations

from collections import deque
from datetime import timedelta
from heapq import nlargest
from operator import itemgetter
from typing import TYPE_CHECKING

from monitor.core.signature import Rarity

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from monitor.core.signature import Signature

# After this time a likeness counts 1/e, if there are _USUAL articles a fortnight; with more of them, developments
# follow each other faster.
_FADING = timedelta(days=3)
_FASTEST, _SLOWEST = timedelta(days=2), timedelta(days=7)
_USUAL = 20
_QUICKENING = 0.3  # the power of that
_FORTNIGHT = timedelta(days=14)

_STORIES = 100  # stories that are remembered for each feature, the latest
_LEAST = 0.08  # what shares less is not looked at
_TELLING = 6  # features of an article by which stories are found


class Index:
    """The articles of one pack that were read in the last fortnight, by what they state.

    Args:
        common: how common concepts are before any article came in, from 0 to 1.
    """

    def __init__(self, common: Mapping[str, float]) -> None:
        self.rarity = Rarity(common)
        self._counted: deque[tuple[datetime, tuple[str, ...]]] = deque()
        self._stories: dict[str, dict[int, float]] = {}

    def add(self, story: int, signature: Signature, read_at: datetime) -> None:
        """Take in an article of the story; what is a fortnight older counts no more for rarity."""
        features = tuple(signature.features)
        self.rarity.add(features)
        self._counted.append((read_at, features))
        self.forget(read_at - _FORTNIGHT)
        self.place(story, signature)

    def place(self, story: int, signature: Signature) -> None:
        """Have the story be found by what the article states."""
        for feature, weight in signature.features.items():
            row = self._stories.setdefault(feature, {})
            row[story] = max(weight, row.pop(story, 0.0))  # the latest stands last
            if len(row) > _STORIES:
                del row[next(iter(row))]

    def forget(self, before: datetime) -> None:
        """What was read before counts no more for rarity."""
        while self._counted and self._counted[0][0] < before:
            self.rarity.remove(self._counted.popleft()[1])

    def fading(self) -> float:
        """The seconds after which a likeness counts 1/e, at the rate of the last fortnight."""
        quickened: float = (_USUAL / max(len(self._counted), 1)) ** _QUICKENING
        return min(_SLOWEST, max(_FASTEST, _FADING * quickened)).total_seconds()

    def near(self, signature: Signature) -> list[tuple[int, float]]:
        """The stories that share what stands out in the article, and how much of it at most, the nearest first.

        Some of them may be closed, or part of another one since.
        """
        shared: dict[int, float] = {}
        of = shared.get
        for feature, weight in nlargest(_TELLING, signature.features.items(), key=itemgetter(1)):
            for story, other in self._stories.get(feature, {}).items():
                shared[story] = of(story, 0.0) + weight * other
        likely = [one for one in shared.items() if one[1] >= _LEAST]
        return sorted(likely, key=itemgetter(1), reverse=True)
