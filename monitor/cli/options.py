"""Options that several commands share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.config import DEFAULT_FILE, load_settings

if TYPE_CHECKING:
    from monitor.config import Settings

as_json = click.option("--json", "as_json", is_flag=True, help="One JSON object a line instead of a table.")

config_file = click.option(
    "--config",
    "-c",
    "config",
    type=click.Path(path_type=Path, dir_okay=False),
    default=lambda: os.environ.get("TUMEN_CONFIG", DEFAULT_FILE),
    help=f"Configuration file.  [default: $TUMEN_CONFIG or {DEFAULT_FILE}]",
)


def settings_of(config: Path) -> Settings:
    """The configuration in the file."""
    return load_settings(Path(config))
