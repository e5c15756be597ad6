"""`tumen status`."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

import click
from rich.live import Live
from rich.text import Text

from monitor.app import utc_now
from monitor.app.backups import backup_plan
from monitor.cli.options import as_json, config_file, ending, settings_of, settings_though_wrong
from monitor.cli.output import console, plain, print_json
from monitor.cli.status_page import page
from monitor.core.errors import ConfigError, MonitorError
from monitor.jobs import standing

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import RenderableType

    from monitor.config import Settings

_EVERY = 2.0  # seconds between two looks


@click.command(
    epilog=ending(
        "0 shown",
        "2 the configuration is wrong, or there is no terminal to watch on",
        "3, 4, 5 the history cannot be read",
        "130 ended by Ctrl-C",
        examples=["tumen status", "tumen status --watch", "tumen status --json"],
    )
)
@click.option("--watch", is_flag=True, help="Show it anew every 2 seconds, until Ctrl-C.")
@config_file
@as_json
def status(config: Path, *, watch: bool, as_json: bool) -> None:
    """Show how things stand: the service, its looks and messages, the history, and what comes next.

    It works whether or not the service runs. With --watch and --json, one object every 2 seconds.
    """
    try:
        settings = settings_of(config)
    except ConfigError:
        _show_in_spite(config, as_json=as_json)
        raise
    if watch and as_json:
        while True:
            print_json(_look(settings))
            time.sleep(_EVERY)
    if watch:
        if not sys.stdout.isatty():
            raise click.UsageError("--watch needs a terminal; with --json it works everywhere.")
        _watch(settings)
    _show(_look(settings), as_json=as_json)


def _show_in_spite(config: Path, *, as_json: bool) -> None:
    """How a service goes on whose configuration was edited and is wrong now, if there is a history."""
    path = settings_though_wrong(config).history_path
    if path.is_file():
        _show(standing.status(path, utc_now()), as_json=as_json)


def _show(found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(found)
    else:
        console().print(page(found, utc_now()))


def _look(settings: Settings) -> dict[str, Any]:
    return standing.status(settings.history_path, utc_now(), settings.channels, backup_plan(settings))


def _watch(settings: Settings) -> None:
    """Show it on a screen of its own until it is interrupted. What goes wrong is shown, and tried again."""
    with Live(_screen(settings), console=console(), screen=True, auto_refresh=False) as live:
        while True:
            time.sleep(_EVERY)
            live.update(_screen(settings), refresh=True)


def _screen(settings: Settings) -> RenderableType:
    try:
        return page(_look(settings), utc_now())
    except MonitorError as error:
        return Text(plain(error.message) + f" ({plain(error.where)})\n  → {plain(error.remedy)}", style="red")
