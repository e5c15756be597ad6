"""`tumen packs reload`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from monitor.cli.options import as_json, config_file, settings_of
from monitor.cli.output import plain, print_json
from monitor.core.errors import RuleError
from monitor.jobs import overview

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@config_file
@as_json
def reload(config: Path, *, as_json: bool) -> None:
    """Have the running service take up its packs as they are now.

    It finds edited packs by itself within some seconds; this says at once whether they are sound. Ends with 2 if one
    is refused: then its former version stays in use.
    """
    found = overview.reload(settings_of(config).history_path)
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
