"""`tumen evidence`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.options import as_json, config_file, ending, settings_if_any
from monitor.cli.output import counted, plain, print_json
from monitor.cli.progress import progress
from monitor.config import Settings
from monitor.jobs.integrity import Inspection
from monitor.publish.dossier import collect, fault_row, write
from monitor.store.capture_files import CaptureFiles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.jobs.integrity import Fault


@click.command(
    epilog=ending(
        "0 done, all of it holds",
        "1 something does not hold",
        "2 there is no such article",
        "3 the folder cannot be written, or is there already",
        examples=[
            "tumen evidence 12",
            "tumen evidence https://example.org/news/1 --to case-7",
            "tumen evidence --check",
        ],
    )
)
@click.argument("what", metavar="[ARTICLE|URL|alert:NUMBER]", required=False)
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Folder that is made for it.  [default: evidence-NUMBER]",
)
@click.option("--check", is_flag=True, help="Verify all that is kept instead.")
@config_file
@as_json
def evidence(what: str | None, folder: Path | None, config: Path, *, check: bool, as_json: bool) -> None:
    """Export all about an article into a folder, or verify all that is kept.

    The folder holds the pages as they were fetched, each version of the text and what it changed, the rules with the
    words that they fired on, who was told when, and how to verify all of it without Tumen. --check looks whether
    every file is there and is the one that was stored, and whether every version of a text says what it said. Both
    work while the service runs.
    """
    settings = settings_if_any(config) or Settings()
    if check == bool(what):
        raise click.UsageError("Name an article to be exported, or say --check.")
    if check and folder is not None:
        raise click.UsageError("--to is where an article is exported; --check writes nothing.")
    if what:
        _export(what, folder, settings, as_json=as_json)
    else:
        _check(settings, as_json=as_json)


def _export(what: str, folder: Path | None, settings: Settings, *, as_json: bool) -> None:
    dossier = collect(settings.history_path, what)
    article = dossier.record.text.id
    place = folder or Path(f"evidence-{article}")
    handed = write(dossier, CaptureFiles(settings.captures_path), place, datetime.now(UTC))
    if as_json:
        row = {"article": article, "folder": str(place), "files": handed.files, "captures": handed.captures}
        print_json(row | {"faults": list(map(fault_row, handed.faults))})
    else:
        what_it_holds = f"{counted(handed.files, 'file')}, {counted(handed.captures, 'capture')}"
        click.echo(
            f"✓ article {article} is in {plain(place)}: {what_it_holds}; README.txt says how to verify it"
        )
        if not handed.captures:
            click.echo(f"! {_why_none(dossier.captures)}")
        for fault in handed.faults:
            _show(fault)
    raise click.exceptions.Exit(1 if handed.faults else 0)


def _why_none(captures: tuple[object, ...]) -> str:
    if captures:
        return "its page could not be kept as it was fetched; metadata.json says why"
    return "its page was not kept as it was fetched: it was read before, elsewhere, or is not on topic"


def _check(settings: Settings, *, as_json: bool) -> None:
    inspection = Inspection(settings.history_path, settings.captures_path)
    totals, versions = inspection.totals()

    def walk() -> Iterator[Fault]:
        many = totals.kept + totals.failed
        for found in progress(inspection.captures(), many, "captures"):
            if found is not None:
                yield found
        yield from inspection.strangers()
        for found in progress(inspection.revisions(), versions, "versions"):
            if found is not None:
                yield found

    faults = 0
    for fault in walk():
        faults += 1
        if as_json:
            print_json(fault_row(fault))
        else:
            _show(fault)
    if as_json:
        about = {"captures": totals.kept, "bytes": totals.size, "not_kept": totals.failed}
        print_json(about | {"versions": versions, "faults": faults})
    else:
        kept = f"{counted(totals.kept, 'capture')} ({totals.size / 1024**2:,.1f} MiB)"
        click.echo(
            f"{'✗' if faults else '✓'} {kept}, {counted(versions, 'version')}: {counted(faults, 'fault')}"
        )
        if totals.failed:
            click.echo(f"! {counted(totals.failed, 'page')} could not be kept as fetched")
    raise click.exceptions.Exit(1 if faults else 0)


def _show(fault: Fault) -> None:
    about = f" (article {fault.article})" if fault.article is not None and fault.where.endswith(".gz") else ""
    click.echo(f"✗ {plain(fault.where)}{about}: {fault.kind.value}: {plain(fault.says)}\n  → {fault.remedy}")
