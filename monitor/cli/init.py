"""`tumen init`."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor import planning, schemas, units
from monitor.app import utc_now
from monitor.cli.check import say_trials
from monitor.cli.interview import MANAGERS, by_asking, by_flags
from monitor.cli.options import ending
from monitor.cli.output import console, plain
from monitor.cli.unit import UNIT, say_commands, unit_of
from monitor.config import (
    DEFAULT_FILE,
    FirstChannel,
    Start,
    creating,
    load_settings,
    taken,
    written_settings,
)
from monitor.core.errors import InputError
from monitor.jobs.trial import try_channels
from monitor.packs import start_pack

if TYPE_CHECKING:
    from monitor.cli.interview import Answers
    from monitor.config.creating import Creation

_STDIN = "-"


@click.command(
    epilog=ending(
        "0 the files are there",
        "1 they are there, but the test message did not arrive",
        "2 something is there already, or an answer cannot be",
        "3 the place cannot be written",
        examples=[
            "tumen init",
            "tumen init news --pack baltic-cables --channel - --language de --send",
            "tumen init --yes --no-channel",
            "tumen init /etc/tumen --channel - --systemd system",
        ],
    )
)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=".")
@click.option("--pack", "packs", multiple=True, help="A topic that is watched: its name or folder.")
@click.option("--new-pack", default="", metavar="NAME", help="Start a topic of your own.")
@click.option(
    "--channel",
    default="",
    metavar="ADDRESS",
    envvar="TUMEN_CHANNEL",
    show_envvar=True,
    help="Who is told: an Apprise address; with - it is read from standard input.",
)
@click.option("--no-channel", is_flag=True, help="Nobody is told yet.")
@click.option("--name", default="me", show_default=True, help="What the channel is called.")
@click.option("--language", default="", help="Of messages.")
@click.option("--time-zone", "timezone", default="", help="In which times are shown and meant.")
@click.option("--at-least", default="", help="The lowest severity that is told.")
@click.option("--quiet", default="", metavar="22:00-07:00", help="Hours without messages.")
@click.option(
    "--digest", multiple=True, metavar="08:00", help="A time of the day at which messages come together."
)
@click.option("--report", default="", metavar="'monday 08:00'", help="When the weekly report comes.")
@click.option("--source-language", "languages", multiple=True, help="Only sources in this language.")
@click.option("--contact", default="", help="An address or page at which webmasters can reach you.")
@click.option(
    "--systemd", type=click.Choice(list(MANAGERS)), help="Write a unit, of yours or of the machine."
)
@click.option("--send", is_flag=True, help="Send a test message to the channel.")
@click.option("--yes", "-y", is_flag=True, help="Ask nothing; what no flag says is as by default.")
def init(folder: Path, **given: Any) -> None:
    """Start a configuration: by some questions, or by flags.

    FOLDER gets a tumen.yaml that explains itself, and a file with the address of the channel, which only you can
    read. Nothing is overwritten.
    """
    file = folder / DEFAULT_FILE
    if os.path.lexists(file):
        raise taken(file)
    if given["channel"] == _STDIN:
        given["channel"] = _address_from_stdin()
    asks = sys.stdin.isatty() and not given["yes"]
    answers = by_asking(given) if asks else by_flags(given)
    plan, secrets = _write(folder, answers)
    arrived = True
    if given["send"] and plan.channels:
        with console(error=True).status("sending a test message"):
            trials = asyncio.run(try_channels(plan.channels, utc_now()))
        arrived = say_trials(trials)
    _say_next(file)
    say_commands(answers.systemd, folder.absolute() / UNIT, secrets)
    raise click.exceptions.Exit(0 if arrived else 1)


def _address_from_stdin() -> str:
    address = sys.stdin.readline().strip()
    if not address:
        raise InputError("standard input holds no address", where="--channel", remedy="pipe one into it")
    return address


def _write(folder: Path, answers: Answers) -> tuple[planning.Plan, dict[str, Path]]:
    """Make the files, and read them as every command will: what cannot be read does not stay.

    Returns:
        What they say, and the files of secrets by the variables that stand for them.
    """
    file = folder / DEFAULT_FILE
    served = answers.systemd == "system"
    secrets: dict[str, Path] = {}
    with creating() as creation:
        creation.folder(folder)
        packs = [_seen_from(folder, pack) for pack in answers.packs]
        if answers.new_pack:
            _start_pack(answers.new_pack, folder / answers.new_pack, creation)
            packs.append(answers.new_pack)
        channel = None
        if answers.address:
            secret = folder / f"{answers.channel}.address"
            creation.file(secret, f"{answers.address}\n", secret=True)
            variable = f"TUMEN_{answers.channel.upper().replace('-', '_')}_ADDRESS"
            place = ("url", f"${{{variable}}}") if served else ("url_file", secret.name)
            channel = FirstChannel(answers.channel, place, answers.choices)
            secrets[variable] = secret.absolute()
        history = str(units.STATE / "tumen.db") if served else "tumen.db"
        start = Start(packs, channel, answers.languages, answers.contact, history)
        creation.file(file, written_settings(start), public=served)
        if unit := unit_of(answers.systemd, file.absolute(), secrets):
            creation.file(folder / UNIT, unit)
        plan = planning.plan(load_settings(file, dict.fromkeys(secrets, answers.address)))
    for path in creation.files:
        click.echo(f"✓ {plain(path)}")
    return plan, secrets


def _start_pack(name: str, own: Path, creation: Creation) -> None:
    if os.path.lexists(own):
        raise taken(own)
    creation.take(own)
    start_pack(name, own, {f"{kind}.json": schemas.schema_text(kind) for kind in schemas.PACK_FILES})


def _seen_from(folder: Path, pack: str) -> str:
    """How a configuration in the folder names a pack: paths in it start there."""
    if Path(pack).is_absolute() or not os.path.lexists(pack):
        return pack
    return os.path.relpath(pack, folder)


def _say_next(file: Path) -> None:
    where = "" if file == Path(DEFAULT_FILE) else f" -c {_quoted(file)}"
    click.echo(
        f"\nNext:\n"
        f"  tumen check{where}      says whether all is right; --send sends a test message\n"
        f"  tumen run{where}        watches, until you stop it with Ctrl-C\n"
        f"What can be changed stands in {plain(file)}, each key with a line about it."
    )


def _quoted(file: Path) -> str:
    text = plain(file)
    return f'"{text}"' if " " in text else text
