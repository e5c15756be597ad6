"""The first `tumen.yaml` of a person: each key with a line that explains it, also those that wait for later."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any

from monitor.config.channels import ChannelSettings
from monitor.config.declared import CrawlSettings, Settings
from monitor.config.sources import SourceSettings
from monitor.core.errors import ConfigError
from monitor.documents import Document, as_flow, validate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pydantic import BaseModel

_WIDTH = 110
_HEAD = (
    "What Tumen watches, and whom it tells. `tumen check` says whether all is right; `tumen run` starts it. "
    "A key behind a # counts once you remove that sign. There are more: docs/configuration.md explains each."
)


@dataclass(frozen=True, slots=True)
class FirstChannel:
    """Who is told.

    Attributes:
        name: its key.
        address: `url` or `url_file`, and what is written there.
        choices: other keys of a channel, with their values as they are written.
    """

    name: str
    address: tuple[str, str]
    choices: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Start:
    """What a person said about themselves.

    Attributes:
        packs: topic packs, by name or as folders.
        channel: who is told, None for nobody yet.
        languages: only sources in these; all that the packs ask for if there is none.
        contact: of whom webmasters turn to, empty for none.
        history: the SQLite file.
    """

    packs: Sequence[str]
    channel: FirstChannel | None = None
    languages: Sequence[str] = ()
    contact: str = ""
    history: str = "tumen.db"


# The keys of a channel that a person meets first, with examples for later.
_LATER: Mapping[str, Any] = {
    "language": "en",
    "timezone": "Europe/Berlin",
    "at_least": "high",
    "quiet": "22:00-07:00",
    "digest": ["08:00", "18:00"],
    "report": "monday 08:00",
    "notices": "trouble",
    "canary": "07:30",
}
_NOBODY_YET = """\
# channels:
#   me:
#     url: mailtos://user:${MAIL_PASSWORD}@mail.example.org?from=tumen@example.org&to=me@example.org""".splitlines()


def check_choice(key: str, value: object) -> None:
    """Whether a channel may have this value.

    Raises:
        ConfigError: it may not; the message says how it is written.
    """
    _check({"me": {"url": "json://localhost", key: value}}, key)


def check_name(name: str) -> None:
    """Whether a channel may be called this. Raises ConfigError."""
    _check({name: {"url": "json://localhost"}}, "name")


def _check(channels: Mapping[str, Any], about: str) -> None:
    try:
        validate(Document(about, {"channels": channels}, {}), Settings)
    except ConfigError as error:  # its place is none that anybody has seen
        raise ConfigError(error.message, where=about, remedy=error.remedy) from None


def written_settings(start: Start) -> str:
    """The text of a `tumen.yaml` that says this, explained line by line."""
    sources = (
        _line(SourceSettings, "shipped", value=True),
        _line(SourceSettings, "languages", list(start.languages), ["en", "ko"]),
    )
    sections = (
        _line(Settings, "history", start.history),
        _line(Settings, "packs", list(start.packs)),
        _channels(start.channel),
        _section("sources", chain(*sources)),
        _section("crawl", _line(CrawlSettings, "contact", start.contact)),
    )
    head = textwrap.wrap(_HEAD, _WIDTH, initial_indent="# ", subsequent_indent="# ")
    return "\n\n".join("\n".join(lines) for lines in (head, *sections)) + "\n"


def _channels(channel: FirstChannel | None) -> list[str]:
    if channel is None:
        return [*_explained(Settings, "channels"), *_NOBODY_YET]
    key, address = channel.address
    known = {"language": "en", "timezone": "UTC"} | dict(channel.choices)
    later = (_line(ChannelSettings, name, known.get(name), example) for name, example in _LATER.items())
    lines = chain(_line(ChannelSettings, key, address), *later)
    return _section("channels", [f"{channel.name}:", *_indented(lines)])


def _section(name: str, lines: Iterable[str]) -> list[str]:
    return [*_explained(Settings, name), f"{name}:", *_indented(lines)]


def _line(model: type[BaseModel], key: str, value: Any, example: Any = None) -> Iterator[str]:
    """What a key means, and its value; or, if it has none, an example for later."""
    yield from _explained(model, key)
    yield f"{key}: {as_flow(value)}" if value or example is None else f"# {key}: {as_flow(example)}"


def _explained(model: type[BaseModel], key: str) -> list[str]:
    text = model.model_fields[key].description or ""
    return textwrap.wrap(text, _WIDTH, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False)


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"  {line}" for line in lines]
