"""Whatever anybody may write, read by whoever reads it: `python -m tests.fuzz [MINUTES] [SEED]`.

Rules, packs, configurations, feeds, sitemaps, sections and pages are made of what each is made of, in any order, and
by breaking sound ones; feeds and pages of the evaluation corpus, if it lies beside the checkout, are broken as well.
Everything must end as what it is or as one error with its place. What does not is printed, smaller each time, and the
exit code is 1. Each lot is read in a process of its own, which may use a minute of a processor: what takes longer is
what it was reading last, and lies in a file that is named.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzz import corpus
from tests.fuzz.documents import ROOM
from tests.fuzz.targets import TARGETS

if TYPE_CHECKING:
    from collections.abc import Callable

_LOT = 150  # inputs of a process
_SECONDS = 60  # of a processor for one process


@dataclass
class Tally:
    """How the inputs of a target ended, and the one that took longest."""

    ends: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    worst: str = ""

    def add(self, line: str) -> None:
        """Count a line of a child: how it ended, seconds of a processor, the input."""
        end, seconds, said = line.rstrip("\n").split("\t", 2)
        self.ends[end] += 1
        if float(seconds) > self.slowest:
            self.slowest, self.worst = float(seconds), said


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("minutes", type=float, nargs="?", default=10.0)
    parser.add_argument("seed", type=int, nargs="?", default=time.time_ns() % 1_000_000)
    given_ = parser.parse_args()
    print(f"seed {given_.seed}", flush=True)
    kept = Path(mkdtemp(prefix="tumen-fuzz-", dir=ROOM))
    tallies, faults, number = {name: Tally() for name in TARGETS}, 0, given_.seed
    until = time.monotonic() + given_.minutes * 60 * (0.7 if corpus.exists() else 1.0)
    while time.monotonic() < until:
        for name in TARGETS:
            number += 1
            faults += _in_child(partial(_lot, name, number, kept), tallies[name])
    for name, tally in tallies.items():
        print(f"{name:14} {sum(tally.ends.values()):>7}  {dict(tally.ends.most_common())}")
        print(f"{'':14} slowest {tally.slowest:.2f} s of a processor: {tally.worst[:150]}")
    if corpus.exists():
        faults += corpus.fuzz(given_.minutes * 0.3, given_.seed)
    faults += len(left := sorted(kept.iterdir()))
    for path in left:
        print("did not end:", path)
    print("nothing found" if not faults else f"{faults} faults")
    return bool(faults)


def _in_child(work: Callable[[], None], tally: Tally) -> bool:
    """Whether something was found by work that is done in a process of its own."""
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        os.close(ours)
        os.dup2(theirs, 1)
        resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
        try:
            work()
        except BaseException:  # noqa: BLE001  whatever it is, it was found
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, encoding="utf-8") as lines:
        for line in lines:
            tally.add(line)
    _, status = os.waitpid(child, 0)
    return status != 0


def _lot(name: str, number: int, kept: Path) -> None:
    """Read so many inputs; the one in hand lies in a file until it has ended."""
    strategy, read = TARGETS[name]
    in_hand = kept / f"{name}-{number}"

    @seed(number)
    @settings(
        max_examples=_LOT,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
        print_blob=False,
    )
    @given(strategy)
    def one(made: Any) -> None:
        in_hand.write_text(repr(made), encoding="utf-8", errors="surrogatepass")
        begun = time.process_time()
        end = read(made)
        print(f"{end}\t{time.process_time() - begun:.4f}\t{ascii(made)[:2000]}", flush=True)

    try:
        one()
    finally:
        in_hand.unlink(missing_ok=True)  # it has ended, well or not; a killed process leaves it


if __name__ == "__main__":
    sys.exit(main())
