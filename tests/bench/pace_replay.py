"""Streams under rules: how long publications wait to be found, and what the best schedules would do."""

from __future__ import annotations

import math
import random
from bisect import bisect_right
from collections import deque
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from tests.bench.pace_streams import HOUR

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.bench.pace_rules import Rule
    from tests.bench.pace_streams import Stream

_CLOSE = 0.004  # by which two numbers of looks may differ to be called equal
_TRIES = 8


@dataclass(frozen=True)
class Replay:
    """What a rule did: how many looks, and the minutes that publications waited, ascending."""

    looks: int
    waits: Sequence[float]

    def quantile(self, part: float) -> float:
        return self.waits[min(len(self.waits) - 1, int(part * len(self.waits)))]

    @property
    def mean(self) -> float:
        return sum(self.waits) / len(self.waits)


def replay(stream: Stream, rule: Callable[[str, random.Random], Rule]) -> Replay:
    """Look at every source of the stream as the rule says, from its begin to its end.

    What was not found at the end waits until then.
    """
    looks, waits = 0, []
    for name, published in stream.published.items():
        random_ = random.Random(name)
        one, at, found = rule(name, random_), stream.begin + timedelta(minutes=60 * random_.random()), 0
        while at < stream.end:
            before, found = found, bisect_right(published, at, found)
            new = published[before:found]
            waits += [(at - publication) / timedelta(minutes=1) for publication in new]
            looks += 1
            at = one.again(new, at)
        waits += [(stream.end - publication) / timedelta(minutes=1) for publication in published[found:]]
    return Replay(looks, sorted(waits))


def with_as_many(
    looks: int, stream: Stream, rule: Callable[[timedelta], Callable[[str, random.Random], Rule]]
) -> Replay:
    """The replay of a rule whose scale is chosen so that it spends so many looks."""
    scale, slope, last = HOUR * 0.2, 1.2, None
    for _ in range(_TRIES):
        done = replay(stream, rule(scale))
        ratio = done.looks / looks
        if abs(ratio - 1) < _CLOSE:
            break
        if last is not None and 0 < last[0] / ratio != 1:  # the secant of the logarithms
            slope = min(max(math.log(scale / last[1]) / math.log(last[0] / ratio), 0.5), 6.0)
        last, scale = (ratio, scale), scale * ratio**slope
    return done


def foresight(looks: int, stream: Stream) -> float:
    """The least mean wait in minutes of any schedule with so many looks, that of one that knows the future.

    Each look is best at the moment of a publication. For a price of a look, a source's cheapest schedule is found by
    dynamic programming over its publications (O(n), by the convex hull of the lines that its steps are); the price is
    then chosen so that all looks are spent (a Lagrange multiplier: exact where the number of looks is met).
    """
    hours = [[(at - stream.begin) / HOUR for at in times] for times in stream.published.values() if times]
    total = sum(map(len, hours))
    if looks >= total:
        return 0.0
    low, high = 0.0, 1000.0  # hours that a look may cost
    for _ in range(40):
        price = (low + high) / 2
        spent = [_cheapest(times, price) for times in hours]
        low, high = (price, high) if sum(count for _, count in spent) > looks else (low, price)
    return 60 * sum(wait for wait, _ in spent) / total


def _cheapest(times: Sequence[float], price: float) -> tuple[float, int]:
    """Hours waited by all, and looks spent, in the schedule that is cheapest if a look costs so many hours."""
    lines: deque[tuple[int, float, int]] = deque([(0, 0.0, 0)])  # slope, height, looks
    passed = cost = 0.0
    count = 0
    for number, at in enumerate(times, start=1):
        passed += at
        while len(lines) > 1 and _height(lines[1], at) <= _height(lines[0], at):
            lines.popleft()
        count = lines[0][2] + 1
        cost = price + at * number - passed + _height(lines[0], at)
        line = (-number, cost + passed, count)
        while len(lines) > 1 and _is_hidden(lines[-1], lines[-2], line):
            lines.pop()
        lines.append(line)
    return cost - price * count, count


def _height(line: tuple[int, float, int], at: float) -> float:
    return line[0] * at + line[1]


def _is_hidden(
    middle: tuple[int, float, int], before: tuple[int, float, int], after: tuple[int, float, int]
) -> bool:
    """Whether no moment has the middle line as the lowest of the three."""
    return (after[1] - before[1]) * (before[0] - middle[0]) <= (middle[1] - before[1]) * (
        before[0] - after[0]
    )
