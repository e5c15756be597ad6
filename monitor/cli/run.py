"""`tumen run`."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from typing import TYPE_CHECKING

import click

from monitor import app
from monitor.cli.options import config_file, settings_of
from monitor.cli.output import log_to_stderr

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@config_file
@click.option("--verbose", "-v", is_flag=True, help="Say more, about articles that are not on topic as well.")
def run(config: Path, *, verbose: bool) -> None:
    """Watch the sources and tell the channels, until stopped by Ctrl-C or SIGTERM."""
    log_to_stderr(verbose=verbose)
    plan = app.plan(settings_of(config))
    code = asyncio.run(serve(app.Service(plan)))
    # A message that nobody answers may hold a thread for minutes; the history is closed, so nothing waits for it.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


async def serve(service: app.Service) -> int:
    """Run the service until a signal ends it; the exit code that says which."""
    stop = asyncio.Event()
    received: list[int] = []

    def end(number: int) -> None:
        received.append(number)
        stop.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end, number)
    await service.run(stop)
    return 128 + received[0] if received else 0
