"""`tumen status`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from monitor.cli.options import as_json, config_file, ending, settings_of
from monitor.cli.output import print_json, print_table
from monitor.core.retention import size_text
from monitor.jobs import overview

if TYPE_CHECKING:
    from pathlib import Path


_BYTES = ("size", "free")  # of the file, and those of it that hold nothing


@click.command(epilog=ending(examples=["tumen status", "tumen status --json"]))
@config_file
@as_json
def status(config: Path, *, as_json: bool) -> None:
    """Show what the history holds and what waits."""
    found = overview.status(settings_of(config).history_path)
    if as_json:
        print_json(found)
    else:
        print_table(("", ""), (row for key, value in found.items() for row in _rows(key, value)))


def _rows(key: str, value: object) -> list[tuple[str, str]]:
    """A line for a value, and one for each entry of a list."""
    if key in _BYTES and isinstance(value, int):
        value = size_text(value)
    said = list(map(str, value)) if isinstance(value, list) and value else [_said(value)]
    return [("" if number else key.replace("_", " "), line) for number, line in enumerate(said)]


def _said(value: object) -> str:
    """The value as a person reads it."""
    match value:
        case bool():
            return "yes" if value else "no"
        case None:
            return "-"
        case dict():
            return ", ".join(_counted(name, count) for name, count in value.items()) or "none"
        case list():
            return "none"
    return str(value)


def _counted(name: str, value: object) -> str:
    """`3 sent`, but `harbour 3f2a91bc04d7`: a version stands behind its pack."""
    return f"{name} {value}" if isinstance(value, str) else f"{value} {name}"
