"""`tumen packs list|new|schema|reload`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor import schemas
from monitor.cli.options import as_json, config_file, ending, settings_of
from monitor.cli.output import plain, print_json, print_table
from monitor.cli.reload import reload_packs
from monitor.config import DEFAULT_FILE
from monitor.core.errors import MonitorError
from monitor.packs import find_pack, load_pack, shipped_names, start_pack

if TYPE_CHECKING:
    from monitor.core.topic import Pack


@click.group()
def packs() -> None:
    """List topic packs, start a new one, have edited ones taken up, or print what editors check their files with."""


packs.add_command(reload_packs)


@packs.command("list", epilog=ending(examples=["tumen packs list"]))
@config_file
@as_json
def list_packs(config: Path, *, as_json: bool) -> None:
    """List the packs that come with Tumen, and those of the configuration if there is one.

    A pack that cannot be read is told on standard error; then the command ends with 2.
    """
    broken = False
    rows = []
    for name, beside in _known(config):
        try:
            rows.append(_row(load_pack(find_pack(name, beside))))
        except MonitorError as error:  # the others are worth listing all the same
            click.echo(f"error: {plain(error.where)}: {plain(error.message)}", err=True)
            broken = True
    if as_json:
        for row in rows:
            print_json(row)
    elif rows:
        columns = ("pack", "version", "concepts", "terms", "rules", "examples", "languages", "where")
        print_table(columns, ([_cell(row[column]) for column in columns] for row in rows))
    raise click.exceptions.Exit(2 if broken else 0)


def _known(config: Path) -> list[tuple[str, Path]]:
    """The name of each pack, and the folder beside which to look for it."""
    known = [(name, Path()) for name in shipped_names()]
    if os.fspath(config) != DEFAULT_FILE or os.path.lexists(config):
        settings = settings_of(config)
        known += [(name, settings.folder) for name in settings.packs if (name, Path()) not in known]
    return known


def _row(pack: Pack) -> dict[str, object]:
    terms = [term for concept in pack.concepts.values() for term in concept.terms]
    examples = [len(rule.must_fire) + len(rule.must_not_fire) for rule in pack.rules]
    return {
        "pack": pack.name,
        "version": pack.version,
        "label": pack.label("en"),
        "concepts": len(pack.concepts),
        "terms": len(terms),
        "rules": len(pack.rules),
        "examples": len(pack.must_not_fire) + sum(examples),
        "languages": sorted({term.language for term in terms} - {"any"}),
        "where": pack.where,
    }


def _cell(value: object) -> object:
    return " ".join(map(str, value)) if isinstance(value, list) else value


@packs.command(
    epilog=ending(examples=["tumen packs new my-topic", "tumen packs new harbour --folder packs/harbour"])
)
@click.argument("name")
@click.option("--folder", type=click.Path(path_type=Path), help="Where to write it.  [default: ./NAME]")
def new(name: str, folder: Path | None) -> None:
    """Start a pack: a small one that works, with its examples, for you to fill with your topic."""
    folder = folder or Path(name)
    texts = {f"{kind}.json": schemas.schema_text(kind) for kind in schemas.PACK_FILES}
    for file in start_pack(name, folder, texts):
        click.echo(f"✓ {plain(file)}")
    click.echo(
        "\nIt watches a bridge that does not exist. Next:\n"
        "  1. replace concepts, rules and examples by those of your topic\n"
        f"  2. prove them at each step:  tumen check --pack {_quoted(folder)}\n"
        f"  3. name it in {DEFAULT_FILE}:  packs: [{_quoted(folder)}]"
    )


def _quoted(folder: Path) -> str:
    text = plain(folder)
    return f'"{text}"' if " " in text else text


@packs.command(epilog=ending(examples=["tumen packs schema config > config.json"]))
@click.argument("kind", type=click.Choice(schemas.NAMES), default="pack")
def schema(kind: str) -> None:
    """Print the JSON Schema of a kind of file, for editors that complete and check YAML.

    Without a name it is that of pack.yaml.
    """
    click.echo(schemas.schema_text(kind), nl=False)
