"""The unit of systemd for Tumen as it is installed here, and the commands by which it is taken up."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor import units
from monitor.cli.output import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

UNIT = "tumen.service"


def unit_of(manager: str, config: Path, secrets: Mapping[str, Path]) -> str:
    """The unit for the manager of the `user` or of the whole `system`, empty for `none`.

    Args:
        manager: who starts the service.
        config: the configuration, as an absolute path.
        secrets: the variables that the configuration names, and the files that hold them.

    Raises:
        ConfigError: with these paths the service could not start.
    """
    if manager == "user":
        return units.user_service(_program(), config)
    if manager == "system":
        return units.service(_program(), config, credentials=secrets)
    return ""


def say_commands(manager: str, unit: Path, secrets: Mapping[str, Path]) -> None:
    """Say by which commands a person has systemd take the unit up."""
    place = shlex.quote(plain(unit))
    if manager == "user":
        click.echo(
            "Have systemd start it:\n"
            f"  systemctl --user enable --now {place}\n"
            "  loginctl enable-linger      has it start with the machine, before you log in"
        )
    if manager == "system":
        click.echo(f"Have systemd start it:\n  sudo systemctl enable --now {place}")
        for variable, file in secrets.items():
            click.echo(
                "Commands that you call yourself need to know where the address is:\n"
                f"  export {variable}_FILE={shlex.quote(plain(file))}"
            )


def _program() -> Path:
    """The command `tumen` that runs now, or the one beside this Python."""
    called = Path(sys.argv[0]).absolute()
    return called if called.name == "tumen" and called.is_file() else Path(sys.executable).with_name("tumen")
