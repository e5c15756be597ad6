"""Programs that watch: how many looks they manage, in how much memory, and how soon they tell of a publication."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

from tests.bench.peers import changedetection
from tests.bench.peers.ours import TUMEN, configured
from tests.bench.peers.press import SUBJECTS, placed
from tests.bench.peers.running import weighed
from tests.bench.processes import Program

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tests.bench.peers.newsroom import Newsroom

EVERY = (
    changedetection.LEAST
)  # seconds between two looks at a feed, of both, where publications are waited for
_HURRY = 1  # the same, where they are to do as much as they can
_WARM = 3  # looks at each feed before anything is measured
_GAPS = (3.0, 9.0)  # seconds between two publications
_PATIENCE, _EVER = 600.0, 60.0  # seconds until all is warm; until a notification is given up


@dataclass(frozen=True)
class Watcher:
    """A program that watches feeds, and what starts it: the last argument is seconds between two looks at a feed."""

    name: str
    command: Callable[[Newsroom, Path, int], Sequence[str | Path]]


@dataclass(frozen=True)
class Speed:
    """Looks at feeds that do not change: an hour of them, CPU ms of each, and the most MB held meanwhile."""

    hourly: float
    cpu: float
    memory: float
    unchanged: float  # share of the looks that the server could answer with 304


@dataclass(frozen=True)
class Told:
    """Seconds from each publication to its notification, and how many never came."""

    waits: tuple[float, ...]
    missing: int


def watchers() -> tuple[Watcher, Watcher]:
    """Tumen and changedetection.io."""
    return Watcher("Tumen", _tumen), Watcher(changedetection.NAME, changedetection.command)


def full_speed(watcher: Watcher, room: Newsroom, folder: Path, seconds: float) -> Speed:
    """What a program manages that has no pause between its looks."""
    room.reset()
    with Program(watcher.command(room, folder, _HURRY), folder / "log") as program:
        _wait(lambda: room.counts().feeds >= _WARM * len(room.outlets), _PATIENCE, watcher.name)
        before, used, since, most = room.counts(), program.cpu().total, time.monotonic(), 0.0
        while time.monotonic() < since + seconds:
            most = max(most, weighed(program))
            time.sleep(0.5)
        after, cpu, took = room.counts(), program.cpu().total - used, time.monotonic() - since
    looks = after.feeds - before.feeds
    if not looks:
        raise RuntimeError(f"{watcher.name} has stopped looking")
    return Speed(looks / took * 3600, cpu / looks, most, (after.unchanged - before.unchanged) / looks)


def tell(watcher: Watcher, room: Newsroom, folder: Path, numbers: Sequence[int]) -> Told:
    """How soon a program tells of publications at random moments; each number is a development of its own."""
    chance, outlets = random.Random(numbers[0]), len(room.outlets)
    with Program(watcher.command(room, folder, EVERY), folder / "log"):
        room.reset()
        _wait(lambda: room.counts().feeds >= _WARM * outlets, _PATIENCE, watcher.name)
        published = []
        for number in numbers:
            time.sleep(chance.uniform(*_GAPS))
            published.append(room.publish(chance.randrange(outlets), number))
        until = time.monotonic() + _EVER
        while time.monotonic() < until:
            heard = room.heard()
            if all(any(paper.title in text for _, text in heard) for paper in published):
                break
            time.sleep(0.5)
    waits = [next((at - paper.at for at, text in heard if paper.title in text), None) for paper in published]
    return Told(tuple(wait for wait in waits if wait is not None), waits.count(None))


def _tumen(room: Newsroom, folder: Path, every: int) -> list[str | Path]:
    pace = {"fastest": f"{every}s", "slowest": f"{every}s"}
    packs = [str(_pack(folder / "pack"))]
    freshness = {"first_look": "1s"}  # what others were told of is no news
    config = configured(room, folder, packs=packs, pace=pace, freshness=freshness)
    return [TUMEN, "run", "--config", config]


def _pack(folder: Path) -> Path:
    """Topics by which each publication is a development of its own; a title and teaser beside them is enough."""
    for name in ("concepts", "rules"):
        (folder / name).mkdir(parents=True)
    subjects = {
        each: {"kind": "subject", "label": {"en": each}, "names": {"en": [each]}} for each in SUBJECTS
    }
    places = {
        f"p{number}": {"kind": "place", "label": {"en": placed(number)}, "names": {"en": [placed(number)]}}
        for number in range(500)
    }
    rules = {f"about-{word}": {"label": {"en": word}, "when": word} for word in SUBJECTS}
    for name, content in (
        ("pack.yaml", {"name": "bench", "label": {"en": "Bench"}, "skim": True}),
        ("concepts/all.yaml", subjects | places),
        ("rules/all.yaml", rules),
    ):
        (folder / name).write_text(yaml.safe_dump(content), encoding="utf-8")
    return folder


def _wait(done: Callable[[], bool], patience: float, who: str) -> None:
    until = time.monotonic() + patience
    while not done():
        if time.monotonic() > until:
            raise RuntimeError(f"{who} has not looked at every feed {_WARM} times within {patience:.0f} s")
        time.sleep(0.5)
