"""`tumen check`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor import planning
from monitor.app import utc_now
from monitor.cli.options import as_json, config_file, ending, settings_of
from monitor.cli.output import console, plain, print_json
from monitor.core.errors import ConfigError, InputError
from monitor.core.laboratory.proving import prove
from monitor.jobs.trial import try_channels
from monitor.packs import find_pack, load_pack

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitor.core.laboratory.proving import Failure
    from monitor.core.topic import Pack
    from monitor.jobs.trial import Trial


@click.command(
    epilog=ending(
        "0 all is well",
        "1 an example fails, or a test message did not arrive",
        "2 something is wrong",
        examples=["tumen check", "tumen check --send", "tumen check --pack my-packs/harbour"],
    )
)
@config_file
@click.option(
    "--pack", "packs", multiple=True, help="Check only this pack (a name or folder); needs no configuration."
)
@click.option("--send", is_flag=True, help="Send a test message to everybody who listens on a channel.")
@as_json
def check(config: Path, packs: tuple[str, ...], *, send: bool, as_json: bool) -> None:
    """Check configuration, packs with their examples, sources and channels, before anything starts."""
    if packs and send:
        raise InputError(
            "a pack has no channels", where="--send", remedy="leave out --pack, or check it without --send"
        )
    plan = None if packs else planning.plan(settings_of(config))
    loaded = plan.packs if plan else tuple(load_pack(find_pack(name, Path())) for name in packs)
    if send and plan and not plan.channels:
        raise ConfigError(
            "has no channel to which a test message could go",
            where=str(config),
            remedy="give channels one; docs/configuration.md shows how",
        )
    if plan and not as_json:
        _say_plan(plan, config)
    sound = [_proves(pack, as_json=as_json) for pack in loaded]
    arrived = _all_arrive(plan, as_json=as_json) if send and plan else True
    raise click.exceptions.Exit(0 if all(sound) and arrived else 1)


def _say_plan(plan: planning.Plan, config: Path) -> None:
    click.echo(f"✓ configuration  {config}")
    click.echo(f"✓ sources        {len(plan.sources)}")
    if not plan.settings.crawl.contact:
        click.echo(f"! contact        none: {planning.NO_CONTACT}")
    if (cluster := plan.settings.crawl.cluster) is not None:
        warning = planning.open_cluster(plan.settings)
        click.echo(f"{'!' if warning else '✓'} cluster        {cluster.address}{warning and f': {warning}'}")
    _say_channels(plan)


def _say_channels(plan: planning.Plan) -> None:
    if not plan.channels:
        click.echo("! channels       none: alerts are stored but nobody is told")
    for who, names in planning.describe_channels(plan).items():
        click.echo(f"✓ channel        {who}: {', '.join(map(plain, names))}")


def _all_arrive(plan: planning.Plan, *, as_json: bool) -> bool:
    with console(error=True).status("sending a test message to everybody who listens"):
        trials = asyncio.run(try_channels(plan.channels, utc_now()))
    return say_trials(trials, as_json=as_json)


def say_trials(trials: Iterable[Trial], *, as_json: bool = False) -> bool:
    """Say what became of test messages; whether every receiver took its own."""
    arrived = True
    for each in trials:
        refusal = each.refusal
        arrived = arrived and refusal is None
        if as_json:
            told = {"reason": refusal.reason, "error": plain(refusal.message)} if refusal else {}
            print_json({"channel": each.channel, "to": each.who, "sent": refusal is None} | told)
        elif refusal is None:
            click.echo(f"✓ sent           {each.channel}: {plain(each.who)}")
        else:
            click.echo(f"✗ not sent       {each.channel}: {plain(each.who)}: {plain(refusal.message)}")
            if refusal.remedy:
                click.echo(f"  → {refusal.remedy}")
    return arrived


def _proves(pack: Pack, *, as_json: bool) -> bool:
    """Whether the examples of a pack hold, and says it."""
    failures = prove(pack)
    _say(pack, failures, as_json=as_json)
    return not failures


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
