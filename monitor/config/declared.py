"""What `tumen.yaml` may say. The descriptions of the keys reach editors through the JSON Schema."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic.json_schema import SkipJsonSchema  # noqa: TC002  pydantic reads annotations when it runs

from monitor.catalogue import SourceDeclaration  # noqa: TC001  pydantic reads annotations when it runs
from monitor.core.topic import Severity
from monitor.documents import Refusal, suggestion

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}  # seconds
_DURATION = r"(\d{1,12}(?:\.\d{1,6})?)\s*([smhd])"
_CHANNEL = r"[A-Za-z0-9_-]+"
_PATIENCE = timedelta(seconds=5)  # of a message for its translations: news is worth more than comfort
_SHORTEST, _LONGEST = 0.01, 3650 * 86400  # seconds; longer ones would leave the calendar


def _duration(value: Any) -> Any:
    """`90s`, `5m`, `24h` or `2d` as a timedelta."""
    match = re.fullmatch(_DURATION, value.strip(), re.ASCII) if isinstance(value, str) else None
    if match is None:
        raise Refusal("a duration is a number with s, m, h or d behind it", "write it like 90s, 5m or 24h")
    seconds = float(match.group(1)) * _UNITS[match.group(2)]
    if not _SHORTEST <= seconds <= _LONGEST:
        raise ValueError("a duration lies between 0.01s and 3650d")
    return timedelta(seconds=seconds)


def _channel_name(name: str) -> str:
    if not re.fullmatch(_CHANNEL, name):
        raise Refusal(f"{name!r} is no name for a channel", "use letters, digits, - and _")
    return name


Duration = Annotated[
    timedelta,
    BeforeValidator(_duration),
    WithJsonSchema({"type": "string", "pattern": rf"^\s*{_DURATION}\s*$"}),
]
ChannelName = Annotated[
    str, AfterValidator(_channel_name), WithJsonSchema({"type": "string", "pattern": f"^{_CHANNEL}$"})
]


def _lasting(default: str, description: str) -> Any:
    """A duration whose default is written as a person would, here and in the schema."""
    return Field(default=default, validate_default=True, description=description)


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class ChannelSettings(_Section):
    """Where people listen."""

    url: SecretStr | list[SecretStr] | None = Field(
        default=None,
        description="An Apprise address (https://github.com/caronc/apprise), one recipient each; or a list of them. "
        "${NAME} stands for a variable of the environment.",
    )
    url_file: Path | None = Field(
        default=None, description="A file that holds the address, one a line, instead of url."
    )
    language: str = Field(default="en", description="Of the words around the original titles.")
    timezone: str = Field(default="UTC", description="In which times are shown: Europe/Berlin.")
    packs: list[str] = Field(default=[], description="The packs it wants; all if left out.")
    rules: list[str] = Field(default=[], description="The rules it wants; all if left out.")
    tags: list[str] = Field(
        default=[], description="It wants rules that carry one of these tags; all if left out."
    )
    at_least: Severity = Field(default=Severity.LOW, description="The lowest severity it wants.")

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
            raise Refusal("a channel has either url or url_file", "give it one of them")
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The time zone as an object."""
        return ZoneInfo(self.timezone)


class SourceSettings(_Section):
    """Which sources are watched."""

    shipped: bool = Field(default=True, description="Whether the sources that come with Tumen are used.")
    languages: list[str] = Field(
        default=[], description="Only shipped ones in these languages; all if left out."
    )
    tags: list[str] = Field(
        default=[],
        description="Only shipped ones with one of these tags (wire, official, state-media, specialist …); all if "
        "left out.",
    )
    at_least: int = Field(
        default=1, ge=1, le=5, description="Only shipped ones of at least this weight for the topic."
    )
    names: list[str] = Field(
        default=[], description="Shipped ones that are chosen by name, also those that are off by default."
    )
    without: list[str] = Field(default=[], description="Shipped ones that are left out.")
    own: list[SourceDeclaration] = Field(default=[], description="Declarations of your own.")


class PaceSettings(_Section):
    """How often sources are looked at; see `monitor.core.pacing.Pace`."""

    fastest: Duration = _lasting(
        "5m",
        "Between two looks at a source of weight 5; each weight less doubles it.",
    )
    slowest: Duration = _lasting("2h", "The longest time between two looks.")
    failing: Duration = _lasting("6h", "The longest time between two looks at a source that fails.")


class FreshnessSettings(_Section):
    """How old news may be; see `monitor.core.alerting.Freshness`."""

    first_look: Duration = _lasting(
        "24h",
        "What a source already holds at its first look is told only if published within this time.",
    )
    late_after: Duration = _lasting(
        "3h",
        "Found longer than this after publication, an alert is labelled late.",
    )
    expires: Duration = _lasting("48h", "A message is worth sending for this long.")


class CrawlSettings(_Section):
    """How Tumen behaves on the web."""

    contact: str = Field(
        default="", description="An address or page that webmasters can turn to; it stands in the user agent."
    )
    workers: int = Field(default=1, ge=1, le=16, description="Crawl workers at a time.")
    delay: Duration = _lasting("1s", "Between two requests to one host.")
    timeout: Duration = _lasting("20s", "For one request.")
    deadline: Duration = _lasting("60s", "For one page or source, redirects and parsing included.")
    batch: int = Field(default=50, ge=1, le=200, description="Looks or reads in one job.")
    allow_private: list[str] = Field(
        default=[],
        description="Hosts (name or name:port) that may be read although their address is private.",
    )
    obey_robots: bool = Field(default=True, description="Whether robots.txt is obeyed.")


class TranslationSettings(_Section):
    """A server of the user's own that translates; see `monitor.notify.translation`."""

    url: str = Field(
        description="The address of a server that speaks LibreTranslate's API: http://localhost:5000."
    )
    key: SecretStr = Field(
        default=SecretStr(""), description="Its API key, if it asks for one. ${NAME} stands for a variable."
    )
    timeout: Duration = _lasting("5s", "A message waits this long for its translations, at most 5s.")

    @field_validator("url")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        try:
            parts = urlsplit(url)
            usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        except ValueError:
            usable = False
        if not usable or parts.query or parts.fragment:
            raise Refusal("that is no address of a server", "write it like http://localhost:5000")
        if "@" in parts.netloc:
            raise Refusal("an address holds no password, it is shown in messages", "give it as key")
        return url

    @field_validator("timeout")
    @classmethod
    def _is_short(cls, timeout: timedelta) -> timedelta:
        if timeout > _PATIENCE:
            raise Refusal("a message waits at most 5s for a translation", "choose 5s or less")
        return timeout


class Settings(_Section):
    """The configuration of Tumen (tumen.yaml). `folder` is set by the reader, not in the file."""

    history: Path = Field(
        default=Path("tumen.db"), description="The SQLite file, relative to the configuration file."
    )
    packs: list[str] = Field(
        default=["dprk-russia"],
        min_length=1,
        description="Topic packs: names of shipped ones, or folders relative to the configuration file.",
    )
    channels: dict[ChannelName, ChannelSettings] = Field(
        default={}, description="Who is told, by a name of your choice; without any, alerts are stored only."
    )
    sources: SourceSettings = Field(default_factory=SourceSettings, description="What is watched.")
    pace: PaceSettings = Field(default_factory=PaceSettings, description="How often sources are looked at.")
    freshness: FreshnessSettings = Field(
        default_factory=FreshnessSettings, description="How old news may be."
    )
    translation: TranslationSettings | None = Field(
        default=None,
        description="Who translates reports in other languages; without it, they are told in their own.",
    )
    crawl: CrawlSettings = Field(default_factory=CrawlSettings, description="Manners on the web.")
    folder: Annotated[SkipJsonSchema[Path], Field(exclude=True)] = Path()

    @property
    def history_path(self) -> Path:
        """The SQLite file as an absolute path."""
        return (self.folder / self.history).absolute()
