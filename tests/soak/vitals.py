"""What a process holds, and whether that grows."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import linear_regression
from typing import TYPE_CHECKING

from monitor.store.write_ahead import LONG

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_PAGE = os.sysconf("SC_PAGESIZE")
_MIB = 2**20
MOST_GROWTH = 1.0  # MiB in 1,000 cycles
_ENOUGH = 200  # cycles: what a few take is no slope


@dataclass(frozen=True)
class Vitals:
    """Of a process at rest after a cycle.

    Attributes:
        cycle: which.
        resident: MiB in memory.
        descriptors, children: how many it has.
        threads: how many it has besides those of asyncio's pool, which stay, and are few.
        log: bytes of the history's log, the most in the cycle.
        looks: so far.
        processor: seconds that it has used of one so far.
    """

    cycle: int
    resident: float
    descriptors: int
    threads: int
    children: int
    log: int
    looks: int
    processor: float


def look_at(cycle: int, log: int, looks: int, pool: int) -> Vitals:
    """This process now; `pool` is how many threads that of asyncio has. Linux only."""
    own = Path("/proc/self")
    tasks = [task.name for task in (own / "task").iterdir()]
    children = [child for task in tasks for child in _children(own / "task" / task)]
    resident = int((own / "statm").read_text().split()[1]) * _PAGE / _MIB
    descriptors = len(list((own / "fd").iterdir())) - 1  # but that which lists them
    threads = len(tasks) - pool
    return Vitals(cycle, resident, descriptors, threads, len(children), log, looks, time.process_time())


def _children(task: Path) -> list[str]:
    try:
        return (task / "children").read_text().split()
    except OSError:  # the thread has just ended
        return []


def settled(lived: Sequence[Vitals]) -> Sequence[Vitals]:
    """What is measured: after the first two fifths, in which all that is remembered for two weeks fills."""
    return lived[_begin(lived) :]


def _begin(lived: Sequence[Vitals]) -> int:
    return len(lived) * 2 // 5


def growth(lived: Sequence[Vitals]) -> float:
    """MiB that a thousand cycles add, by the line that fits best."""
    slope, _ = linear_regression([one.cycle for one in lived], [one.resident for one in lived])
    return slope * 1000


def faults(lived: Sequence[Vitals]) -> Iterator[str]:
    """What is held longer than it is needed, a sentence each."""
    before, after = lived[: _begin(lived)], settled(lived)
    if len(after) >= _ENOUGH and growth(after) >= MOST_GROWTH:
        yield f"memory grows by {growth(after):.2f} MiB in 1,000 cycles"
    for name in ("descriptors", "threads", "children"):
        most, then = (max(getattr(one, name) for one in part) for part in (before, after))
        if then > most:
            yield f"{name} grow from {most} to {then}"
    log = max(one.log for one in lived)
    if log > LONG:
        yield f"the log grows to {log} bytes"
