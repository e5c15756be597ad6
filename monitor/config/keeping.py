"""How long what is kept, and how it is backed up, as `retention` and `backup` in `tumen.yaml` say it."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  pydantic reads annotations when it runs
from typing import TYPE_CHECKING

from pydantic import Field, ValidationInfo, field_validator

from monitor.config.values import Duration, FileSize, Keeping, Section, lasting
from monitor.core.retention import FLOORS, Retention, RetentionClass
from monitor.core.rotation import LEAST, Rotation
from monitor.documents import Refusal

if TYPE_CHECKING:
    from datetime import timedelta

_SMALLEST = 100 * 10**6  # bytes: tables, indices and what is too young to go need some room


class RetentionSettings(Section):
    """How long what is kept; see `monitor.core.retention`."""

    unmatched: Keeping = lasting("90d", "Articles that no rule matched, at least 7d.")
    matched: Keeping = lasting("forever", "Articles on topic that nobody was told of, at least 30d.")
    alerts: Keeping = lasting("forever", "What was told, with its deliveries and attempts, at least 30d.")
    captures: Keeping = lasting("forever", "Pages that were kept as evidence, at least 30d.")
    looks: Keeping = lasting("60d", "Looks, visits, gaps and notices, at least 14d.")
    entries: Keeping = lasting(
        "90d",
        "Titles and teasers of what was read, at least 30d; the addresses stay, so that none returns as new.",
    )
    size: FileSize = Field(
        default=None,
        description="How large the history may become, at least 100MB: above it the oldest articles that no rule "
        "matched go before their time, then old looks; what was told never does. Any size, if left out.",
    )

    @field_validator(*(what.value for what in RetentionClass))
    @classmethod
    def _is_not_hasty(cls, kept: timedelta | None, info: ValidationInfo) -> timedelta | None:
        what = RetentionClass(info.field_name or "")
        floor = FLOORS[what]
        if kept is not None and kept < floor:
            raise Refusal(f"{what.text} are needed for {floor.days} days", f"choose {floor.days}d or more")
        return kept

    @field_validator("size")
    @classmethod
    def _has_room(cls, size: int | None) -> int | None:
        if size is not None and size < _SMALLEST:
            raise Refusal("no history fits into less than 100MB", "choose 100MB or more")
        return size

    @property
    def retention(self) -> Retention:
        """How long what is kept."""
        return Retention(**self.model_dump())


class BackupSettings(Section):
    """How the service backs its history up; see `monitor.store.backups`."""

    enabled: bool = Field(default=True, description="Whether the service makes backups by itself.")
    folder: Path | None = Field(
        default=None,
        description="Where they are kept, relative to the configuration file, best on another disk; beside the "
        "history if left out. Each history needs a folder of its own.",
        examples=["/mnt/disk/tumen"],
    )
    every: Duration = lasting("1d", "Between two backups, at least 1h.")
    keep: int = Field(default=7, ge=1, le=1000, description="So many of the newest are kept.")
    weeks: int = Field(
        default=4,
        ge=0,
        le=520,
        description="Besides, the newest of each of so many weeks is kept.",
    )

    @field_validator("every")
    @classmethod
    def _is_not_hasty(cls, every: timedelta) -> timedelta:
        if every < LEAST:
            raise Refusal(
                "a backup reads the whole history, so there is at most one an hour", "choose 1h or more"
            )
        return every

    @property
    def rotation(self) -> Rotation:
        """Which of them are kept."""
        return Rotation(self.keep, self.weeks)
