"""`tumen check`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor import planning
from monitor.cli.options import as_json, config_file, settings_of
from monitor.cli.output import plain, print_json
from monitor.core.laboratory.proving import prove
from monitor.packs import find_pack, load_pack

if TYPE_CHECKING:
    from monitor.core.laboratory.proving import Failure
    from monitor.core.topic import Pack


@click.command()
@config_file
@click.option(
    "--pack", "packs", multiple=True, help="Check only this pack (a name or folder); needs no configuration."
)
@as_json
def check(config: Path, packs: tuple[str, ...], *, as_json: bool) -> None:
    """Check configuration, packs with their examples, sources and channels, before anything starts.

    Ends with 0 if all is well, 1 if an example fails, 2 if something is wrong.
    """
    if packs:
        loaded = tuple(load_pack(find_pack(name, Path())) for name in packs)
    else:
        plan = planning.plan(settings_of(config))
        loaded = plan.packs
        if not as_json:
            click.echo(f"✓ configuration  {config}")
            click.echo(f"✓ sources        {len(plan.sources)}")
            if not plan.settings.crawl.contact:
                click.echo(f"! contact        none: {planning.NO_CONTACT}")
            _say_channels(plan)
    failures = [(pack, prove(pack)) for pack in loaded]
    for pack, found in failures:
        _say(pack, found, as_json=as_json)
    raise click.exceptions.Exit(1 if any(found for _, found in failures) else 0)


def _say_channels(plan: planning.Plan) -> None:
    if not plan.channels:
        click.echo("! channels       none: alerts are stored but nobody is told")
    for who, names in planning.describe_channels(plan).items():
        click.echo(f"✓ channel        {who}: {', '.join(map(plain, names))}")


def _say(pack: Pack, failures: tuple[Failure, ...], *, as_json: bool) -> None:
    examples = len(pack.must_not_fire) + sum(len(r.must_fire) + len(r.must_not_fire) for r in pack.rules)
    if as_json:
        for failure in failures:
            print_json(
                {"pack": pack.name, "where": failure.where, "rule": failure.rule, "says": failure.says}
            )
        summary = {"pack": pack.name, "version": pack.version, "rules": len(pack.rules)}
        print_json(summary | {"examples": examples, "failing": len(failures)})
        return
    for failure in failures:
        click.echo(f"✗ {failure.where}: {failure.rule} {plain(failure.says)}")
    mark = "✗" if failures else "✓"
    told = f"{len(pack.rules)} rules, {examples} examples, {len(failures)} failing"
    click.echo(f"{mark} pack           {pack.name} {pack.version}: {told}")
