"""The pages of a large history: how soon each answers, and whether reading hurts whoever writes.

`python -m tests.bench.bench_web HISTORY` asks every kind of page many times, over HTTP, from the real `tumen web`.
`--load MINUTES` has several clients read pages, tables, SQL and CSV of a copy while a writer takes articles in: no
answer may fail, and the log of the history (WAL) stays within its limit.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin, urlsplit

from lxml import html

from monitor.store.database import open_history
from tests.bench.generated_history import PACK
from tests.bench.table import Line, show
from tests.web.browser.conftest import serve
from tests.web.browser.hostile import WIRE, Press

if TYPE_CHECKING:
    from collections.abc import Iterator

WANTED = 0.2  # seconds within which a page answers
WAL_LIMIT = 48 * 2**20  # bytes: what docs/web.md says
_TIMES, _EACH, _CLIENTS = 20, 2, 4
_TABLES = (
    "/history/articles?_size=50",
    "/history/articles.json?language=ko&_size=100",
    "/history/alerts_readable",
    "/history/revisions.csv?_size=200",
    "/history.json?sql=select+language%2C+count%28*%29+from+articles+where+story+is+not+null+group+by+1",
)


@dataclass
class Reader:
    """A browser that keeps its connection."""

    address: str
    spent: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failed: Counter[str] = field(default_factory=Counter)

    def get(self, path: str) -> str:
        """The answer as text; how long it took is kept by the kind of the page."""
        begun = time.perf_counter()
        try:
            with closing(HTTPConnection(urlsplit(self.address).netloc, timeout=60)) as connection:
                connection.request(
                    "GET", quote(path, safe="/?&=%+:,;~()*@$!'-._"), headers={"Accept": "text/html"}
                )
                answer = connection.getresponse()
                text = answer.read().decode("utf-8", "replace")
        except OSError as error:
            self.failed[f"{kind(path)}: {type(error).__name__}"] += 1
            return ""
        self.spent[kind(path)].append(time.perf_counter() - begun)
        if answer.status != 200:
            self.failed[f"{kind(path)}: {answer.status}"] += 1
        return text


def kind(path: str) -> str:
    """The address without what names a certain thing."""
    if path.startswith("/history"):
        return path
    split = urlsplit(path)
    names = sorted(re.findall(r"(?:^|&)(\w+)=", split.query))
    return re.sub(r"(?<=/source/).+|(?<=/rule/).+|\d+", "*", split.path) + (
        "?" + "&".join(names) if names else ""
    )


def kinds(reader: Reader) -> list[str]:
    """An address of each kind of page that links lead to, several of some."""
    waiting, seen, found = (
        ["/", "/search?q=Moscow", "/search?q=平壤", "/search?q=Kim+Russia&best=1"],
        set(),
        Counter(),
    )
    chosen = []
    while waiting and len(chosen) < 90:
        path = waiting.pop(0)
        if path in seen or found[kind(path)] >= _EACH or path.startswith("/history"):
            continue
        seen.add(path)
        found[kind(path)] += 1
        text = reader.get(path)
        chosen.append(path)
        if "<html" not in text[:200]:
            continue
        for link in html.fromstring(text).xpath("//a/@href"):
            near = urlsplit(urljoin(f"{reader.address}{path}", link))
            if near.netloc == urlsplit(reader.address).netloc:
                waiting.append(f"{near.path}?{near.query}" if near.query else near.path)
    return chosen


def pages(history: Path) -> Iterator[Line]:
    """How soon each kind of page answers."""
    with tempfile.TemporaryDirectory() as folder, serve(history, pack=PACK, folder=Path(folder)) as address:
        chosen = kinds(Reader(address))
        reader = Reader(address)
        for path in chosen * _TIMES:
            reader.get(path)
    yield Line(f"pages of {history.name}", "p50 / p95 / most, ms", f"p95 <= {WANTED * 1000:.0f}")
    yield from _spent(reader.spent, wanted=WANTED)
    yield Line("answers that failed", str(dict(reader.failed)), "none", not reader.failed)


def load(history: Path, minutes: float) -> Iterator[Line]:
    """Clients read a copy of the history while a writer takes articles in."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "tumen.db"
        shutil.copyfile(history, copy)
        with serve(copy, pack=PACK) as address:
            chosen = [*kinds(Reader(address)), *_TABLES]
            ends = time.monotonic() + minutes * 60
            readers = [Reader(address) for _ in range(_CLIENTS)]
            log, taken = _Log(copy, ends), _Writer(copy, ends)
            threads = [
                threading.Thread(target=_read, args=(one, chosen, n, ends)) for n, one in enumerate(readers)
            ]
            threads += [threading.Thread(target=one.run) for one in (log, taken)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
    spent: dict[str, list[float]] = defaultdict(list)
    failed: Counter[str] = Counter()
    for reader in readers:
        failed += reader.failed
        for name, times in reader.spent.items():
            spent[name] += times
    many = sum(map(len, spent.values()))
    yield Line(f"{_CLIENTS} clients for {minutes:g} minutes", f"{many} answers", "p50 / p95 / most, ms")
    yield from _spent(spent)
    yield Line("answers that failed", str(dict(failed)), "none", not failed)
    yield Line(
        "articles taken in meanwhile",
        f"{len(taken.spent)}; p95 {_ms(taken.spent, 0.95)} ms",
        "> 0",
        bool(taken.spent),
    )
    yield Line("writes that failed", str(taken.failed), "none", not taken.failed)
    yield Line("largest log (WAL)", f"{log.largest / 2**20:.1f} MiB", "<= 48 MiB", log.largest <= WAL_LIMIT)


def _read(reader: Reader, chosen: list[str], number: int, ends: float) -> None:
    chance = random.Random(number)
    while time.monotonic() < ends:
        reader.get(chance.choice(chosen))


class _Log:
    """Watches how large the log of the history becomes."""

    def __init__(self, history: Path, ends: float) -> None:
        self._log, self._ends, self.largest = history.with_name(f"{history.name}-wal"), ends, 0

    def run(self) -> None:
        while time.monotonic() < self._ends:
            if self._log.exists():
                self.largest = max(self.largest, self._log.stat().st_size)
            time.sleep(0.1)


class _Writer:
    """Takes articles in, some a second, as the service does."""

    def __init__(self, history: Path, ends: float) -> None:
        self._history, self._ends = history, ends
        self.spent: list[float] = []
        self.failed: list[str] = []

    def run(self) -> None:
        with closing(open_history(self._history)) as db:
            press = Press(db, datetime.now(UTC))
            number = 0
            while time.monotonic() < self._ends:
                number += 1
                begun = time.perf_counter()
                try:
                    text = f"{WIRE.text} {number} passengers of ship {number % 97} waited."
                    press.publish(
                        replace(WIRE, url=f"https://load.example/{number}", text=text),
                        "wire",
                        timedelta(seconds=1),
                    )
                except Exception as error:  # noqa: BLE001  whatever it was, it is told
                    self.failed.append(repr(error))
                self.spent.append(time.perf_counter() - begun)
                time.sleep(0.02)


def _spent(spent: dict[str, list[float]], wanted: float | None = None) -> Iterator[Line]:
    for name, times in sorted(spent.items(), key=lambda one: -_at(one[1], 0.95)):
        told = f"{_ms(times, 0.5)} / {_ms(times, 0.95)} / {_ms(times, 1)}"
        yield Line(f"  {name[:70]}", told, "", None if wanted is None else _at(times, 0.95) <= wanted)


def _at(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def _ms(times: list[float], share: float) -> str:
    return f"{1000 * (statistics.median(times) if share == 0.5 else _at(times, share)):.0f}" if times else "-"


def main() -> int:
    """Run what is asked for; 1 if a line misses what is wanted."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("history", type=Path)
    options.add_argument("--load", type=float, default=0.0, metavar="MINUTES")
    asked = options.parse_args()
    return show(list(load(asked.history, asked.load) if asked.load else pages(asked.history)))


if __name__ == "__main__":
    sys.exit(main())
