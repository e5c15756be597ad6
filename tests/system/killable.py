"""The service as `tumen run` starts it, except that it can be told to die or hang at a step, or to have a bug."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
import time
from datetime import timedelta
from functools import partial
from pathlib import Path

from monitor import app, planning
from monitor.cli.logs import log_to_stderr
from monitor.cli.run import serve
from monitor.config import Settings, load_settings
from monitor.crawl import LocalCrawler
from monitor.jobs.steps import Observer, Step, ignore
from monitor.scheduler import Timer
from monitor.supervision import Manager

DIED_AT = "died-at"  # file beside the configuration: at which step, and what it concerned


def killer(step: Step, nth: int, note: Path, *, hang: bool) -> Observer:
    """Ends this process without a chance to tidy up, or has its loop hang, at the nth time a step passes."""
    left = nth

    def observe(passed: Step, subject: str) -> None:
        nonlocal left
        left -= passed is step
        if not left:
            note.write_text(f"{passed} {subject}", encoding="utf-8")
            while hang:
                time.sleep(3600)
            os.kill(os.getpid(), signal.SIGKILL)

    return observe


def stumble() -> None:
    raise ZeroDivisionError


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", type=Path)
    parser.add_argument("--die-at", type=Step)
    parser.add_argument("--hang-at", type=Step)
    parser.add_argument("--break", dest="broken", help="tick that fails each time")
    parser.add_argument("--nth", type=int, default=1)
    parser.add_argument("--worker", type=Path, help="program to run in place of the crawl worker")
    parser.add_argument("--upkeep", type=float, help="seconds between two looks at how the sources are")
    given = parser.parse_args()
    if given.worker:
        app.crawling.LocalCrawler = partial(LocalCrawler, command=(sys.executable, "-P", str(given.worker)))
    if given.upkeep:
        app.service._UPKEEP = timedelta(seconds=given.upkeep)
    if given.broken:
        every = Timer.every
        Timer.every = lambda self, interval, tick, name: every(
            self, interval, stumble if name == given.broken else tick, name
        )
    log_to_stderr(verbose=True)
    step, note = given.die_at or given.hang_at, given.config.with_name(DIED_AT)
    observe = killer(step, given.nth, note, hang=bool(given.hang_at)) if step else ignore

    def reread() -> Settings:
        return load_settings(given.config)

    manager = Manager.taken(os.environ)
    service = app.Service(planning.plan(reread()), reread=reread, manager=manager, observe=observe)
    code = asyncio.run(serve(service))
    os._exit(code)


if __name__ == "__main__":
    main()
