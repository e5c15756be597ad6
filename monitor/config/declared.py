"""What `tumen.yaml` may say. The descriptions of the keys reach editors through the JSON Schema."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic.json_schema import SkipJsonSchema  # noqa: TC002  pydantic reads annotations when it runs

from monitor.config.channels import ChannelSettings  # noqa: TC001  pydantic reads annotations when it runs
from monitor.config.cluster import ClusterSettings  # noqa: TC001  pydantic reads annotations when it runs
from monitor.config.health import HealthSettings  # noqa: TC001  pydantic reads annotations when it runs
from monitor.config.keeping import BackupSettings, RetentionSettings
from monitor.config.logs import LogSettings
from monitor.config.sources import SourceSettings
from monitor.config.values import ChannelName, Duration, Fixed, Section, lasting
from monitor.config.web import WebSettings
from monitor.documents import Refusal

_PATIENCE = timedelta(seconds=5)  # of a message for its translations: news is worth more than comfort
_SHORTEST_CYCLE = timedelta(minutes=1)  # services that watch heartbeats count in minutes


def _server(url: str) -> SplitResult | None:
    """The parts of an address that leads to a web server, None for another."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        return None
    return parts if usable else None


class PaceSettings(Section):
    """How often sources are looked at; see `monitor.core.sources.pacing.Pace`."""

    fastest: Duration = lasting(
        "1m",
        "Between two looks at a busy source of weight 5; each weight less doubles it.",
    )
    slowest: Duration = lasting("2h", "The longest time between two looks.")
    failing: Duration = lasting(
        "6h",
        "The longest time between two looks at a source that fails; only unverified ones are ever given up.",
    )


class FreshnessSettings(Section):
    """How old news may be; see `monitor.core.alerting.Freshness`."""

    first_look: Duration = lasting(
        "24h",
        "What a source already holds at its first look is told only if published within this time.",
    )
    late_after: Duration = lasting(
        "3h",
        "Found longer than this after publication, an alert is labelled late.",
    )
    expires: Duration = lasting("48h", "A message is worth sending for this long.")


class CrawlSettings(Section):
    """How Tumen behaves on the web."""

    contact: str = Field(
        default="",
        description="An address or page that webmasters can turn to; it stands in the user agent. Without one, "
        "`tumen check` and `tumen run` remind you.",
        examples=["news@example.org"],
    )
    workers: int = Field(default=1, ge=1, le=16, description="Crawl workers at a time.")
    delay: Duration = lasting(
        "1s",
        "Between two requests to one host, one at a time, whatever sources, workers and redirects lead there.",
    )
    timeout: Duration = lasting("20s", "For one request.")
    deadline: Duration = lasting("60s", "For one page or source, redirects and parsing included.")
    batch: int = Field(default=50, ge=1, le=200, description="Looks or reads in one job.")
    allow_private: list[str] = Field(
        default=[],
        description="Hosts (name or name:port) that may be read although their address is private.",
        examples=[["intranet.example.org:8080"]],
    )
    obey_robots: bool = Field(
        default=True,
        description="Whether robots.txt is obeyed: what it allows, and the pause it asks for (Crawl-delay, "
        "Request-rate), up to 5 minutes.",
    )
    cluster: Annotated[ClusterSettings | None, Fixed()] = Field(
        default=None, description="Other machines that read the web; without it, this one does."
    )


class CaptureSettings(Section):
    """Pages kept as they were fetched; see `monitor.store.capture_files`."""

    enabled: bool = Field(default=True, description="Whether pages on topic are kept as they were fetched.")
    folder: Annotated[Path | None, Fixed()] = Field(
        default=None,
        description="Where they are kept, relative to the configuration file; beside the history, in "
        "tumen.db.captures, if left out.",
        examples=["captures"],
    )
    level: int = Field(default=1, ge=1, le=9, description="How hard they are compressed, 9 the hardest.")


class TranslationSettings(Section):
    """A server of the user's own that translates; see `monitor.notify.translation`."""

    url: str = Field(
        description="The address of a server that speaks LibreTranslate's API, without /translate.",
        examples=["http://localhost:5000"],
    )
    key: SecretStr = Field(
        default=SecretStr(""),
        description="Its API key, if it asks for one; ${NAME} as for url of a channel.",
        examples=["${TRANSLATION_KEY}"],
    )
    timeout: Duration = lasting("5s", "A message waits this long for its translations, at most 5s.")

    @field_validator("url")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        parts = _server(url)
        if parts is None or parts.query or parts.fragment:
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


class HeartbeatSettings(Section):
    """Who notices when the service stops; see `monitor.jobs.heartbeat`."""

    url: SecretStr = Field(
        description="The address of a check of Healthchecks (https://healthchecks.io) or of what speaks its API, a "
        "secret; ${NAME} as for url of a channel.",
        examples=["${HEARTBEAT_URL}"],
    )
    every: Duration = lasting("5m", "From the begin of a cycle to that of the next, at least 1m.")

    @field_validator("url")
    @classmethod
    def _is_an_address(cls, url: SecretStr) -> SecretStr:
        parts = _server(url.get_secret_value())
        if parts is None or parts.fragment:
            raise Refusal("that is no address of a check", "write it like https://hc-ping.example/uuid")
        return url

    @field_validator("every")
    @classmethod
    def _is_not_hasty(cls, every: timedelta) -> timedelta:
        if every < _SHORTEST_CYCLE:
            raise Refusal("a cycle lasts at least 1m", "choose 1m or more")
        return every


class Settings(Section):
    """The configuration of Tumen (tumen.yaml). `folder` is set by the reader, not in the file."""

    history: Annotated[Path, Fixed()] = Field(
        default=Path("tumen.db"), description="The SQLite file, relative to the configuration file."
    )
    packs: list[str] = Field(
        default=["dprk-russia"],
        min_length=1,
        description="Topic packs: names of shipped ones, or folders relative to the configuration file. Edited ones "
        "are taken up while it runs.",
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
    heartbeat: HeartbeatSettings | None = Field(
        default=None, description="Who notices when the service stops; without it, nobody does."
    )
    health: Annotated[HealthSettings | None, Fixed()] = Field(
        default=None, description="Where machines ask how the service is; without it, nothing listens."
    )
    crawl: CrawlSettings = Field(default_factory=CrawlSettings, description="Manners on the web.")
    web: WebSettings = Field(default_factory=WebSettings, description="The history as web pages.")
    captures: CaptureSettings = Field(
        default_factory=CaptureSettings, description="Whether and where pages are kept as they were fetched."
    )
    retention: RetentionSettings = Field(
        default_factory=RetentionSettings, description="How long what is kept."
    )
    log: LogSettings = Field(default_factory=LogSettings, description="How the log is written.")
    backup: BackupSettings = Field(
        default_factory=BackupSettings, description="How the service backs its history up."
    )
    folder: Annotated[SkipJsonSchema[Path], Field(exclude=True)] = Path()

    @property
    def history_path(self) -> Path:
        """The SQLite file as an absolute path."""
        return (self.folder / self.history).absolute()

    @property
    def captures_path(self) -> Path:
        """The folder of captures as an absolute path: beside the history, if no other is given."""
        beside = self.history_path.with_name(f"{self.history_path.name}.captures")
        return (self.folder / self.captures.folder).absolute() if self.captures.folder else beside

    @property
    def backups_path(self) -> Path:
        """The folder of backups as an absolute path: beside the history, if no other is given."""
        beside = self.history_path.with_name(f"{self.history_path.name}.backups")
        return (self.folder / self.backup.folder).absolute() if self.backup.folder else beside
