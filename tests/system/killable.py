"""The service as `tumen run` starts it, except that it can be told to die at a step, or to use another worker."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from datetime import timedelta
from functools import partial
from pathlib import Path

from monitor import app, planning
from monitor.cli.output import log_to_stderr
from monitor.cli.run import serve
from monitor.config import load_settings
from monitor.crawl import LocalCrawler
from monitor.jobs.steps import Observer, Step, ignore

DIED_AT = "died-at"  # file beside the configuration: at which step, and what it concerned


def killer(step: Step, nth: int, note: Path) -> Observer:
    """Ends this process without a chance to tidy up at the nth time a step passes."""
    left = nth

    def observe(passed: Step, subject: str) -> None:
        nonlocal left
        left -= passed is step
        if not left:
            note.write_text(f"{passed} {subject}", encoding="utf-8")
            os.kill(os.getpid(), signal.SIGKILL)

    return observe


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", type=Path)
    parser.add_argument("--die-at", type=Step)
    parser.add_argument("--nth", type=int, default=1)
    parser.add_argument("--worker", type=Path, help="program to run in place of the crawl worker")
    parser.add_argument("--upkeep", type=float, help="seconds between two looks at how the sources are")
    given = parser.parse_args()
    if given.worker:
        app.watching.LocalCrawler = partial(LocalCrawler, command=(sys.executable, "-P", str(given.worker)))
    if given.upkeep:
        app.service._UPKEEP = timedelta(seconds=given.upkeep)
    log_to_stderr(verbose=True)
    observe = killer(given.die_at, given.nth, given.config.with_name(DIED_AT)) if given.die_at else ignore
    code = asyncio.run(serve(app.Service(planning.plan(load_settings(given.config)), observe=observe)))
    os._exit(code)


if __name__ == "__main__":
    main()
