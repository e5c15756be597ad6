"""What pruning costs whoever writes meanwhile, and what it gives back: `make bench-retention`.

A generated history of two years is pruned as the service would, slice by slice; after each slice an article is
stored, as if it had come in meanwhile.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING

from monitor.core.models import Ingest, Reason
from monitor.core.retention import Retention, size_text
from monitor.jobs.pruning import Run
from monitor.store.database import check, open_history, rows
from monitor.store.history import History
from monitor.store.pruning import Pruning, Space
from spiders.items import Article
from tests.bench.generated_history import UNTIL, generate
from tests.bench.table import Line, show

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.store.database import Database

NOW = UNTIL + timedelta(days=1)
ALONE = 500  # articles that are stored without pruning, to compare with
LONGEST = 0.05  # seconds that a slice may hold the file, wanted
LARGEST_LOG = 64 * 2**20  # bytes, wanted


def at(share: float, values: Sequence[float]) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def milliseconds(values: Sequence[float]) -> str:
    told = (*(at(share, values) for share in (0.5, 0.95, 0.99)), max(values))
    return f"{' / '.join(f'{one * 1e3:.1f}' for one in told)} ms"


def ingest(history: History, source: str, number: int) -> float:
    """Store an article that nobody waits for; how many seconds that took."""
    url = f"https://bench.example/{number}"
    text = f"The weather of day {number}. " * 25
    item = Ingest(url, source, Article(url, f"Weather {number}", text, "en"), NOW, Reason.NO_RULE_MATCHED)
    began = perf_counter()
    history.ingest(item)
    return perf_counter() - began


def measure(db: Database, kept: Retention) -> list[Line]:
    history, space = History(db), Space(db)
    (source,) = (row["name"] for row in rows(db, "SELECT name FROM sources LIMIT 1"))
    alone = [ingest(history, source, number) for number in range(ALONE)]
    before, slices, beside, log, given = space.usage(), [], [], 0, []
    busy: list[float] = []
    run = Run(Pruning(db), space, kept, NOW)
    more, began = True, perf_counter()
    while more:
        free = space.usage().free
        start, cpu = perf_counter(), process_time()
        more = run.slice(NOW)
        seconds, cpu = perf_counter() - start, process_time() - cpu
        if space.usage().free < free:
            given.append(seconds)
        else:
            slices.append(seconds)
            busy.append(cpu)
        beside.append(ingest(history, source, ALONE + len(beside)))
        log = max(log, space.usage().log)
    seconds, after = perf_counter() - began - sum(beside), space.usage()
    removed = {one.what: one.removed for one in run.pruned}
    (left,) = rows(db, "SELECT count(*) AS many FROM entries WHERE article IS NULL AND title = ''")
    return [
        Line("removed", ", ".join(f"{many:,} {what}" for what, many in removed.items())),
        Line("rows removed in a second", f"{sum(removed.values()) / seconds:,.0f}"),
        Line(
            "p50 / p95 / p99 / longest of a slice",
            milliseconds(slices),
            "p99 50 ms",
            at(0.99, slices) <= LONGEST,
        ),
        Line("of it CPU", milliseconds(busy)),
        Line("giving back", milliseconds(given or [0.0])),
        Line("storing an article without pruning", milliseconds(alone)),
        Line("storing an article beside pruning", milliseconds(beside)),
        Line("file before and after", f"{size_text(before.size)} -> {size_text(after.size)}"),
        Line("of it empty", size_text(after.free), "0", after.free == 0),
        Line("largest log", size_text(log), "<= 64 MiB", log <= LARGEST_LOG),
        Line("addresses that are left", f"{left['many']:,}"),
        Line("faults of the file", str(len(check(db))), "0", not check(db)),
    ]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--articles", type=int, default=200_000)
    options.add_argument("--history", type=Path, help="a generated one, of which a copy is pruned")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "history.db"
        if given.history:
            shutil.copy(given.history, path)
        else:
            generate(path, given.articles)
        with closing(open_history(path)) as db:
            return show(measure(db, Retention()))


if __name__ == "__main__":
    sys.exit(main())
