"""Reading `tumen.yaml`: what is watched, who is told, and how.

Addresses of channels hold secrets, so they may name an environment variable (`${NAME}`) or a file (`url_file`).
"""

from __future__ import annotations

import os
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    field_validator,
    model_validator,
)

from monitor.catalogue import SourceDeclaration, shipped_sources
from monitor.core.errors import ConfigError
from monitor.core.topic import Severity
from monitor.documents import Document, Refusal, parse_document, read_document, suggestion, validate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spiders.items import Source

DEFAULT_FILE = "tumen.yaml"
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}  # seconds
_DURATION = re.compile(r"(\d{1,12}(?:\.\d{1,6})?)\s*([smhd])", re.ASCII)
_CHANNEL = r"[A-Za-z0-9_-]+"
_SHORTEST, _LONGEST = 0.01, 3650 * 86400  # seconds; longer ones would leave the calendar
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


def _duration(value: Any) -> Any:
    """`90s`, `5m`, `24h` or `2d` as a timedelta."""
    match = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError("a duration is a number with s, m, h or d behind it, like 90s, 5m or 24h")
    seconds = float(match.group(1)) * _UNITS[match.group(2)]
    if not _SHORTEST <= seconds <= _LONGEST:
        raise ValueError("a duration lies between 0.01s and 3650d")
    return timedelta(seconds=seconds)


def _channel_name(name: str) -> str:
    if not re.fullmatch(_CHANNEL, name):
        raise Refusal(f"{name!r} is no name for a channel", "use letters, digits, - and _")
    return name


Duration = Annotated[timedelta, BeforeValidator(_duration)]
ChannelName = Annotated[str, AfterValidator(_channel_name)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class ChannelSettings(_Section):
    """Where a person listens.

    Attributes:
        url: an Apprise address (https://github.com/caronc/apprise), one recipient each; or several.
        url_file: a file that holds the address, one a line, instead.
        language: of the frame of its messages.
        timezone: IANA name in which it reads times.
        packs: the packs it wants; all by default.
        rules: the rules it wants; all by default.
        tags: it wants rules that carry one of these; all by default.
        at_least: the lowest severity it wants.
    """

    url: SecretStr | list[SecretStr] | None = None
    url_file: Path | None = None
    language: str = "en"
    timezone: str = "UTC"
    packs: list[str] = []
    rules: list[str] = []
    tags: list[str] = []
    at_least: Severity = Severity.LOW

    @field_validator("timezone")
    @classmethod
    def _is_known(cls, timezone: str) -> str:
        if timezone not in available_timezones():
            near = suggestion(timezone, available_timezones())
            raise Refusal(f"{timezone} is no time zone", near or "use a name like Europe/Berlin")
        return timezone

    @model_validator(mode="after")
    def _has_one_address(self) -> ChannelSettings:
        if (self.url is None) == (self.url_file is None):
            raise ValueError("a channel has either url or url_file")
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The time zone as an object."""
        return ZoneInfo(self.timezone)


class SourceSettings(_Section):
    """Which sources are watched.

    Attributes:
        shipped: whether the sources that come with Tumen are used.
        languages: only shipped ones in these languages; all by default.
        tags: only shipped ones with one of these tags; all by default.
        at_least: only shipped ones of at least this weight.
        names: shipped ones that are chosen by name, also those that are off by default.
        without: shipped ones that are left out.
        own: declarations of further sources.
    """

    shipped: bool = True
    languages: list[str] = []
    tags: list[str] = []
    at_least: int = Field(default=1, ge=1, le=5)
    names: list[str] = []
    without: list[str] = []
    own: list[SourceDeclaration] = []


class PaceSettings(_Section):
    """How often sources are looked at; see `monitor.core.pacing.Pace`."""

    fastest: Duration = timedelta(minutes=5)
    slowest: Duration = timedelta(hours=2)
    failing: Duration = timedelta(hours=6)


class FreshnessSettings(_Section):
    """How old news may be; see `monitor.core.alerting.Freshness`."""

    first_look: Duration = timedelta(hours=24)
    late_after: Duration = timedelta(hours=3)
    expires: Duration = timedelta(hours=48)


class CrawlSettings(_Section):
    """How Tumen behaves on the web.

    Attributes:
        contact: an address or page that webmasters can turn to; it stands in the user agent.
        workers: crawl workers at a time.
        delay: between two requests to one host.
        timeout: for one request.
        deadline: for one page or source, redirects and parsing included.
        batch: looks or reads in one job.
        allow_private: hosts (`name` or `name:port`) that may be read although their address is private.
        obey_robots: whether robots.txt is obeyed.
    """

    contact: str = ""
    workers: int = Field(default=1, ge=1, le=16)
    delay: Duration = timedelta(seconds=1)
    timeout: Duration = timedelta(seconds=20)
    deadline: Duration = timedelta(seconds=60)
    batch: int = Field(default=50, ge=1, le=200)
    allow_private: list[str] = []
    obey_robots: bool = True


class Settings(_Section):
    """All of `tumen.yaml`.

    Attributes:
        history: the SQLite file, relative to the configuration file.
        packs: topic packs: names of shipped ones, or folders relative to the configuration file.
        channels: by name.
        sources: which are watched.
        pace: how often.
        freshness: how old news may be.
        crawl: manners on the web.
        folder: where relative paths start; set by the reader, not in the file.
    """

    history: Path = Path("tumen.db")
    packs: list[str] = Field(default=["dprk-russia"], min_length=1)
    channels: dict[ChannelName, ChannelSettings] = {}
    sources: SourceSettings = SourceSettings()
    pace: PaceSettings = PaceSettings()
    freshness: FreshnessSettings = FreshnessSettings()
    crawl: CrawlSettings = CrawlSettings()
    folder: Annotated[Path, Field(exclude=True)] = Path()

    @property
    def history_path(self) -> Path:
        """The SQLite file as an absolute path."""
        return (self.folder / self.history).absolute()


def load_settings(file: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the configuration.

    Raises:
        ConfigError: with file and line, if it cannot be read or says something that cannot be.
    """
    if not os.path.lexists(file):  # unlike Path.exists it answers for every path
        raise ConfigError(
            "there is no configuration here",
            where=str(file),
            remedy="start with the example in README.md, or name a file with --config",
        )
    return _settings(read_document(file), file.parent, environment)


def parse_settings(text: str, folder: Path, environment: Mapping[str, str]) -> Settings:
    """The configuration from a string; see `load_settings`."""
    return _settings(parse_document(text, DEFAULT_FILE), folder, environment)


def _settings(document: Document, folder: Path, environment: Mapping[str, str]) -> Settings:
    if isinstance(document.value, dict) and "folder" in document.value:
        raise ConfigError("unknown key folder", where=document.where(("folder",)), remedy="remove it")
    filled = replace(document, value=_fill(document.value, (), document, environment))
    return validate(filled, Settings).model_copy(update={"folder": folder})


def _fill(value: Any, path: tuple[str | int, ...], document: Document, environment: Mapping[str, str]) -> Any:
    """The value with every `${NAME}` replaced by the environment's."""
    if isinstance(value, dict):
        return {key: _fill(item, (*path, key), document, environment) for key, item in value.items()}
    if isinstance(value, list):
        return [_fill(item, (*path, number), document, environment) for number, item in enumerate(value)]
    if not isinstance(value, str):
        return value

    def lookup(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in environment:
            raise ConfigError(
                f"the environment has no variable {name}",
                where=document.where(path),
                remedy=f"set {name}, or write the value here",
            )
        return environment[name]

    return _VARIABLE.sub(lookup, value)


def channel_urls(name: str, channel: ChannelSettings, folder: Path) -> tuple[str, ...]:
    """The secret addresses of a channel. Raises ConfigError if its file cannot be read."""
    if channel.url_file is not None:
        file = folder / channel.url_file
        try:
            lines = file.read_text(encoding="utf-8").split("\n")
        except (OSError, ValueError) as problem:  # ValueError: not UTF-8
            reason = getattr(problem, "strerror", None) or "it is not UTF-8 text"
            raise ConfigError(
                f"cannot read url_file: {reason}",
                where=f"channel {name}, {file}",
                remedy="check the path (relative to the configuration file) and its permissions",
            ) from None
        urls = [line.strip() for line in lines if line.strip()]
    else:
        given = channel.url if isinstance(channel.url, list) else [channel.url or SecretStr("")]
        urls = [url.get_secret_value().strip() for url in given]
    if not urls or not all(urls):
        raise ConfigError("has no address", where=f"channel {name}", remedy="give url: an Apprise address")
    return tuple(dict.fromkeys(urls))


def watched_sources(settings: SourceSettings) -> tuple[Source, ...]:
    """The sources that the configuration chooses.

    Raises:
        ConfigError: if it names a source that does not exist, twice, or chooses none.
    """
    shipped = {source.name: source for source in shipped_sources()} if settings.shipped else {}
    for name in (*settings.names, *settings.without):
        if name not in shipped:
            raise ConfigError(
                f"there is no shipped source {name}",
                where="sources",
                remedy="`tumen sources list --all` shows them",
            )
    own = [declaration.source() for declaration in settings.own]
    for number, source in enumerate(own):
        if source.name in shipped or source.name in {other.name for other in own[:number]}:
            raise ConfigError(
                f"the source {source.name} is declared twice", where="sources: own", remedy="rename it"
            )
    chosen = [source for source in shipped.values() if _is_chosen(source, settings)]
    if not (watched := (*chosen, *own)):
        raise ConfigError("no source is chosen", where="sources", remedy="choose some, or declare your own")
    return watched


def _is_chosen(source: Source, settings: SourceSettings) -> bool:
    if source.name in settings.without:
        return False
    if source.name in settings.names:
        return True
    return (
        source.enabled
        and source.weight >= settings.at_least
        and (not settings.languages or source.language in settings.languages)
        and (not settings.tags or any(tag in settings.tags for tag in source.tags))
    )
