"""What a person who starts with Tumen wants: by flags, or by answers to questions about what the flags leave open."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, available_timezones

import click

from monitor.app import utc_now
from monitor.cli.asking import ask, ask_for_mailbox, choose, in_a_line
from monitor.cli.output import plain
from monitor.config import check_choice, check_name
from monitor.core.errors import InputError, MonitorError
from monitor.jobs.trial import try_channels
from monitor.notify.channels import Channel, Channels
from monitor.notify.voice import languages
from monitor.packs import check_new, find_pack, shipped_topics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_PACK = "dprk-russia"
_CHOICES = ("language", "timezone", "at_least", "quiet", "digest", "report")
_WAYS = {"mail": "by mail", "other": "in a chat, or by what else has an Apprise address", "none": "not yet"}
MANAGERS = {
    "none": "no, it is started by hand",
    "user": "yours: no rights are needed",
    "system": "that of the machine: for a server; Tumen and this folder lie outside of /home then",
}
_SYSTEMD = Path("/run/systemd/system")  # sd_booted(3)
_WELCOME = """\
Some questions. Enter takes what stands in brackets; Ctrl-C ends this and leaves nothing behind.
"""


@dataclass(frozen=True, slots=True)
class Answers:
    """What a person wants.

    Attributes:
        packs: topics by name, or by folder as seen from here, without the new one.
        new_pack: the name of a topic to be started, empty for none.
        channel: the name of the first channel.
        address: where it leads, a secret; empty if nobody is to be told yet.
        choices: keys of the channel with their values.
        languages: only sources in these.
        contact: whom webmasters turn to, may be empty.
        systemd: whose manager of services starts it: `user`, `system`, or `none`.
    """

    packs: tuple[str, ...]
    new_pack: str
    channel: str
    address: str = field(repr=False)
    choices: Mapping[str, Any]
    languages: tuple[str, ...]
    contact: str
    systemd: str


def by_flags(given: Mapping[str, Any]) -> Answers:
    """The answers that the flags give, and defaults for the others.

    Raises:
        InputError, ConfigError, RuleError: one of them cannot be.
    """
    if not given["yes"] and not (given["channel"] or given["no_channel"]):
        raise InputError(
            "there is no terminal to ask at, and the flags do not say who is told",
            remedy="give --channel with an address, or --no-channel; --yes takes the default of everything",
        )
    packs = given["packs"] or (() if given["new_pack"] else (_PACK,))
    answers = Answers(
        packs=packs,
        new_pack=given["new_pack"],
        channel=given["name"],
        address=given["channel"],
        choices={"language": "en", "timezone": zone_here(), "notices": "trouble"} | _chosen(given),
        languages=given["languages"],
        contact=given["contact"],
        systemd=given["systemd"] or "none",
    )
    _check(answers)
    return answers


def by_asking(given: Mapping[str, Any]) -> Answers:
    """The answers of a person at the terminal; what the flags say is not asked for."""
    click.echo(_WELCOME)
    packs, new_pack = given["packs"], given["new_pack"]
    if not (packs or new_pack):
        packs, new_pack = _ask_for_topics()
    read = given["languages"] or _words(ask("Languages of the sources, as in en,ko (Enter for all)"))
    choices = {"notices": "trouble"} | _chosen(given)
    for key, question, default, check in (
        ("language", f"Language of messages ({', '.join(languages())})", _language_here(), _check_language),
        ("timezone", "Time zone", zone_here(), _checks("timezone")),
    ):
        choices.setdefault(key, "")
        choices[key] = choices[key] or ask(question, default, check)
    name, address = given["name"], given["channel"]
    if not address and not given["no_channel"]:
        address = _ask_for_address(name, choices)
    if address:
        choices |= _ask_when(choices)
    contact = given["contact"] or ask(
        "An address or page at which webmasters can reach you; some block programs without one (Enter for none)"
    )
    answers = Answers(
        packs, new_pack, name, address, choices, tuple(read), contact, given["systemd"] or _ask_for_systemd()
    )
    _check(answers)
    return answers


def zone_here() -> str:
    """The time zone of this machine, UTC if it has none with a name."""
    set_up = os.environ.get("TZ", "").removeprefix(":") or os.path.realpath("/etc/localtime")
    name = set_up.rpartition("zoneinfo/")[2]
    return name if name in available_timezones() else "UTC"


def _language_here() -> str:
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if (code := os.environ.get(variable, "")[:2].lower()) in languages():
            return code
    return "en"


def _ask_for_topics() -> tuple[tuple[str, ...], str]:
    """The packs that are to be watched, and the name of a new one if one is to be started."""
    click.echo("Topics that come with Tumen:")
    for name, label in shipped_topics().items():
        click.echo(f"  {name:<15} {label}")
    while True:
        named = _words(ask("Which? Several with commas; a new name starts a topic of your own", _PACK))
        new = [name for name in named if not _is_there(name)]
        known = tuple(name for name in named if name not in new)
        try:
            for name in new:
                check_new(name)
        except MonitorError as error:
            click.echo(f"Error: {in_a_line(error)}")
            continue
        if not new:
            return known, ""
        if len(new) == 1 and click.confirm(f"There is no topic {new[0]} yet. Start it?"):
            return known, new[0]


def _is_there(name: str) -> bool:
    try:
        find_pack(name, Path())
    except MonitorError:
        return False
    return True


def _ask_for_address(name: str, choices: Mapping[str, Any]) -> str:
    """Where the messages go; a test message shows whether they arrive. Empty for nobody."""
    while True:
        click.echo("How do you want to be told?")
        way = choose("Way", _WAYS, "mail")
        if way == "none":
            return ""
        address = (
            ask_for_mailbox()
            if way == "mail"
            else ask("  Address (https://appriseit.com/services)", None, hidden=True)
        )
        try:
            _check_address(address)
        except MonitorError as error:
            click.echo(f"Error: {in_a_line(error)}")
            continue
        if not click.confirm("Send a test message to it now?", default=True):
            return address
        if _arrives(name, address, choices) or not click.confirm("Give another address?", default=True):
            return address


def _arrives(name: str, address: str, choices: Mapping[str, Any]) -> bool:
    channel = Channel(name, (address,), choices["language"], ZoneInfo(choices["timezone"]))
    (trial,) = asyncio.run(try_channels([channel], utc_now()))
    if trial.refusal is None:
        click.echo(f"✓ sent to {plain(trial.who)}")
        return True
    click.echo(f"✗ not sent: {plain(in_a_line(trial.refusal))}")
    return False


def _ask_when(choices: Mapping[str, Any]) -> dict[str, Any]:
    """When messages come, as far as it is open."""
    found: dict[str, Any] = {}
    if "quiet" not in choices:
        found["quiet"] = ask(
            "Hours without messages, as in 22:00-07:00 (Enter for none)", check=_checks("quiet")
        )
    if "digest" not in choices:
        times = ask(
            "Messages together at times of the day, as in 08:00,18:00 (Enter for each at once)",
            check=lambda text: check_choice("digest", _words(text)),
        )
        found["digest"] = _words(times)
    if "report" not in choices:
        found["report"] = ask("A weekly report, as in monday 08:00 (Enter for none)", check=_checks("report"))
    return {key: value for key, value in found.items() if value}


def _ask_for_systemd() -> str:
    """Who starts the service; not asked where no systemd runs."""
    if not _SYSTEMD.is_dir():
        return "none"
    click.echo("Should systemd start it, and start it again if it ends?")
    return choose("Which", MANAGERS, "none")


def _chosen(given: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _plain_value(given[key]) for key in _CHOICES if given[key]}


def _plain_value(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _checks(key: str) -> Callable[[str], None]:
    return lambda value: check_choice(key, value)


def _check(answers: Answers) -> None:
    """Whether all of it can be. Raises MonitorError with what is wrong first."""
    for name in answers.packs:
        find_pack(name, Path())
    if answers.new_pack:
        check_new(answers.new_pack)
    check_name(answers.channel)
    for key, value in answers.choices.items():
        check_choice(key, value)
    _check_language(answers.choices["language"])
    if answers.address:
        _check_address(answers.address)


def _check_language(code: str) -> None:
    _check_among(code, languages())


def _check_among(code: str, known: Iterable[str]) -> None:
    if code not in known:
        raise InputError(f"Tumen has no words in {code}", remedy=f"choose one of {', '.join(known)}")


def _check_address(address: str) -> None:
    for error in Channels([Channel("me", (address,))]).validate():
        raise error
