"""`tumen doctor`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.text import Text

from monitor.app import utc_now
from monitor.app.backups import backup_plan
from monitor.cli.options import as_json, config_file, ending, settings_of, settings_though_wrong, sources_of
from monitor.cli.output import console, plain, print_json
from monitor.config import channel_urls
from monitor.config.openly import files_with_secrets
from monitor.core.checkup import Finding, Grade, ok
from monitor.core.errors import MonitorError
from monitor.jobs.doctor import PATIENCE, examine, troubled
from monitor.jobs.doctor.checks import Installation, checks
from monitor.notify.channels import Channel

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from spiders.items import Source

_MARKS = {Grade.OK: ("✓", "green"), Grade.WARNING: ("!", "yellow"), Grade.PROBLEM: ("✗", "red")}


@click.command(
    epilog=ending(
        "0 nothing is wrong; there may be warnings",
        "1 there is a problem",
        examples=["tumen doctor", "tumen doctor --offline --json", "tumen doctor --full"],
    )
)
@click.option("--offline", is_flag=True, help="Ask nothing of other machines.")
@click.option(
    "--full",
    is_flag=True,
    help="Read all of the history and of what is kept as evidence, however long that takes.",
)
@config_file
@as_json
def doctor(config: Path, *, offline: bool, full: bool, as_json: bool) -> None:
    """Look for what is wrong, or soon will be, with this machine, the history, the network and the channels.

    Each finding says what it is, where, and what to do. Nothing is changed and nothing is sent: of a few servers of
    sources, of mail servers and of chats, only the door is tried. It works while the service runs, and also when the
    configuration or the history is broken; that is a finding, too. docs/troubleshooting.md explains all of them.
    """
    installation, found = _installation(config)
    wanted = checks(installation, utc_now, offline=offline, full=full)
    by_name: dict[str, Sequence[Finding]] = {"configuration": found}
    with console(error=True).status("looking") as status:
        waiting = list(wanted)
        for name, findings in examine(wanted, seconds=None if full else PATIENCE):
            by_name[name] = findings
            waiting.remove(name)
            status.update(Text(f"looking: {', '.join(waiting)}"))
    listed = [finding for name in ("configuration", *wanted) for finding in by_name.get(name, ())]
    if as_json:
        for finding in listed:
            print_json(_row(finding))
    else:
        _show(listed)
    raise click.exceptions.Exit(1 if any(one.grade is Grade.PROBLEM for one in listed) else 0)


def _installation(config: Path) -> tuple[Installation, list[Finding]]:
    """What the configuration names, as far as it can be read, and what is wrong with it."""
    found: list[Finding] = []
    try:
        settings = settings_of(config)
    except MonitorError as error:
        return Installation(settings_though_wrong(config)), [troubled("configuration", error)]
    sources: tuple[Source, ...] = ()
    try:
        sources = sources_of(settings)
    except MonitorError as error:
        found.append(troubled("configuration", error))
    channels = []
    for name, given in settings.channels.items():
        try:
            channels.append(
                Channel(name, channel_urls(name, given, settings.folder), given.language, given.zone)
            )
        except MonitorError as error:
            found.append(troubled("configuration", error))
    secrets = files_with_secrets(Path(config), settings)
    if not found:
        found.append(
            ok("configuration", "it can be read; `tumen check` proves packs and channels", str(config))
        )
    return Installation(settings, sources, tuple(channels), secrets, backup_plan(settings)), found


def _row(finding: Finding) -> dict[str, object]:
    row = asdict(finding)
    return {"check": row.pop("check"), "severity": row.pop("grade"), **row}


def _show(found: Iterable[Finding]) -> None:
    screen = console()
    counts = dict.fromkeys(Grade, 0)
    for finding in found:
        counts[finding.grade] += 1
        mark, colour = _MARKS[finding.grade]
        where = f" ({plain(finding.where)})" if finding.where else ""
        line = Text.assemble((mark, colour), f" {finding.check:<14} {plain(finding.says)}{where}")
        screen.print(line, soft_wrap=True)
        if finding.remedy:
            screen.print(Text(f"  → {plain(finding.remedy)}"), soft_wrap=True)
    wrong, warned = counts[Grade.PROBLEM], counts[Grade.WARNING]
    said = f"{wrong or 'no'} {'problem' if wrong == 1 else 'problems'}, "
    screen.print(said + f"{warned or 'no'} {'warning' if warned == 1 else 'warnings'}")
