"""How long what is kept, as `retention` in `tumen.yaml` says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field, ValidationInfo, field_validator

from monitor.config.values import FileSize, Keeping, Section, lasting
from monitor.core.retention import FLOORS, Retention, RetentionClass
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
