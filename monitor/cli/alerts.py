"""`tumen alerts list|retry`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from monitor import app
from monitor.cli.options import as_json, config_file, settings_of
from monitor.cli.output import print_json, print_table
from monitor.core.models import DeliveryState
from monitor.jobs import overview

if TYPE_CHECKING:
    from pathlib import Path

    from monitor.store.history import AlertLine


_NUMBER = click.IntRange(1, 2**63 - 1)  # what SQLite can count to


@click.group()
def alerts() -> None:
    """List alerts and their deliveries, or send some again."""


@alerts.command("list")
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
            print_json(_describe(alert))
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


@alerts.command()
@click.argument("alert", type=_NUMBER, required=False)
@config_file
def retry(alert: int | None, config: Path) -> None:
    """Send an alert's failed deliveries again, or (without a number) those of all alerts."""
    click.echo(
        f"{overview.retry(settings_of(config).history_path, alert, app.utc_now())} deliveries are tried again"
    )


def _delivered(alert: AlertLine) -> str:
    return ", ".join(
        f"{line.channel}: {line.state.value}"
        + (f" ({line.last_error})" if line.last_error and line.state is not DeliveryState.SENT else "")
        for line in alert.deliveries
    )


def _describe(alert: AlertLine) -> dict[str, object]:
    return {
        "id": alert.id,
        "kind": alert.kind.value,
        "reason": alert.reason.value,
        "severity": alert.severity.value,
        "rules": list(alert.rules),
        "story": alert.story,
        "story_title": alert.story_title,
        "title": alert.title,
        "url": alert.url,
        "source": alert.source,
        "language": alert.language,
        "published": alert.published.isoformat() if alert.published else None,
        "created_at": alert.created_at.isoformat(),
        "late": alert.late,
        "deliveries": [
            {
                "channel": line.channel,
                "state": line.state.value,
                "attempts": line.attempts,
                "sent_at": line.sent_at.isoformat() if line.sent_at else None,
                "last_error": line.last_error,
            }
            for line in alert.deliveries
        ],
    }
