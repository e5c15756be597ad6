"""`tumen status`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from monitor.cli.options import as_json, config_file, settings_of
from monitor.cli.output import print_json, print_table
from monitor.jobs import overview

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@config_file
@as_json
def status(config: Path, *, as_json: bool) -> None:
    """Show what the history holds and what waits."""
    found = overview.status(settings_of(config).history_path)
    if as_json:
        print_json(found)
    else:
        print_table(("", ""), ((key.replace("_", " "), _said(value)) for key, value in found.items()))


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
            return "\n".join(map(str, value)) or "none"
    return str(value)


def _counted(name: str, value: object) -> str:
    """`3 sent`, but `harbour 3f2a91bc04d7`: a version stands behind its pack."""
    return f"{name} {value}" if isinstance(value, str) else f"{value} {name}"
