"""`tumen silences list|add|end|replay`."""

from __future__ import annotations

import getpass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from monitor import planning
from monitor.app import utc_now
from monitor.cli.laboratory.material import Moment
from monitor.cli.options import as_json, config_file, ending, settings_of
from monitor.cli.output import counted, print_json, print_table
from monitor.config.values import duration
from monitor.core.delivery.silencing import Silence
from monitor.core.errors import InputError
from monitor.documents import suggestion
from monitor.jobs import silences as jobs

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

_NUMBER = click.IntRange(1, 2**63 - 1)  # what SQLite can count to
_NAMES = ("channel", "pack", "rule", "story", "source", "language")


class Lasting(click.ParamType[timedelta]):
    """A duration as in the configuration."""

    name = "2h"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """`30m`, `2h` or `7d`."""
        try:
            found: timedelta = duration(value)
        except ValueError as error:
            self.fail(f"{error}; write it like 30m, 2h or 7d", param, ctx)
        return found


@click.group()
def silences() -> None:
    """List silences, add one, end one, or have told what one kept back.

    A silence keeps alerts from being sent for a while. They are stored all the same, as suppressed, with the number
    of the silence. It works whether or not the service runs.
    """


@silences.command("list", epilog=ending(examples=["tumen silences list"]))
@config_file
@as_json
def list_silences(config: Path, *, as_json: bool) -> None:
    """List silences, the latest first, with what each keeps back."""
    found = jobs.listing(settings_of(config).history_path)
    now = utc_now()
    if as_json:
        for silence, many in found:
            print_json(_row(silence, many, now))
    elif found:
        print_table(
            ("silence", "until (UTC)", "holds", "of", "owner", "reason", "kept back"),
            (
                (
                    silence.id,
                    f"{silence.ends:%Y-%m-%d %H:%M}",
                    "yes" if silence.is_active(now) else "no",
                    _subject(silence) or "everything",
                    silence.owner,
                    silence.reason,
                    many,
                )
                for silence, many in found
            ),
        )
    else:
        click.echo("no silences yet")


@silences.command(
    epilog=ending(
        "0 it holds",
        "2 it cannot be so",
        "3 it cannot be written",
        examples=[
            'tumen silences add --story 12 --for 2d --reason "we are writing about it"',
            'tumen silences add --channel desk --for 3h --reason "conference"',
        ],
    )
)
@click.option("--for", "lasts", type=Lasting(), metavar="2h", help="How long: 30m, 2h, 7d.")
@click.option("--until", type=Moment(), metavar="DATE", help="Until when, in UTC, instead of --for.")
@click.option("--reason", required=True, help="Why, for whoever finds it later.")
@click.option("--owner", default=None, help="Who wants it.  [default: the user]")
@click.option("--channel", default="", help="Only alerts for this channel.")
@click.option("--pack", default="", help="Only alerts of this pack.")
@click.option("--rule", default="", help="Only alerts for which this rule fired.")
@click.option("--story", type=_NUMBER, default=None, help="Only alerts about this story.")
@click.option("--source", default="", help="Only alerts about articles of this source.")
@click.option("--language", default="", metavar="CODE", help="Only alerts about articles in this language.")
@config_file
@as_json
def add(
    *,
    lasts: timedelta | None,
    until: datetime | None,
    reason: str,
    owner: str | None,
    config: Path,
    as_json: bool,
    **names: Any,
) -> None:
    """Keep alerts from being sent for a while: those for which all that is named is true."""
    now = utc_now()
    if (lasts is None) == (until is None):
        raise click.UsageError("give either --for or --until")
    ends = until or now + (lasts or timedelta())
    if ends <= now:
        raise click.UsageError("a silence ends in the future")
    silence = Silence(0, owner or getpass.getuser(), reason, now, ends, **names)
    settings = settings_of(config)
    _check_names(planning.plan(settings), silence)
    number = jobs.add(settings.history_path, silence, now)
    if as_json:
        print_json({"id": number, "ends": ends.isoformat()})
        return
    click.echo(f"silence {number} holds until {ends:%Y-%m-%d %H:%M} UTC: {_subject(silence) or 'everything'}")
    click.echo(f"undo: tumen silences end {number}, then tumen silences replay {number}")


@silences.command(epilog=ending("0 it ended", "2 there is none", examples=["tumen silences end 3"]))
@click.argument("silence", type=_NUMBER)
@config_file
def end(silence: int, config: Path) -> None:
    """Let a silence end now. What it has kept back stays so; `replay` sends it."""
    jobs.end(settings_of(config).history_path, silence, utc_now())
    click.echo(f"silence {silence} ended")


@silences.command(epilog=ending("0 it is sent", "2 there is none", examples=["tumen silences replay 3"]))
@click.argument("silence", type=_NUMBER)
@config_file
def replay(silence: int, config: Path) -> None:
    """Send what a silence has kept back, as one message for each recipient."""
    told = jobs.replay(settings_of(config).history_path, silence, utc_now())
    click.echo(f"{counted(told, 'alert')} to send")


def _check_names(plan: planning.Plan, silence: Silence) -> None:
    """A silence with a slip in a name would keep nothing back. Raises InputError."""
    known = {
        "channel": {channel.name for channel in plan.channels},
        "pack": {pack.name for pack in plan.packs},
        "rule": {rule.name for pack in plan.packs for rule in pack.rules},
        "source": {source.name for source in plan.sources},
    }
    for kind, names in known.items():
        name = getattr(silence, kind)
        if name and name not in names:
            raise InputError(
                f"there is no {kind} {name}", remedy=suggestion(name, names) or "see `tumen check`"
            )


def _subject(silence: Silence) -> str:
    named = ((name, getattr(silence, name)) for name in _NAMES)
    return ", ".join(f"{name} {value}" for name, value in named if value)


def _row(silence: Silence, many: int, now: datetime) -> dict[str, object]:
    return {
        "id": silence.id,
        "owner": silence.owner,
        "reason": silence.reason,
        "begins": silence.begins.isoformat(),
        "ends": silence.ends.isoformat(),
        "holds": silence.is_active(now),
        **{name: getattr(silence, name) or None for name in _NAMES},
        "kept_back": many,
    }
