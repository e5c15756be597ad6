"""Where the history of a configuration is backed up, and how often."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.jobs.backups import Plan

if TYPE_CHECKING:
    from monitor.config import Settings


def backup_plan(settings: Settings) -> Plan:
    """What the configuration says of backups."""
    given = settings.backup
    return Plan(
        history=settings.history_path,
        folder=settings.backups_path,
        captures=settings.captures_path,
        every=given.every if given.enabled else None,
        rotation=given.rotation,
    )
