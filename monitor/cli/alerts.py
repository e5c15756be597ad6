"""`tumen alerts list|show|retry`."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from monitor import app
from monitor.cli.alerts_page import attempt_rows, describe, show_alert, stand
from monitor.cli.laboratory.sheet import Sheet
from monitor.cli.options import as_json, config_file, ending, packs_of, settings_of
from monitor.cli.output import print_json, print_table
from monitor.core.delivery.deliveries import DeliveryState
from monitor.core.errors import InputError
from monitor.jobs import overview
from monitor.notify.voice import Voice

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from monitor.config import Settings
    from monitor.core.topic import Pack
    from monitor.store.history import AlertLine


_NUMBER = click.IntRange(1, 2**63 - 1)  # what SQLite can count to


@click.group()
def alerts() -> None:
    """List alerts and their deliveries, show one, or send some again."""


@alerts.command("list", epilog=ending(examples=["tumen alerts list", "tumen alerts list --undelivered"]))
@config_file
@click.option(
    "--limit", type=click.IntRange(1, 100_000), default=50, show_default=True, help="How many, newest first."
)
@click.option(
    "--undelivered", is_flag=True, help="Only those that did not reach everybody; exit code 1 if any."
)
@as_json
def list_alerts(config: Path, limit: int, *, undelivered: bool, as_json: bool) -> None:
    """List alerts, newest first, and what became of each."""
    found = overview.alert_lines(settings_of(config).history_path, limit=limit, undelivered=undelivered)
    if as_json:
        for alert in found:
            print_json(describe(alert))
    elif found:
        print_table(
            ("alert", "told at (UTC)", "kind", "story", "source", "title", "delivered"),
            (
                (
                    alert.id,
                    f"{alert.created_at:%Y-%m-%d %H:%M}",
                    f"{alert.kind.value}, late" if alert.late else alert.kind.value,
                    alert.story,
                    alert.source,
                    alert.title,
                    _delivered(alert),
                )
                for alert in found
            ),
        )
    else:
        click.echo("no undelivered alerts" if undelivered else "no alerts yet")
    raise click.exceptions.Exit(1 if undelivered and found else 0)


@alerts.command(
    epilog=ending(
        "0 everybody has it",
        "1 somebody does not",
        "2 there is no such alert",
        examples=["tumen alerts show 12", "tumen alerts show 12 --channel desk"],
    )
)
@click.argument("alert", type=_NUMBER)
@click.option(
    "--channel", default=None, help="Word the message as for this channel.  [default: in English, UTC]"
)
@config_file
@as_json
def show(alert: int, channel: str | None, config: Path, *, as_json: bool) -> None:
    """Show an alert: the message, and on each way what became of it, attempt by attempt."""
    settings = settings_of(config)
    line, attempts = overview.alert_line(settings.history_path, alert)
    reached = all(delivery.state is DeliveryState.SENT for delivery in line.deliveries)
    if as_json:
        print_json(describe(line) | {"attempts": attempt_rows(attempts)})
    else:
        packs = {pack.name: pack for pack in packs_of((), settings)}
        voice = _voice(settings, channel, packs)
        show_alert(Sheet(), overview.message(settings.history_path, alert, voice), line, attempts, voice)
    raise click.exceptions.Exit(0 if reached else 1)


@alerts.command(epilog=ending(examples=["tumen alerts retry", "tumen alerts retry 12"]))
@click.argument("alert", type=_NUMBER, required=False)
@config_file
def retry(alert: int | None, config: Path) -> None:
    """Send an alert's failed deliveries again, or (without a number) those of all alerts."""
    click.echo(
        f"{overview.retry(settings_of(config).history_path, alert, app.utc_now())} deliveries are tried again"
    )


def _voice(settings: Settings, channel: str | None, packs: Mapping[str, Pack]) -> Voice:
    if channel is None:
        return Voice("en", ZoneInfo("UTC"), packs)
    given = settings.channels.get(channel)
    if given is None:
        raise InputError(
            f"there is no channel {channel}", remedy=f"known: {', '.join(settings.channels) or 'none'}"
        )
    return Voice(given.language, given.zone, packs)


def _delivered(alert: AlertLine) -> str:
    return ", ".join(f"{line.channel}: {stand(line)}" for line in alert.deliveries)
