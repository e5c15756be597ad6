"""`tumen report`."""

from __future__ import annotations

import asyncio
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from monitor import planning
from monitor.app import utc_now
from monitor.cli.options import as_json, config_file, ending, packs_of, settings_if_any, settings_of
from monitor.cli.output import plain, print_json
from monitor.config import Settings
from monitor.core.errors import DeliveryError, InputError
from monitor.notify.channels import Channels
from monitor.notify.voice import Voice
from monitor.publish.report import last_week, letter, page, read_report, week_named
from monitor.publish.writing import replacing
from monitor.store.database import open_reader

if TYPE_CHECKING:
    from monitor.notify.channels import Channel
    from monitor.publish.report import Report

_LAST = "last"


@click.command(
    epilog=ending(
        "0 it was written or sent",
        "1 somebody did not take it",
        "2 there is no such week, pack or channel",
        "3 the place cannot be written",
        examples=[
            "tumen report",
            "tumen report --week 2026-W48 --language ko -o report.html",
            "tumen report --mail me",
        ],
    )
)
@click.option(
    "--week",
    is_flag=False,
    flag_value=_LAST,
    default=_LAST,
    metavar="2026-W48",
    help="Which week, from Monday to Sunday.  [default: the last that is over]",
)
@click.option("--pack", default="", help="Only of this topic pack.")
@click.option("--language", default="en", show_default=True, help="Of the words around the originals.")
@click.option("--timezone", default="UTC", show_default=True, help="In which days begin and times are shown.")
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A file.  [default: report-WEEK.html]",
)
@click.option(
    "--mail", metavar="CHANNEL", help="Send it to this channel, in its language and time zone, instead."
)
@click.option(
    "--db",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A history.  [default: that of the configuration]",
)
@config_file
@as_json
def report(week: str, pack: str, output: Path | None, mail: str | None, **rest: Any) -> None:
    """Write the report about a week as one HTML page, or send it.

    It says what happened and what was new, which figures changed, who was first, how the sources are, and what did
    not arrive. The page needs nothing else: it can be mailed, printed and kept.
    """
    settings = settings_of(rest["config"]) if mail else settings_if_any(rest["config"])
    packs = {each.name: each for each in packs_of((), settings)}
    if pack and pack not in packs:
        raise InputError(f"there is no pack {pack}", where="--pack", remedy=f"known: {', '.join(packs)}")
    channel = _channel(settings, mail) if mail and settings else None
    voice = Voice(rest["language"], _zone(rest["timezone"]), packs)
    if channel is not None:
        voice = replace(voice, language=channel.language, zone=channel.zone)
    now = utc_now()
    chosen = last_week(now, voice.zone) if week == _LAST else week_named(week)
    path = rest["db"] or (settings or Settings()).history_path
    with closing(open_reader(path)) as db:
        found = read_report(db, chosen, voice.zone, now, pack=pack)
    if channel is None:
        place = output or Path(f"report-{chosen.name}.html")
        with replacing(place) as file:
            file.write(page(found, voice).encode())
        _say({"week": chosen.name, "file": str(place)}, f"the report about {chosen.name} is in {place}", rest)
    else:
        _send(channel, found, voice, rest)


def _send(channel: Channel, found: Report, voice: Voice, rest: dict[str, Any]) -> None:
    """To each recipient of a channel; one that does not take it keeps no other from getting it."""
    message = letter(found, voice)
    doors = Channels([channel])
    failed = 0
    for recipient in channel.recipients:
        who = doors.describe(recipient)
        key = f"report {found.week.name} {found.pack} {found.made_at:%Y-%m-%dT%H:%M:%S}"
        try:
            asyncio.run(doors.send(recipient, message, key=key))
        except DeliveryError as error:
            failed += 1
            _say({"week": found.week.name, "to": who, "error": str(error)}, f"not sent: {error}", rest)
        else:
            _say({"week": found.week.name, "to": who, "error": None}, f"sent to {plain(who)}", rest)
    raise click.exceptions.Exit(1 if failed else 0)


def _channel(settings: Settings, name: str) -> Channel:
    channels = {channel.name: channel for channel in planning.plan(settings).channels}
    if name not in channels:
        raise InputError(
            f"there is no channel {name}", where="--mail", remedy=f"known: {', '.join(channels) or 'none'}"
        )
    return channels[name]


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise InputError(
            f"{name!r} is no time zone", where="--timezone", remedy="write it like Europe/Berlin"
        ) from None


def _say(row: dict[str, Any], sentence: str, rest: dict[str, Any]) -> None:
    if rest["as_json"]:
        print_json(row)
    else:
        click.echo(sentence)
