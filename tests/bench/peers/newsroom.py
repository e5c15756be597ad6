"""The newsroom under measurement, a process of its own, as a bench holds it: what to read, and what was asked."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any, Self

from spiders.items import Kind, Source
from tests.bench.peers.press import FEED
from tests.bench.processes import ROOT


@dataclass(frozen=True)
class Counts:
    """What the outlets were asked since counting began, and what they sent.

    Attributes:
        requests: of every kind.
        bytes: of bodies as they went over the wire.
        feeds: looks at feeds, of which `unchanged` were answered with 304.
        articles: how many different articles were sent.
        missing: addresses that nothing is at, and how often they were asked for.
        most_in_flight: the most requests that one outlet had to answer at a time.
        began: when the first request came, on the machine's monotonic clock.
    """

    requests: int
    bytes: int
    feeds: int
    unchanged: int
    articles: int
    missing: dict[str, int]
    most_in_flight: int
    began: float


@dataclass(frozen=True)
class Paper:
    """An article as it was published."""

    url: str
    title: str
    text: str = ""
    at: float = 0.0  # on the machine's monotonic clock; only of what is published while the newsroom is open


class Newsroom:
    """So many outlets with so many articles each, from entering the context to leaving it.

    `latency` is the mean time to an answer, in seconds; answers take from two thirds to four thirds of it.
    """

    def __init__(self, outlets: int, articles: int, latency: float = 0.075) -> None:
        self._command = [sys.executable, "-m", "tests.bench.peers.serving", str(outlets), str(articles)]
        self._command.append(str(latency))

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        opened = self._read()
        self.ear: str = opened["ear"]
        self.outlets: dict[str, str] = dict(opened["outlets"])
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    @property
    def hosts(self) -> list[str]:
        """Name and port of each outlet."""
        return [base.removeprefix("http://") for base in self.outlets]

    def sources(self) -> tuple[Source, ...]:
        """The outlets' feeds."""
        return tuple(
            Source(
                f"outlet-{number}", f"Outlet {number}", base + FEED, Kind.FEED, language=language, weight=5
            )
            for number, (base, language) in enumerate(self.outlets.items())
        )

    def papers(self) -> dict[str, Paper]:
        """All articles by their addresses; their pages are then ready to be sent."""
        return {each["url"]: Paper(**each) for each in self._ask("papers")}

    def reset(self) -> None:
        """Begin to count anew, and forget what was heard."""
        self._ask("reset")

    def counts(self) -> Counts:
        """What was asked so far."""
        return Counts(**self._ask("counts"))

    def publish(self, outlet: int, number: int) -> Paper:
        """One more article at this outlet; each number tells of a development of its own."""
        return Paper(**self._ask(f"publish {outlet} {number}"))

    def heard(self) -> list[tuple[float, str]]:
        """The notifications that came to `ear`, and when, on the machine's monotonic clock."""
        return [(at, text) for at, text in self._ask("heard")]

    def _ask(self, order: str) -> Any:
        assert self._process.stdin
        self._process.stdin.write(order + "\n")
        self._process.stdin.flush()
        return self._read()

    def _read(self) -> Any:
        assert self._process.stdout
        return json.loads(self._process.stdout.readline())
