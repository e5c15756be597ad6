"""How long publications wait to be found, beside other rules with as many requests; a thousand sources for a week.

Run it with `make bench-pacing`. It exits with 1 if a figure misses what is wanted.
"""

from __future__ import annotations

import argparse
import sys
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from tests.bench import table
from tests.bench.pace_replay import foresight, replay, with_as_many
from tests.bench.pace_rules import EntryFrequency, Fixed, Knowing, Overlap, Tumen
from tests.bench.pace_streams import KINDS, made_up, real
from tests.bench.pace_week import Week, week

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from tests.bench.pace_replay import Replay
    from tests.bench.pace_rules import Rule
    from tests.bench.pace_streams import Stream

_FIXED = {
    True: timedelta(hours=6),
    False: timedelta(minutes=30),
}  # real streams are thin: articles on one topic
_LONGEST = 300.0  # seconds that the week may take
_MEMORY = 16.0  # megabytes by which it may grow after its first day


def compared(stream: Stream) -> Iterator[table.Line]:
    """Tumen beside each rule, with as many looks as that rule spends."""
    rivals = {
        "fixed interval": lambda _name, _random: Fixed(_FIXED[stream.rates is None]),
        "Miniflux": lambda _name, _random: EntryFrequency(),
        "Media Cloud": lambda _name, _random: Overlap(),
    }
    for name, rule in rivals.items():
        other = replay(stream, rule)
        ours = with_as_many(other.looks, stream, _tumen)
        better = all(ours.quantile(part) < other.quantile(part) for part in (0.5, 0.95))
        yield table.Line(f"  {name}, {other.looks} looks: {_told(other)}", _told(ours), "both lower", better)
        best = f"mean {foresight(ours.looks, stream):.1f} min"
        yield table.Line("  … the best that knows the future (dynamic programming)", best)
        if stream.rates is not None:
            knowing = with_as_many(other.looks, stream, _knowing(stream.rates))
            yield table.Line("  … the best that knows the true rates", _told(knowing))


def _tumen(fastest: timedelta) -> Callable[[str, random.Random], Rule]:
    return lambda _name, random_: Tumen(fastest, random_)


def _knowing(
    rates: Mapping[str, Callable[[datetime], float]],
) -> Callable[[timedelta], Callable[[str, random.Random], Rule]]:
    return lambda scale: lambda name, _random: Knowing(scale, rates[name])


def _told(done: Replay) -> str:
    return f"median {done.quantile(0.5):.1f} p95 {done.quantile(0.95):.1f} mean {done.mean:.1f} min"


def judged(done: Week, seconds: float) -> Iterator[table.Line]:
    """What a week of a thousand sources did."""
    yield table.Line("  CPU seconds", f"{seconds:.0f}", f"< {_LONGEST:.0f}", seconds < _LONGEST)
    yield table.Line("  looks", f"{done.looks}, {done.looks / done.hours:.0f} an hour")
    longest = f"{done.longest_wait / timedelta(minutes=1):.0f} min"
    ceiling = f"<= {done.ceiling / timedelta(minutes=1):.0f} min"
    yield table.Line("  longest wait of a source", longest, ceiling, done.longest_wait <= done.ceiling)
    yield table.Line("  sources never looked at", f"{done.starved}", "0", done.starved == 0)
    yield table.Line(
        "  growth after the first day", f"{done.growth:.1f} MB", f"< {_MEMORY}", done.growth < _MEMORY
    )
    waits = f"median {done.quantile(0.5):.1f} p95 {done.quantile(0.95):.1f} min"
    yield table.Line("  from publication to detection", waits)


def main() -> int:
    """Print the tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sources", type=int, default=1000, help="of the simulated week")
    asked = options.parse_args()
    missed = 0
    for stream in (real(), *map(made_up, KINDS)):
        if stream is None:
            print("real times: skipped, ../shared/corpus is not there")
            continue
        count = sum(map(len, stream.published.values()))
        print(f"{stream.name}: {count} publications of {len(stream.published)} sources", flush=True)
        missed |= table.show(tuple(compared(stream)))
    print(f"a week of {asked.sources} sources, through the core and the store", flush=True)
    begun = time.process_time()
    done = week(asked.sources, days=7)
    missed |= table.show(tuple(judged(done, time.process_time() - begun)))
    return missed


if __name__ == "__main__":
    sys.exit(main())
