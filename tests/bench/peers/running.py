"""A program over the newsroom, from its start until it has everything: what it took, and what it got."""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from tests.bench.processes import ROOT, Program

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tests.bench.peers.newsroom import Counts, Newsroom, Paper

DELAY = 0.1  # seconds between two requests to one outlet, of every program that knows a pause
_PATIENCE = 900.0  # seconds for one run
_EVERY = 0.5  # seconds between two looks at a program's memory
_NOWHERE = "http://127.0.0.1:9"
_BLANK = re.compile(r"\s+")


@dataclass(frozen=True)
class Read:
    """An article as a program has it."""

    title: str
    text: str

    def is_whole(self, paper: Paper) -> bool:
        """Whether it is what was published: the title, each paragraph, and little more than that."""
        text, wanted = _bare(self.text), _bare(paper.text)
        parts = [_bare(part) for part in paper.text.split("\n\n")]
        return (
            _bare(paper.title) == _bare(self.title)
            and all(part in text for part in parts)
            and len(text) <= 1.1 * len(wanted) + len(_bare(paper.title))
        )


class Reader(Protocol):
    """A program that reads whole newsrooms.

    `name` is how it is called, `manners` how it treats an outlet, in a few words.
    """

    name: str
    manners: str

    def command(self, room: Newsroom, folder: Path) -> Sequence[str | Path]:
        """What to start; whatever it needs is written into the folder."""

    def is_done(self, folder: Path, outlets: int) -> bool:
        """Whether it has everything; False for a program that ends by itself."""

    def finished(self, folder: Path) -> float | None:
        """When it wrote its last article (`time.time`), None if that is when it is done."""

    def articles(self, folder: Path) -> Mapping[str, Read]:
        """What it got, by address."""


@dataclass(frozen=True)
class Run:
    """What a run took.

    Attributes:
        seconds: from its start to its last article.
        reading: from its first request to its last article.
        cpu: milliseconds of all its processes from first to last.
        memory: the most MB that its processes held at a time; pages that they share are counted once.
        counts: what the newsroom was asked.
        whole: articles with the title and the text that were published.
    """

    seconds: float
    reading: float
    cpu: float
    memory: float
    counts: Counts
    whole: int


def run(reader: Reader, room: Newsroom, folder: Path) -> Run:
    """Run a program over the newsroom. Raises RuntimeError if it fails, does not end or brings nothing."""
    papers = room.papers()
    command, most, done = reader.command(room, folder), 0.0, False
    room.reset()
    begun, since = time.time(), time.monotonic()
    with Program(command, folder / "log") as program:
        while not _has_ended(program.pid) and not (done := reader.is_done(folder, len(room.outlets))):
            if time.monotonic() > since + _PATIENCE:
                raise RuntimeError(f"{reader.name} is not done after {_PATIENCE:.0f} s")
            most = max(most, weighed(program))
            time.sleep(_EVERY)
        took = time.monotonic() - since
        cpu = program.terminate() if done else program.wait()
    if (finished := reader.finished(folder)) is not None:
        took = finished - begun
    found, counts = reader.articles(folder), room.counts()
    whole = sum(found[url].is_whole(paper) for url, paper in papers.items() if url in found)
    if not whole:
        raise RuntimeError(f"{reader.name} got no article as it was published")
    return Run(took, took - (counts.began - since), cpu, most, counts, whole)


def apart(folder: Path, **more: str) -> list[str]:
    """The begin of a command line that starts a peer with nothing of ours, and away from the network.

    Some ask for a list of domains by https when they start: refused at once, they take the one that they came with.
    """
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        "https_proxy": _NOWHERE,
        **more,
    }
    return [
        "env",
        "-i",
        f"--chdir={folder}",
        *(f"{key}={value}" for key, value in environment.items() if value),
    ]


def installed(peer: str) -> Path:
    """The environment that a peer was installed into by `make peers`."""
    return ROOT / ".peers" / peer


def weighed(program: Program) -> float:
    """MB that the processes of a program hold, with shared pages divided by those who share them."""
    try:
        return sum(each.pss for each in program.memory())
    except OSError:  # one of them has just ended
        return 0.0


def _has_ended(pid: int) -> bool:
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _bare(text: str) -> str:
    """Without anything blank: where lines break is a matter of taste."""
    return _BLANK.sub("", text)
