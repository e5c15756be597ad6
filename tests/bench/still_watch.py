"""The service over sources that are due again as soon as all have been looked at: `python still_watch.py CONFIG`.

Its clock leaps 90 minutes after each round, so that every look job is as full as it can be. It prints a line of JSON
after each round: how many rounds, looks and jobs there were so far.
"""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from monitor import app, planning
from monitor.cli.run import serve
from monitor.config import load_settings
from monitor.jobs.steps import Step

if TYPE_CHECKING:
    from datetime import datetime


class Rounds:
    """Counts what passes, and tells the time accordingly."""

    def __init__(self, sources: int) -> None:
        self._sources = sources
        self._looks = self._jobs = 0

    def observe(self, step: Step, _subject: str) -> None:
        """Count jobs and looks; a round ends when its last look is stored."""
        self._jobs += step is Step.LOOK_BEGUN
        if step is Step.ENTRIES_STORED:
            self._looks += 1
            rounds, rest = divmod(self._looks, self._sources)
            if not rest:
                line = json.dumps({"rounds": rounds, "looks": self._looks, "jobs": self._jobs})
                sys.stdout.write(line + "\n")
                sys.stdout.flush()

    def clock(self) -> datetime:
        """Later with each round; all of them take less than the day after which "unchanged" is put to the test."""
        return app.utc_now() + timedelta(minutes=90) * (self._looks // self._sources)


def main(config: str) -> int:
    """Serve until SIGTERM."""
    plan = planning.plan(load_settings(Path(config)))
    rounds = Rounds(len(plan.sources))
    return asyncio.run(serve(app.Service(plan, clock=rounds.clock, observe=rounds.observe)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
