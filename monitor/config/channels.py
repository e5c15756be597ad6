"""What `tumen.yaml` may say about a channel: where it is, what it hears, and when."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path  # noqa: TC003  pydantic reads annotations when it runs
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, field_validator, model_validator

from monitor.config.values import Duration, Section
from monitor.core.delivery.notices import Wish
from monitor.core.delivery.policy import Policy
from monitor.core.topic import Severity
from monitor.documents import Clock, Hours, Refusal, TimeZone, WeekClock


class GroupSettings(Section):
    """How long messages wait for each other."""

    wait: Duration = Field(
        default=timedelta(),
        description="What is found so soon after an alert leaves together with it.",
        examples=["5m"],
    )
    interval: Duration = Field(
        default=timedelta(), description="Between one message and the next, at least.", examples=["30m"]
    )


class ChannelSettings(Section):
    """Where people listen."""

    url: SecretStr | list[SecretStr] | None = Field(
        default=None,
        description="An Apprise address (https://github.com/caronc/apprise), one recipient each; or a list of them. "
        "${NAME} stands for a variable, a file or a credential.",
        examples=["json://localhost:8000/alerts"],
    )
    url_file: Path | None = Field(
        default=None,
        description="A file that holds the address, one a line, instead of url; at most 64 KiB.",
        examples=["desk.url"],
    )
    language: str = Field(
        default="en",
        description="Of the words around the original titles (ar, de, en, es, fr, it, ja, ko, pl, ru, uk, zh).",
    )
    timezone: TimeZone = Field(default="UTC", description="In which times are shown.")
    packs: list[str] = Field(
        default=[], description="The packs it wants; all if left out.", examples=[["dprk-russia"]]
    )
    rules: list[str] = Field(
        default=[], description="The rules it wants; all if left out.", examples=[["troops"]]
    )
    tags: list[str] = Field(
        default=[],
        description="It wants rules that carry one of these tags; all if left out.",
        examples=[["military", "sanctions"]],
    )
    languages: list[str] = Field(
        default=[],
        description="It wants articles in these languages; all if left out.",
        examples=[["en", "ko"]],
    )
    source_tags: list[str] = Field(
        default=[],
        description="It wants articles of sources that carry one of these tags (wire, official …); all if left out.",
        examples=[["wire", "official"]],
    )
    stories: list[int] = Field(
        default=[],
        description="It wants only these stories, by their numbers in `tumen stories list`; all if left out.",
        examples=[[17, 23]],
    )
    at_least: Severity = Field(default=Severity.LOW, description="The lowest severity it wants.")
    at_once: Severity = Field(
        default=Severity.URGENT,
        description="What is at least so severe waits neither for a group or digest, nor for quiet hours or the cap.",
    )
    group: GroupSettings = Field(
        default_factory=GroupSettings, description="Whether what comes soon after each other leaves together."
    )
    digest: list[Clock] = Field(
        default=[],
        description="Times of the day at which it is told all that has come; at any time if left out.",
        examples=[["08:00", "18:00"]],
    )
    quiet: Hours | None = Field(
        default=None, description="Hours in which it is not disturbed. What waits leaves as one."
    )
    per_hour: int | None = Field(
        default=None,
        ge=1,
        le=1000,
        description="So many messages an hour at most, the rest leaves as one; no limit if left out.",
        examples=[6],
    )
    notices: Wish = Field(
        default=Wish.NONE,
        description="What it is told about Tumen itself: none, trouble (and its end), or all (start and stop, too).",
    )
    canary: Clock | None = Field(
        default=None,
        description="A time of the day at which it gets a sign of life, with what was looked at.",
    )
    report: WeekClock | None = Field(
        default=None,
        description="A day of the week and a time at which it gets the report about the last week.",
    )

    @field_validator("url_file", mode="before")
    @classmethod
    def _is_a_path(cls, given: Any) -> Any:
        if isinstance(given, str) and "://" in given:  # not repeated: as an address it is a secret
            raise Refusal("url_file is the path of a file that holds the address", "give the address as url")
        return given

    @model_validator(mode="after")
    def _has_one_address(self) -> ChannelSettings:
        if (self.url is None) == (self.url_file is None):
            raise Refusal("a channel has either url or url_file", "give it one of them")
        return self

    @property
    def policy(self) -> Policy:
        """When it is told."""
        return Policy(
            zone=self.zone,
            wait=self.group.wait,
            interval=self.group.interval,
            digest=tuple(sorted(self.digest)),
            quiet=self.quiet,
            per_hour=self.per_hour,
            at_once=self.at_once,
        )

    @property
    def zone(self) -> ZoneInfo:
        """The time zone as an object."""
        return ZoneInfo(self.timezone)
