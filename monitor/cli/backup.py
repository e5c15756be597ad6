"""`tumen backup`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from monitor.app import utc_now
from monitor.app.backups import backup_plan
from monitor.cli.options import as_json, config_file, ending, settings_of
from monitor.cli.output import console, counted, plain, print_json, print_table
from monitor.core.retention import size_text
from monitor.jobs import backups as jobs


@click.command(
    epilog=ending(
        "0 done",
        "1 done, with findings: a capture is missing, or a restore would refuse it",
        "3 there is no room, or the folder cannot be written",
        "4 the history is damaged: no backup was made, and none has gone",
        examples=["tumen backup", "tumen backup /mnt/stick", "tumen backup --list"],
    )
)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), required=False)
@click.option("--list", "lists", is_flag=True, help="List the backups that are there, and make none.")
@config_file
@as_json
@click.pass_context
def backup(context: click.Context, folder: Path | None, config: Path, *, lists: bool, as_json: bool) -> None:
    """Back the history up now, with the pages that it keeps as evidence.

    It works while the service runs, which does it by itself as well: `backup` in the configuration says where and how
    often, and how many are kept. A backup is proven before it gets its name. In another FOLDER, nothing is removed.
    """
    plan = backup_plan(settings_of(config))
    if lists:
        if folder is not None:
            raise click.UsageError("--list shows the folder of the configuration: name no other")
        _list(jobs.listing(plan), as_json=as_json)
        return
    with console(error=True).status("backing up"):
        made = jobs.back_up(plan, folder, utc_now)
    if as_json:
        print_json(made)
    else:
        _show(made)
    context.exit(1 if made["findings"] else 0)


def _show(made: dict[str, Any]) -> None:
    held = ", ".join(counted(made[one], one[:-1]) for one in ("articles", "alerts"))
    click.echo(
        f"✓ {plain(made['path'])}: {size_text(made['size'])}, {held}, {counted(made['captures'], 'capture')}"
    )
    if made["removed"]:
        click.echo(f"{counted(made['removed'], 'old backup')} removed")
    for finding in made["findings"]:
        click.echo(f"! {plain(finding)}")


def _list(found: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        for one in found:
            print_json(one)
    elif found:
        print_table(("made (UTC)", "bytes", "file"), map(_row, found))
    else:
        click.echo("no backups yet")


def _row(one: dict[str, Any]) -> tuple[str, str, str]:
    made = datetime.fromisoformat(one["at"])
    return f"{made:%Y-%m-%d %H:%M}", size_text(one["size"]), one["path"]
