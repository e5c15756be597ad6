"""Kill Tumen, often, and see whether it keeps its promises.

Once an alert is stored, it reaches each channel at least once or is listed as undelivered with the reason, and a kill
repeats at most one message for each channel. Processes are killed by SIGKILL at each named step and at any moment:
a fifth of them run the whole service with its crawl worker, the others take in articles and deliver, forked from a
process that has loaded everything. Receivers fail as well: they ask for later, refuse, break off, and are slow. Two
models of bad orders go the same way, and must lose.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict
from itertools import count
from multiprocessing import Pipe, get_context
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from tests.torture import nursery, outside, trial, victim
from tests.torture.trial import FORKED, MODELS, SERVICE, Result, Trial

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_LANES = 2
_OF_ONE_HISTORY = {SERVICE: 20, FORKED: 25} | dict.fromkeys(MODELS, 10)  # kills
_SAID = 20  # how often the progress is told
_COLUMNS = "{:24} {:>6} {:>10} {:>9} {:>8} {:>6} {:>10} {:>5} {:>5} {:>8}"
_HEAD = ("", "kills", "deliveries", "messages", "given up", "lost", "duplicates", "most", "cut", "seconds")
_LEGEND = """\
given up: refused for good or too old, and listed with the reason. duplicates: messages that came again after a kill;
most: of these for one kill and channel. cut: messages that came again because their receiver broke off. seconds: of
all histories, of which two are worked on at a time."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("--kills", type=int, default=5000, help="of Tumen; the models are killed besides")
    parser.add_argument("--seed", type=int, help="of all chance but that of the clock")
    parser.add_argument("--webhook", default="webhook", help="scheme of the addresses of webhooks")
    parser.add_argument("--json", action="store_true", help="print JSON in place of a table")
    given = parser.parse_args()
    seed = random.SystemRandom().randrange(10_000) if given.seed is None else given.seed
    _say(f"seed {seed}")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # crawl workers share what is compiled
    folder = Path(tempfile.mkdtemp(prefix="tumen-torture-"))
    os.environ.setdefault("PYTHONPYCACHEPREFIX", str(folder / "compiled"))
    began = monotonic()
    try:
        results = list(torture(folder, given.kills, seed, given.webhook))
    finally:
        shutil.rmtree(folder / "compiled", ignore_errors=True)
        if not any(folder.iterdir()):
            folder.rmdir()
    sums = [_sum(kind, results) for kind in _OF_ONE_HISTORY]
    faults = [*_faults(results), *(f"{one.kind} lost nothing" for one in sums if _lost_nothing(one))]
    _report(sums, faults, seed, monotonic() - began, as_json=given.json)
    return 1 if faults else 0


def torture(folder: Path, kills: int, seed: int, webhook: str) -> Iterator[Result]:
    """Work through all histories, two at a time; say how far it is."""
    ours, theirs = Pipe()
    fork, workers = get_context("fork"), folder / "workers"
    beside = [
        fork.Process(target=_contained, args=(outside.serve, folder, theirs)),
        fork.Process(target=_contained, args=(nursery.serve, nursery.open_door(str(workers)))),
    ]
    for process in beside:
        process.start()
    pool = ProcessPoolExecutor(_LANES, mp_context=fork, initializer=victim.end_with_parent)
    given = {
        "folder": folder,
        "seed": seed,
        "ports": ours.recv(),
        "nursery": str(workers),
        "webhook": webhook,
    }
    try:
        trials = list(_trials(kills, **given))
        running = [pool.submit(trial.run, one) for one in trials]
        for done, future in enumerate(as_completed(running), start=1):
            result = future.result()
            yield result
            for fault in result.verdict.broken[:5] if result.where else ():
                _say(f"{result.where}: {fault}")
            if done * _SAID // len(trials) > (done - 1) * _SAID // len(trials):
                _say(f"{done} of {len(trials)} histories")
    finally:
        pool.shutdown(cancel_futures=True)
        for process in beside:
            process.kill()
            process.join()
        workers.unlink(missing_ok=True)


def _contained(work: Callable[..., None], *given: object) -> None:
    victim.end_with_parent()
    work(*given)


def _trials(kills: int, **given: Any) -> Iterator[Trial]:
    service, model = -(-kills // 5), max(10, kills // 50)
    wanted = {SERVICE: service, FORKED: kills - service} | dict.fromkeys(MODELS, model)
    number = count(1)
    for kind, many in wanted.items():
        size = min(_OF_ONE_HISTORY[kind], -(-many // _LANES))
        for done in range(0, many, size):
            yield Trial(f"history-{next(number)}", kind, min(many - done, size), **given)


def _sum(kind: str, results: Sequence[Result]) -> Result:
    total = Result(kind)
    for one in results:
        if one.kind == kind:
            total.kills += one.kills
            total.seconds += one.seconds
            total.verdict += one.verdict
            total.deaths += one.deaths
    return total


def _faults(results: Sequence[Result]) -> list[str]:
    return [f"{one.where}: {fault}" for one in results if one.where for fault in one.verdict.broken]


def _lost_nothing(one: Result) -> bool:
    return one.kind in MODELS and one.kills > 0 and not one.verdict.lost


def _report(
    sums: Sequence[Result], faults: Sequence[str], seed: int, seconds: float, *, as_json: bool
) -> None:
    if as_json:
        told = [
            {"kind": one.kind, "kills": one.kills, "seconds": one.seconds, "deaths": one.deaths}
            | {name: value for name, value in asdict(one.verdict).items() if name != "broken"}
            for one in sums
        ]
        print(json.dumps({"seed": seed, "seconds": seconds, "kinds": told, "faults": faults}))
        return
    print(_COLUMNS.format(*_HEAD))
    for one in sums:
        it = one.verdict
        print(
            _COLUMNS.format(
                one.kind,
                *(one.kills, it.alerts, it.received, it.undelivered, it.lost),
                *(it.duplicates, it.most, it.cut, round(one.seconds)),
            )
        )
    print(_LEGEND)
    for one in sums[:2]:
        print(f"{one.kind}, killed:", ", ".join(f"{at} {many}" for at, many in one.deaths.most_common()))
    print(
        "histories in which a kill put off that stories were joined:",
        sum(one.verdict.put_off for one in sums),
    )
    print(
        f"seed {seed}, {seconds:.0f} s;", f"{len(faults)} promises broken" if faults else "all promises kept"
    )
    for fault in faults[:50]:
        print(fault)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
