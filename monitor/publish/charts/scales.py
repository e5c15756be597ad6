"""From numbers to places on paper, and which numbers stand at an axis. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_MOST = 1e15  # beyond, nobody compares lengths; floats do not overflow on the way either
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Scale:
    """Numbers from `low` to `high` along the way from `start` to `end`; `ticks` are those worth naming."""

    low: float
    high: float
    start: float
    end: float
    ticks: tuple[float, ...] = ()

    def at(self, value: float) -> float:
        """Where a number stands; one outside stands at the edge."""
        if self.high <= self.low:
            return self.start
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)


def drawable(value: float) -> float:
    """A number that can be drawn: what is none is 0, a monster the largest that is."""
    return float(min(max(value, -_MOST), _MOST)) if not math.isnan(value) else 0.0


def numeric(values: Iterable[float], start: float, end: float, *, zero: bool, whole: bool = True) -> Scale:
    """A scale for the values whose ticks are round numbers, some three to five of them.

    With `zero` it begins there. With `whole` no tick is a fraction.
    """
    known = [drawable(value) for value in values]
    low, high = min(known, default=0.0), max(known, default=0.0)
    if zero or (low >= 0 and low < high / 2):  # close to nothing, nothing belongs to the picture
        low, high = min(low, 0.0), max(high, 0.0)
    if high == low:
        low, high = (low, high + 1) if not high else (min(low, 0.0), max(high, 0.0))
    step = _step((high - low) / 4)
    if whole:
        step = max(1.0, math.ceil(step))
    first, last = math.floor(low / step), math.ceil(high / step)
    ticks = tuple(step * number for number in range(first, last + 1))
    return Scale(ticks[0], ticks[-1], start, end, ticks)


def spread(count: int, room: float, each: float) -> Sequence[int]:
    """Which of `count` neighbours get a label if each label needs `each` of the room: the last, and evenly before."""
    if count <= 0:
        return ()
    every = max(1, math.ceil(count * each / max(room, 1.0)))
    return range((count - 1) % every, count, every)


def _step(rough: float) -> float:
    """The next round number."""
    power = 10.0 ** math.floor(math.log10(rough)) if rough > 0 else 1.0
    return next(step * power for step in _STEPS if step * power >= rough * 0.999999)
