"""The service over sources that are due again as soon as all have been looked at: `python still_watch.py CONFIG`.

Its clock leaps 90 minutes after each round, when what was found is read, so that every look job is as full as it can
be. It prints a line of JSON after each round: how many rounds, looks, jobs and articles there were so far.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from monitor import app, planning
from monitor.cli.run import serve
from monitor.config import load_settings
from monitor.jobs.steps import Step

if TYPE_CHECKING:
    from datetime import datetime

_EVERY = 0.1  # seconds between two looks at what is still to be read


class Rounds:
    """Counts what passes, and tells the time accordingly."""

    def __init__(self, sources: int, history: Path) -> None:
        self._sources = sources
        self._history = history
        self._seen: set[str] = set()  # sources that were looked at in this round
        self._asked = 0.0
        self._rounds = self._looks = self._jobs = self._articles = 0

    def observe(self, step: Step, subject: str) -> None:
        """Count jobs, looks and articles."""
        self._jobs += step is Step.LOOK_BEGUN
        self._articles += step is Step.ARTICLE_STORED
        if step is Step.ENTRIES_STORED:
            self._looks += 1
            self._seen.add(subject)
            self._end()

    def clock(self) -> datetime:
        """Later with each round; all of them take less than the day after which "unchanged" is put to the test."""
        self._end()
        return app.utc_now() + timedelta(minutes=90) * self._rounds

    def _end(self) -> None:
        """End the round if all sources were looked at, and nothing is left to be read."""
        if len(self._seen) < self._sources or time.monotonic() < self._asked + _EVERY:
            return
        self._asked = time.monotonic()
        if self._is_reading():
            return
        self._seen.clear()
        self._rounds += 1
        told = {"rounds": self._rounds, "looks": self._looks, "jobs": self._jobs, "articles": self._articles}
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()

    def _is_reading(self) -> bool:
        with closing(sqlite3.connect(f"{self._history.as_uri()}?mode=ro", uri=True)) as db:
            query = "SELECT EXISTS (SELECT 1 FROM entries WHERE state = 'to_read' AND attempts = 0)"
            return bool(db.execute(query).fetchone()[0])


def main(config: str) -> int:
    """Serve until SIGTERM."""
    plan = planning.plan(load_settings(Path(config)))
    rounds = Rounds(len(plan.sources), Path(config).resolve().with_name("tumen.db"))
    return asyncio.run(serve(app.Service(plan, clock=rounds.clock, observe=rounds.observe)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
