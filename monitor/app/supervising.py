"""What the service manager hears of the service."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from monitor.core.errors import StorageError
from monitor.jobs.supervision import Supervision, Work
from monitor.store.deliveries import open_deliveries

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitor.app.telling import Telling
    from monitor.app.watching import Watching
    from monitor.planning import Plan
    from monitor.scheduler import Timer
    from monitor.store.database import Database
    from monitor.supervision import Manager

# Every page, look and message has a deadline of its own, of seconds to few minutes: this is long after all of them.
_LONG = timedelta(minutes=15)


def build_supervision(
    manager: Manager,
    timer: Timer,
    watching: Watching,
    telling: Telling,
    db: Database,
    plan: Callable[[], Plan],
) -> Supervision:
    """What feeds the watchdog while all goes on, by whatever plan is in use."""
    return Supervision(
        manager,
        stalled=timer.stalled,
        works=lambda: works(plan(), watching, telling),
        status=lambda: describe(plan(), db),
    )


def works(plan: Plan, watching: Watching, telling: Telling) -> dict[str, Work]:
    """What goes on in the background, beside the ticks."""
    return {
        "crawling": Work(watching.crawler.done, _LONG + plan.settings.crawl.deadline),
        "sending": Work(telling.deliver.done, _LONG),
    }


def describe(plan: Plan, db: Database) -> str:
    """What the service does, in a line: `watching 417 sources; 3 deliveries wait, the oldest since …`."""
    sources = len(plan.sources)
    watching = f"watching {sources} source{'' if sources == 1 else 's'}"
    try:
        many, oldest = open_deliveries(db)
    except StorageError as error:
        return f"{watching}; {error.message}"
    if oldest is None:
        return f"{watching}; nothing waits to be sent"
    waiting = "1 delivery waits, since" if many == 1 else f"{many} deliveries wait, the oldest since"
    return f"{watching}; {waiting} {oldest:%Y-%m-%d %H:%M} UTC"
