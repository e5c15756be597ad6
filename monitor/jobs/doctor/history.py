"""The history and the service that writes it."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING

from monitor import __version__, control
from monitor.core.checkup import ok, problem, warning
from monitor.core.checkup.machine import judge_backup
from monitor.core.errors import MonitorError
from monitor.core.liveness import Due, Vitals, judge
from monitor.jobs.integrity import Inspection
from monitor.store import soundness
from monitor.store.backups.folder import BackupFolder
from monitor.store.database import check, open_reader
from monitor.store.ledger import Ledger
from monitor.store.lock import holder
from monitor.store.notices import Notices
from monitor.store.sources import Sources

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Any

    from monitor.core.checkup import Finding
    from monitor.jobs.backups import Plan

_QUICK = 8.0  # seconds for a look at the file that is not asked for in full
_SHOWN = 5
_RESTORE = "stop Tumen, and restore the last backup: `tumen restore`; it keeps the damaged file"


def newest(history: Path) -> datetime | None:
    """The latest time that the history knows of, None if it knows of none. Raises StorageError."""
    if not history.exists():
        return None
    with closing(open_reader(history)) as db:
        return soundness.newest(db)


def integrity(history: Path, *, full: bool) -> Iterator[Finding]:
    """Whether the file is sound: as far as that can be seen in some seconds, or wholly."""
    if not history.exists():
        yield ok("integrity", "there is no history yet; `tumen run` makes it", str(history))
        return
    with closing(open_reader(history)) as db:
        found = check(db) if full else soundness.quick_check(db, _QUICK)
    if found is None:
        yield ok("integrity", f"nothing wrong in {_QUICK:g} s; --full reads all of it", str(history))
    elif found:
        says = f"the history is damaged: {'; '.join(found[:_SHOWN])}"
        yield problem("integrity", says, str(history), remedy=_RESTORE)
    else:
        how = "all of it was read" if full else "as far as a quick look shows"
        yield ok("integrity", f"it is sound, {how}", str(history))


def evidence(history: Path, captures: Path) -> Iterator[Finding]:
    """Whether every version of every text, and every page that was kept, is still what was stored."""
    if not history.exists():
        return
    inspection = Inspection(history, captures)
    kinds: dict[str, int] = {}
    for fault in (*inspection.captures(), *inspection.strangers(), *inspection.revisions()):
        if fault is not None:
            kinds[fault.kind.value] = kinds.get(fault.kind.value, 0) + 1
    if kinds:
        says = "not all that was kept is what was stored: " + ", ".join(
            f"{n} {kind}" for kind, n in kinds.items()
        )
        yield problem("evidence", says, str(history), remedy="`tumen evidence --check` names each")
    else:
        yield ok("evidence", "all versions and pages are what was stored", str(history))


def service(history: Path, now: datetime) -> Iterator[Finding]:
    """Whether the service runs, is the one that is installed, and does what is due."""
    pid = holder(history)
    try:
        said = control.call(history, "status", timeout=5.0)
    except control.NotRunning:
        yield _silent(history, pid)
        return
    except MonitorError as error:
        yield problem("service", error.message, error.where, remedy=error.remedy)
        return
    version = said.get("version", __version__)
    if version != __version__:
        says = f"it is version {version}, and {__version__} is installed"
        yield warning("service", says, str(history), remedy="restart it")
    yield from _progress(history, said, now)


def backup(plan: Plan, now: datetime) -> Iterator[Finding]:
    """How old the newest verified backup is."""
    if plan.history.exists():
        made = BackupFolder(plan.folder, plan.history).last(now)
        yield judge_backup(made, now, plan.every, str(plan.folder))


def _silent(history: Path, pid: int | None) -> Finding:
    if pid is not None:
        says = (
            f"process {pid} holds the history, and nobody answers: a command at work, or a service that hangs"
        )
        return problem("service", says, str(history), remedy="wait; if it is the service, restart it")
    return warning(
        "service", "it does not run, so nothing is watched", str(history), remedy="start it: `tumen run`"
    )


def _progress(history: Path, said: dict[str, Any], now: datetime) -> Iterator[Finding]:
    started = datetime.fromisoformat(said["started"])
    with closing(open_reader(history)) as db:
        due, delivery = Sources(db).due(now, 1), Ledger(db).next_due()
        standing = Notices(db).standing()
    look = Due(due[0].source.name, due[0].next_due) if due else None
    symptoms = judge(Vitals(now, started, look=look, delivery=delivery))
    for symptom in symptoms:
        remedy = "look at its log; a restart loses nothing"
        yield problem("service", symptom.text, str(history), remedy=remedy)
    for text, at in standing.values():
        yield warning(
            "notices",
            f"{text} (since {at:%Y-%m-%d %H:%M} UTC)",
            remedy="`tumen sources list`, docs/reasons.md",
        )
    if not symptoms:
        yield ok("service", f"it runs since {started:%Y-%m-%d %H:%M} UTC and does what is due", str(history))
