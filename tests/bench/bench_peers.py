"""Tumen beside its peers, on one newsroom with latency: `python -m tests.bench.bench_peers` (`make bench-peers`).

Every program reads the same articles of the same outlets, which answer as a network does, and is judged by what it
got, too: an article counts if it has the title and the text that were published. Programs take turns; figures are
medians of the rounds. Then Tumen and a program that watches pages watch the same feeds: how many looks they manage,
in how much memory, and how soon they tell of a publication at a random moment.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.bench import figures
from tests.bench.figures import Finding, Sheet, report, row
from tests.bench.peers import changedetection, environments
from tests.bench.peers.comparing import BARE, OURS, Crawls, beside, drawn, watched
from tests.bench.peers.newspaper4k import Newspaper
from tests.bench.peers.newsplease import NewsPlease
from tests.bench.peers.newsroom import Newsroom
from tests.bench.peers.ours import Bare, Tumen
from tests.bench.peers.running import run
from tests.bench.peers.watching import EVERY, full_speed, tell, watchers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.bench.peers.running import Reader, Run

LATENCY = 0.075  # seconds to an answer, a third more or less
FEW, WATCHED, ARTICLES = 4, 200, 30  # outlets; articles of each
PEERS: tuple[Reader, ...] = (NewsPlease(), Newspaper())
NOT_THERE = "it could not be installed here"
_MEASURED = 20.0  # seconds for which looks are counted


@dataclass(frozen=True)
class Size:
    """How much is measured: rounds, outlets, and publications that are waited for in each round."""

    rounds: int
    outlets: int
    publications: int


def crawl(size: Size) -> tuple[Crawls, dict[str, str]]:
    """All programs in turns over many outlets, Tumen and bare Scrapy over few as well; and why some are left out."""
    ours: tuple[Reader, ...] = (Bare(), Tumen())
    many: dict[str, list[Run]] = {reader.name: [] for reader in (*PEERS, *ours)}
    few: dict[str, list[Run]] = {reader.name: [] for reader in ours}
    absent = {peer.name: NOT_THERE for peer in PEERS if not environments.version(peer.name)}
    with Newsroom(FEW, ARTICLES, LATENCY) as small, Newsroom(size.outlets, ARTICLES, LATENCY) as large:
        for reader in ours:
            _run(reader, small)  # compiles what it imports
        for _ in range(size.rounds):
            for peer in PEERS:
                if peer.name not in absent:
                    try:
                        many[peer.name].append(_run(peer, large))
                    except RuntimeError as error:
                        absent[peer.name] = _told(error)
            for reader in ours:
                many[reader.name].append(_run(reader, large))
                few[reader.name].append(_run(reader, small))
    there = {name: runs for name, runs in many.items() if name not in absent}
    return Crawls(ARTICLES * size.outlets, there, few), absent


def watch(size: Size) -> Sheet:
    """Tumen and a program that watches pages, in turns, over the same feeds."""
    speeds = {watcher.name: [] for watcher in watchers()}
    told = {watcher.name: [] for watcher in watchers()}
    with Newsroom(WATCHED, ARTICLES, LATENCY) as room:
        for _ in range(size.rounds):
            for watcher in watchers():
                _say(f"{watcher.name} at full speed")
                with _folder() as folder:
                    speeds[watcher.name].append(full_speed(watcher, room, folder, _MEASURED))
    numbers = iter(range(10_000))
    with Newsroom(size.outlets, ARTICLES, LATENCY) as room:
        for _ in range(size.rounds):
            for watcher in watchers():
                _say(f"{watcher.name} waits for {size.publications} publications")
                batch = [next(numbers) for _ in range(size.publications)]
                with _folder() as folder:
                    told[watcher.name].append(tell(watcher, room, folder, batch))
    return watched(speeds, told, _label(changedetection.NAME))


def found(size: Size) -> Finding:
    """Measure, and lay it out."""
    crawls, absent = crawl(size)
    sheets = [*_beside(crawls, absent), _watched(size)]
    note = (
        f"Medians of {size.rounds} rounds. Crawls: {crawls.articles} articles of {size.outlets} outlets, an answer"
        f" takes {LATENCY * 1000:.0f} ms, a third more or less. {OURS}: {Tumen.manners}."
        f" Start apart: what {FEW} outlets take is deducted."
        f" Full speed: {WATCHED} feeds of {ARTICLES} entries, due again after a second. Publications: both look"
        f" every {EVERY} s, the least that {changedetection.NAME} takes; Tumen reads the page before it tells."
        " Memory is the most that all processes of a program held, shared pages counted once."
    )
    return Finding("peers", "Beside other programs", tuple(sheets), drawn(crawls), note=note)


def main() -> int:
    """Measure, then print the tables; 1 if Tumen is not where it is to be."""
    parser = argparse.ArgumentParser(description="Measure Tumen beside its peers.")
    parser.add_argument("--rounds", type=int, default=3, help="How often each program is run, in turns.")
    parser.add_argument("--outlets", type=int, default=20, help=f"Outlets with {ARTICLES} articles each.")
    parser.add_argument("--publications", type=int, default=8, help="That are waited for, in each round.")
    figures.add_option(parser)
    given = parser.parse_args()
    if given.outlets <= FEW:
        parser.error(f"--outlets: more than {FEW}, or the cost of starting cannot be told apart")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that no program is left behind
    with TemporaryDirectory() as compiled:
        # As in an installed program, modules are compiled once; else that would be most of the cost of starting.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = compiled
        finding = found(Size(given.rounds, given.outlets, given.publications))
    return report(finding, kept=given.keep)


def _beside(crawls: Crawls, absent: Mapping[str, str]) -> Iterator[Sheet]:
    for peer in PEERS:
        if peer.name in absent:
            yield _missing(peer.name, absent[peer.name])
        else:
            yield beside(crawls, peer.name, _label(peer.name), peer.manners)
    yield beside(crawls, BARE, f"{BARE} with the same extraction", Bare.manners)


def _watched(size: Size) -> Sheet:
    if not environments.version(changedetection.NAME):
        return _missing(changedetection.NAME, NOT_THERE)
    try:
        return watch(size)
    except RuntimeError as error:
        return _missing(changedetection.NAME, _told(error))


def _missing(peer: str, why: str) -> Sheet:
    nothing = row("figures", 0, limit=1, better="more")
    return Sheet(f"{OURS} beside {peer}", ("there",), (nothing,), f"{peer}: {why}.")


def _told(error: RuntimeError) -> str:
    """The first line, the one that is kept: the others are a program's log."""
    sys.stderr.write(f"{error}\n")
    return str(error).partition("\n")[0].rstrip(":")


def _label(peer: str) -> str:
    return f"{peer} {environments.version(peer)}"


def _run(reader: Reader, room: Newsroom) -> Run:
    _say(f"{reader.name} over {len(room.outlets)} outlets")
    with _folder() as folder:
        return run(reader, room, folder)


@contextmanager
def _folder() -> Iterator[Path]:
    with TemporaryDirectory(ignore_cleanup_errors=True) as name:  # a killed program's child may still write
        yield Path(name)


def _say(what: str) -> None:
    sys.stderr.write(f"measuring: {what}\n")


if __name__ == "__main__":
    sys.exit(main())
