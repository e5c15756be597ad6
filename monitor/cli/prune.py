"""`tumen prune`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from monitor.app import utc_now
from monitor.cli.options import as_json, config_file, ending, settings_of
from monitor.cli.output import console, print_json, print_table
from monitor.core.retention import RetentionClass, size_text
from monitor.jobs import retention as jobs

if TYPE_CHECKING:
    from pathlib import Path


@click.command(
    epilog=ending(
        "0 done",
        "1 done, and the history is still larger than its limit",
        "3 it cannot be written",
        "6 the service runs, and --compact needs the file for itself",
        examples=["tumen prune --dry-run", "tumen prune", "tumen prune --compact"],
    )
)
@click.option("--dry-run", is_flag=True, help="Show what would go, and change nothing.")
@click.option(
    "--compact",
    is_flag=True,
    help="Write the whole file anew instead, for one that was made before files could shrink.",
)
@config_file
@as_json
@click.pass_context
def prune(context: click.Context, config: Path, *, dry_run: bool, compact: bool, as_json: bool) -> None:
    """Remove what has been kept for long enough, and give its space back.

    The service does it by itself, once a day. `retention` in the configuration says how long what is kept; the
    addresses of what went are kept for ever, so that nothing is read or told as new again. If the service runs, it
    prunes by the configuration that it was started with, in slices between its other work.
    """
    if dry_run and compact:
        raise click.UsageError("--dry-run says nothing about --compact: choose one")
    settings = settings_of(config)
    path, kept = settings.history_path, settings.retention.retention
    with console(error=True).status("looking" if dry_run else "pruning"):
        if compact:
            found = jobs.compact(path)
        elif dry_run:
            found = jobs.survey(path, kept, utc_now())
        else:
            found = jobs.prune(path, kept, utc_now, settings.captures_path)
    if as_json:
        print_json(found)
    else:
        _show(found, dry_run=dry_run)
    context.exit(1 if found.get("too_large") and not dry_run else 0)


def _show(found: dict[str, Any], *, dry_run: bool) -> None:
    pruned = found.get("pruned", ())
    if pruned:
        print_table(("class", "", "why", "would go" if dry_run else "removed", "bytes"), map(_row, pruned))
    elif "pruned" in found:
        click.echo("nothing has been kept for long enough")
    if "after" in found:
        click.echo(f"the history had {size_text(found['before'])} and has {size_text(found['after'])}")
    if not found["shrinks"] and found["free"]:
        click.echo(
            f"{size_text(found['free'])} of it are empty and will be used again; to have them back, stop the service "
            "and run `tumen prune --compact`"
        )
    if found.get("too_large") and not dry_run:
        click.echo("it is larger than its limit, and nothing more of it may go", err=True)


def _row(one: dict[str, Any]) -> tuple[object, ...]:
    text = RetentionClass(one["class"]).text
    return one["class"], text, one["why"], f"{one['removed']:,}", size_text(one["freed"])
