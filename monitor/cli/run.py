"""`tumen run`."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from typing import TYPE_CHECKING

import click

from monitor import app, planning
from monitor.cli import print_error
from monitor.cli.logs import log_format, logged
from monitor.cli.options import config_file, ending, settings_of
from monitor.cli.web import access_of
from monitor.config import clustered
from monitor.core.errors import DatabaseDamaged
from monitor.supervision import Manager
from monitor.web.beside import Beside, command

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from monitor.config import Settings


@click.command(
    epilog=ending(
        examples=[
            "tumen run",
            "tumen run --config /etc/tumen/tumen.yaml --web",
            "tumen run --cluster tcp://127.0.0.1:8786",
        ]
    )
)
@config_file
@click.option("--verbose", "-v", is_flag=True, help="Say more, about articles that are not on topic as well.")
@click.option("--web", is_flag=True, help="Serve the history as web pages too, as `tumen web` does.")
@click.option(
    "--cluster",
    metavar="ADDRESS",
    help="Have a Dask cluster read the web, whose scheduler listens there: tcp://host:port. With tls://, its "
    "certificates stand in the configuration.",
)
@log_format
def run(config: Path, *, verbose: bool, web: bool, cluster: str | None, form: str | None) -> None:
    """Watch the sources and tell the channels, until stopped by Ctrl-C or SIGTERM.

    SIGHUP has it take up its configuration as it is written now, as `tumen reload` does; edited packs it finds by
    itself within some seconds.
    """
    if not _terminals():
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # while it starts, everything is being read anyway

    def reread() -> Settings:
        settings = clustered(settings_of(config), cluster)
        if web:
            access_of(settings.web)  # what is wrong with it is said before anything starts
        return settings

    try:
        with logged(form, verbose=verbose) as follow:
            settings = reread()
            follow(settings.log.format)
            code = _run(settings, reread, command(config, form or settings.log.format) if web else ())
    except DatabaseDamaged as damage:
        print_error(damage)
        code = damage.exit_code
    except click.exceptions.Exit as ended:  # the error was the last record of the log
        code = ended.exit_code
    # A message that nobody answers may hold a thread for minutes; the history is closed, so nothing waits for it.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _run(settings: Settings, reread: Callable[[], Settings], command: Sequence[str]) -> int:
    """Run the service, with this command that serves its pages, until it ends; the exit code."""
    manager = Manager.taken(os.environ)
    plan = planning.plan(settings)
    if not settings.crawl.contact:
        logging.getLogger("tumen").warning("the user agent names no contact: %s", planning.NO_CONTACT)
    if warning := planning.open_cluster(settings):
        logging.getLogger("tumen").warning("the cluster: %s", warning)
    pages = Beside(command) if command else None
    renew = pages.renew if pages else lambda: None
    service = app.Service(plan, reread=reread, reloaded=renew, manager=manager)
    return asyncio.run(serve(service, pages))


async def serve(service: app.Service, pages: Beside | None = None) -> int:
    """Run the service, and its pages beside it, until a signal ends it; the exit code that says which."""
    stop = asyncio.Event()
    received: list[int] = []

    def end(number: int) -> None:
        received.append(number)
        stop.set()

    terminals = _terminals()

    def hang_up() -> None:
        if terminals and not any(map(os.isatty, terminals)):  # it was closed, and we go with it
            end(signal.SIGHUP)
        else:
            service.reload()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end, number)
    loop.add_signal_handler(signal.SIGHUP, hang_up)
    beside = asyncio.create_task(pages.run()) if pages else None
    try:
        await service.run(stop)
    finally:
        if beside is not None:
            beside.cancel()
            await asyncio.gather(beside, return_exceptions=True)
    return 128 + received[0] if received else 0


def _terminals() -> list[int]:
    """Which of standard input, output and error are a terminal."""
    return [stream for stream in range(3) if os.isatty(stream)]
