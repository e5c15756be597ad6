"""What looks after the history, and what says elsewhere that the service lives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.jobs.heartbeat import Heartbeat
from monitor.jobs.pruning import Pruner
from monitor.planning import pinger
from monitor.store.capture_files import CaptureFiles
from monitor.store.pruning import Pruning, Space

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from monitor.app.telling import Telling
    from monitor.app.watching import Watching
    from monitor.core.liveness import Symptom
    from monitor.planning import Plan
    from monitor.scheduler import Timer
    from monitor.store.database import Database
    from monitor.store.ledger import Ledger
    from monitor.store.sources import Sources


def build_pruner(
    plan: Plan,
    db: Database,
    telling: Telling,
    watching: Watching,
    timer: Timer,
    clock: Callable[[], datetime],
) -> Pruner:
    """What removes old rows while nothing else is to be done."""
    settings = plan.settings
    return Pruner(
        Pruning(db, CaptureFiles(settings.captures_path)),
        Space(db),
        settings.retention.retention,
        telling.keeper,
        clock=clock,
        is_busy=lambda: not telling.deliver.idle or bool(watching.sources.to_read(clock(), 1)),
        on_more=lambda: timer.hurry("pruning"),
    )


def build_heartbeat(
    plan: Plan,
    sources: Sources,
    ledger: Ledger,
    timer: Timer,
    *,
    probe: Callable[[], None],
    more: Callable[[], tuple[Symptom, ...]],
    clock: Callable[[], datetime],
) -> Heartbeat | None:
    """What tells a monitor elsewhere, if there is one, that the service lives."""
    given, told = plan.settings.heartbeat, pinger(plan.settings)
    if given is None or told is None:
        return None
    return Heartbeat(
        told, sources, ledger, probe=probe, silent=timer.silent, more=more, clock=clock, every=given.every
    )
