"""`tumen restore`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.app import utc_now
from monitor.cli.options import as_json, config_file, ending, settings_if_any
from monitor.cli.output import counted, plain, print_json
from monitor.cli.progress import progress
from monitor.config import Settings
from monitor.jobs import restoring as jobs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitor.store.sealing import SealedRevision


@click.command(
    epilog=ending(
        "0 done",
        "1 done, and captures are missing",
        "2 that is no backup that can be read",
        "3 there is no room, or the place cannot be written",
        "4 the backup is damaged, or not Tumen's: nothing was changed",
        "5 a newer Tumen made it",
        "6 the service runs: stop it first",
        examples=[
            "tumen restore tumen.db.backups/tumen-20261125T063000Z.db",
            "tumen restore --check /mnt/stick/tumen-20261125T063000Z.db",
            "tumen restore tumen-20261125T063000Z.db --into looked-at.db",
        ],
    )
)
@click.argument("backup", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--into",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The history that it becomes.  [default: that of the configuration]",
)
@click.option("--check", is_flag=True, help="Only prove that it could be restored.")
@config_file
@as_json
@click.pass_context
def restore(
    context: click.Context, backup: Path, into: Path | None, config: Path, *, check: bool, as_json: bool
) -> None:
    """Put a backup in the place of the history, while the service is stopped.

    What lies there is moved aside, not deleted. Nothing is sent twice afterwards: what was waiting in the backup, and
    what is found again that was published before the restore, is kept back, listed, and sent if you say so.
    """
    settings = settings_if_any(config) or Settings()
    path, captures = settings.history_path, settings.captures_path
    if into is not None:
        path = into.absolute()
        captures = path.with_name(f"{path.name}.captures")

    def watch(seals: Iterable[SealedRevision], many: int) -> Iterable[SealedRevision]:
        return progress(seals, many, "versions")

    if check:
        version = jobs.check(backup, path, watch)
        if as_json:
            print_json({"backup": str(backup), "version": version, "sound": True})
        else:
            click.echo(f"✓ {plain(backup)} can be restored")
        return
    done = jobs.restore(backup, path, captures, utc_now, watch)
    if as_json:
        print_json(done)
    else:
        _show(done)
    context.exit(1 if done["captures_missing"] else 0)


def _show(done: dict[str, Any]) -> None:
    at = (
        f"{datetime.fromisoformat(done['backup_at']):%Y-%m-%d %H:%M} UTC"
        if done["backup_at"]
        else "its beginning"
    )
    click.echo(f"✓ {plain(done['history'])} is as it was at {at}")
    if done["aside"]:
        click.echo(f"what lay there is in {plain(done['aside'])}")
    if done["captures_put_back"]:
        click.echo(f"{counted(done['captures_put_back'], 'capture')} put back")
    if done["kept_back"]:
        click.echo(f"{counted(done['kept_back'], 'message')} kept back, which may have been sent since")
    click.echo(
        "what was published before now and is found again is not told by itself; "
        f"`tumen silences replay {done['silence']}` sends what is kept back"
    )
    if done["captures_missing"]:
        click.echo(
            f"! {counted(done['captures_missing'], 'capture')} missing: `tumen evidence --check` names them"
        )
