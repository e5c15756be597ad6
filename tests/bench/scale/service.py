"""`tumen run` as a program under measurement, on a newsroom and, if there is one, a cluster."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Self

from tests.bench.processes import Program
from tests.bench.scale.hosts import HOST
from tests.bench.scale.ledger import Progress, progress
from tests.bench.scale.press import TOWNS
from tests.soak.press import write_pack

if TYPE_CHECKING:
    from tests.bench.scale.hosts import Newsroom

_TUMEN = Path(sys.executable).with_name("tumen")


class Service:
    """The service in a folder, from entering the context to leaving it; it may be killed and started again.

    Args:
        folder: where its configuration, its history and its log lie.
        newsroom: what it watches and tells.
        cluster: the address of the scheduler; empty if it reads by itself.
        pace: how often it looks at a source at most, e.g. `30s`.
        crawl: more of the section `crawl`.
    """

    def __init__(
        self, folder: Path, newsroom: Newsroom, cluster: str = "", *, pace: str = "1m", **crawl: object
    ) -> None:
        self._config = folder / "tumen.yaml"
        self._cluster = cluster
        self.history = folder / "tumen.db"
        self.log = folder / "log.txt"
        settings = {
            "packs": [str(write_pack(folder, TOWNS))],
            "channels": {"desk": {"url": newsroom.channel}},
            "sources": {"shipped": False, "own": newsroom.sources},
            "pace": {"fastest": pace, "slowest": pace, "failing": pace},
            "crawl": {"contact": newsroom.contact, "allow_private": [HOST], **crawl},
        }
        self._config.write_text(json.dumps(settings), encoding="utf-8")  # JSON is YAML, too

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *what: object) -> None:
        self.program.__exit__(*what)

    def start(self) -> None:
        """Start it, and wait until it watches."""
        started = self._watching()
        cluster = ("--cluster", self._cluster) if self._cluster else ()
        command = (_TUMEN, "run", "--config", self._config, *cluster)
        self.program = Program(command, self.log).__enter__()
        self.program.wait_until(lambda: self._watching() > started)

    @property
    def progress(self) -> Progress:
        """How far it is."""
        return progress(self.history)

    def _watching(self) -> int:
        log = self.log
        return log.read_text(encoding="utf-8").count("watching; ") if log.exists() else 0
