"""Options that several commands share."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.output import console
from monitor.config import DEFAULT_FILE, Settings, load_settings, watched_sources
from monitor.packs import find_pack, load_pack, shipped_names, wanted_sources

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.core.topic import Pack
    from spiders.items import Source

_HISTORY = re.compile(r"^history:[ \t]*([^#\n]+)", re.MULTILINE)

as_json = click.option("--json", "as_json", is_flag=True, help="One JSON object a line instead of a table.")

config_file = click.option(
    "--config",
    "-c",
    "config",
    type=click.Path(path_type=Path, dir_okay=False),
    default=lambda: os.environ.get("TUMEN_CONFIG", DEFAULT_FILE),
    help=f"Configuration file.  [default: $TUMEN_CONFIG or {DEFAULT_FILE}]",
)

pack_names = click.option(
    "--pack",
    "packs",
    multiple=True,
    help="Topic pack, a name or folder.  [default: those of the configuration, else all that are shipped]",
)


def ending(*codes: str, examples: Sequence[str] = ()) -> str:
    """What stands below the help of a command: its exit codes and examples, a line each."""
    parts = [("Exit codes", codes), ("Example" if len(examples) == 1 else "Examples", examples)]
    return "\n\n".join("\n  ".join((f"\b\n{title}", *lines)) for title, lines in parts if lines)


def settings_of(config: Path) -> Settings:
    """The configuration in the file."""
    return load_settings(Path(config))


def settings_though_wrong(config: Path) -> Settings:
    """Where the history lies, as far as a configuration with a mistake still says it; all else is as by default."""
    settings = Settings(folder=Path(config).parent)
    with suppress(OSError, UnicodeError):
        named = _HISTORY.search(Path(config).read_text(encoding="utf-8"))
        if named and "${" not in named[1]:
            return settings.model_copy(update={"history": Path(named[1].strip(" \t\r'\""))})
    return settings


def settings_if_any(config: Path) -> Settings | None:
    """The configuration in the file, None if there is no such file: the laboratory works without one."""
    return load_settings(Path(config)) if Path(config).exists() else None


def sources_of(settings: Settings) -> tuple[Source, ...]:
    """The sources that are watched, by the choice of the configuration or else of its packs.

    Raises:
        ConfigError, RuleError: if one is named that does not exist, none is chosen, or a pack is broken.
    """
    return watched_sources(settings.sources, wanted_sources(settings.packs, settings.folder))


def packs_of(names: Sequence[str], settings: Settings | None) -> tuple[Pack, ...]:
    """The named packs; without names those of the configuration, and without one all that come with Tumen.

    Raises:
        RuleError: if one does not exist or is broken.
    """
    if names:
        folders = [find_pack(name, Path()) for name in dict.fromkeys(names)]
    elif settings is not None:
        folders = [find_pack(name, settings.folder) for name in settings.packs]
    else:
        folders = [find_pack(name, Path()) for name in shipped_names()]
    with console(error=True).status("reading packs"):
        return tuple(map(load_pack, folders))
