"""How things stand: the service, its work, its history and what comes next, as one answer."""

from __future__ import annotations

import shutil
from contextlib import closing
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from monitor import control
from monitor.core.delivery.policy import next_time
from monitor.core.errors import MonitorError
from monitor.core.models import EntryState
from monitor.jobs.backups import STEADY
from monitor.store import pulse
from monitor.store.backups.folder import BackupFolder
from monitor.store.captures import Captures
from monitor.store.database import open_reader
from monitor.store.history import History
from monitor.store.ledger import Ledger
from monitor.store.lock import holder
from monitor.store.notices import Notices
from monitor.store.pruning import Pruning, Space
from monitor.store.silences import active_silences

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from monitor.config import ChannelSettings
    from monitor.jobs.backups import Plan
    from monitor.store.database import Database

_LATELY = timedelta(hours=1)
_WEEK = timedelta(days=7)


def status(
    path: Path,
    now: datetime,
    channels: Mapping[str, ChannelSettings] | None = None,
    backups: Plan | None = None,
) -> dict[str, Any]:
    """What the history holds and what waits, whether the service runs, and what comes next.

    Args:
        path: the history.
        now: the time.
        channels: those of the configuration, for what is due to them.
        backups: where and how often they are made.

    Raises:
        StorageError, DatabaseDamaged: the history cannot be read.
    """
    found = _service(path)
    if not path.exists():
        return found
    with closing(open_reader(path)) as db:
        found |= _held(db) | _work(db, now) | _disk(db, path)
        coming = [*_looks(db), *_messages(now, channels or {})]
    if backups is not None:
        last = BackupFolder(backups.folder, backups.history).last(now)
        found["last_backup"] = _text(last)
        if backups.every is not None:
            due = max(now, last + backups.every) if last else now
            if since := found["running_since"]:
                due = max(due, datetime.fromisoformat(since) + STEADY)
            coming.append((due, "backup"))
    return found | {"next": [{"at": _text(at), "what": what} for at, what in sorted(coming)]}


def _service(path: Path) -> dict[str, Any]:
    said: dict[str, Any] = {}
    trouble = ""
    try:
        said = control.call(path, "status")
    except control.NotRunning:
        pass
    except MonitorError as error:  # it runs, and does not say how it is
        trouble = error.message
    found: dict[str, Any] = {
        "running": bool(said or trouble),
        "running_since": said.get("started"),
        "history": str(path),
    }
    if trouble:
        found["trouble"] = trouble
    if (process := holder(path)) is not None:
        found["process"] = process
    if said:
        found |= {"sources": said.get("sources"), "packs": said["packs"]}
    for key in ("version", "configuration", "cluster"):
        if said.get(key) is not None:
            found[key] = said[key]
    return found


def _held(db: Database) -> dict[str, Any]:
    summary, backlog = History(db).summary(), Ledger(db).backlog()
    return {
        "articles": summary.articles,
        "relevant": summary.relevant,
        "stories": summary.stories,
        "alerts": sum(summary.alerts.values()),
        "entries_to_read": summary.entries[EntryState.TO_READ],
        "deliveries": {state.value: count for state, count in summary.deliveries.items() if count},
        "held": {why.value: count for why, count in backlog.held.items()},
        "oldest_waiting": _text(backlog.oldest),
    }


def _work(db: Database, now: datetime) -> dict[str, Any]:
    look = pulse.next_look(db)
    return {
        "looks": dict(pulse.looks_since(db, now - _LATELY)),
        "overdue": {"source": look[0], "since": _text(look[1])} if look and look[1] <= now else None,
        "channels": {
            name: {
                "waiting": one.waiting,
                "oldest": _text(one.oldest),
                "last_sent": _text(one.sent),
                "parked_since": _text(one.parked),
                "error": one.error,
            }
            for name, one in pulse.channels(db).items()
        },
        "silences": [
            {"id": one.id, "ends": _text(one.ends), "reason": one.reason} for one in active_silences(db, now)
        ],
        "standing_notices": [text for text, _ in Notices(db).standing().values()],
    }


def _disk(db: Database, path: Path) -> dict[str, Any]:
    captures, usage, pruning = Captures(db).totals(), Space(db).usage(), Pruning(db)
    return {
        "captures": captures.kept,
        "captures_size": captures.size,
        "captures_mib": round(captures.size / 1024**2, 1),
        "captures_failed": captures.failed,
        "size": usage.size,
        "free": usage.free,
        "log": usage.log,
        "disk_free": shutil.disk_usage(path.parent).free,
        "pruned": {what.value: count for what, count in pruning.totals().items()},
        "last_pruned": next((_text(line.ended_at) for line in pruning.lines(limit=1)), None),
    }


def _looks(db: Database) -> Iterator[tuple[datetime, str]]:
    if (look := pulse.next_look(db)) is not None:
        yield look[1], f"look at {look[0]}"


def _messages(now: datetime, channels: Mapping[str, ChannelSettings]) -> Iterator[tuple[datetime, str]]:
    """What is due to channels by the clock."""
    for name, given in channels.items():
        if given.digest:
            yield next_time(now, tuple(given.digest), given.zone), f"digest for {name}"
        if given.canary is not None:
            yield next_time(now, (given.canary,), given.zone), f"sign of life for {name}"
        if given.report is not None:
            yield given.report.last(now + _WEEK, given.zone), f"report for {name}"


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
