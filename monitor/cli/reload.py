"""`tumen reload` and `tumen packs reload`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from monitor import control
from monitor.cli.options import as_json, config_file, ending, settings_of, sources_of
from monitor.cli.output import plain, print_json
from monitor.config import history_of
from monitor.core.errors import RuleError
from monitor.jobs import overview

if TYPE_CHECKING:
    from pathlib import Path


@click.command(
    epilog=ending(
        "1 the service is not running",
        "2 the configuration is wrong: nothing was changed",
        examples=["tumen reload", "tumen reload --config /etc/tumen/tumen.yaml --json"],
    )
)
@config_file
@as_json
def reload(config: Path, *, as_json: bool) -> None:
    """Have the running service take up its configuration as it is written now, without a restart.

    All of it is read and checked before anything is changed: packs, sources, channels, schedules, how long what is
    kept, manners on the web. If something is wrong, it is said as `tumen check` says it, and the service goes on as
    before. What is under way is finished; what needs a restart is named and stays as it was.
    """
    try:
        found = overview.reload(history_of(config))
    except control.NotRunning:
        sources_of(settings_of(config))  # what is wrong with it is said first
        raise
    said = found.pop("said")
    if as_json:
        print_json(found)
    else:
        for line in said:
            click.echo(plain(line))


@click.command("reload", epilog=ending(examples=["tumen packs reload"]))
@config_file
@as_json
def reload_packs(config: Path, *, as_json: bool) -> None:
    """Have the running service take up its packs as they are now.

    It finds edited packs by itself within some seconds; this says at once whether they are sound. Ends with 2 if one
    is refused: then its former version stays in use.
    """
    found = overview.reload_packs(settings_of(config).history_path)
    if as_json:
        print_json(found)
    else:
        for pack in found["packs"]:
            click.echo(plain(_said(pack)))
    for refusal in found["refused"]:
        error = RuleError(refusal["message"], where=refusal["where"], remedy=refusal["remedy"])
        click.echo("\n".join(map(plain, f"error: {error}".split("\n"))), err=True)
    raise click.exceptions.Exit(RuleError.exit_code if found["refused"] else 0)


def _said(pack: dict[str, object]) -> str:
    """What became of one pack."""
    if pack["version"] == pack["was"]:
        return f"pack {pack['name']}: {pack['version']} stays in use: {pack['rules']} rules"
    return f"pack {pack['name']}: {pack['version']} replaces {pack['was']}: {pack['rules']} rules"
