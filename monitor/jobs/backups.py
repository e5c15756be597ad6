"""Backups of the running service: on schedule, and when somebody asks; made beside its other work."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import Future
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from monitor import control
from monitor.core.delivery.notices import Notice, NoticeKind
from monitor.core.errors import DatabaseDamaged, InputError, MonitorError
from monitor.core.retention import size_text
from monitor.core.rotation import Rotation, is_due
from monitor.store.backups.copying import Halt, Stopped
from monitor.store.backups.folder import BackupFolder
from monitor.store.backups.making import make
from monitor.store.backups.source import open_source
from monitor.store.lock import WriterLock

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from monitor.jobs.keeper import Keeper
    from monitor.store.backups.making import Made
    from monitor.store.database import Database

_log = logging.getLogger("tumen.backup")
_PATIENCE = 24 * 3600.0  # seconds: a large history takes its time, beside the other work of the service
_AGAIN = timedelta(hours=1)  # until one that failed is tried again
STEADY = timedelta(minutes=10)  # a clock that was just started or set is not believed: rotation goes by it
_RESERVE = 1.0  # of the history's size stays free: backups must not be what fills the disk
_LAST = 3.0  # seconds that one which is under way is given when the service ends
_GLANCE = (
    2.0  # seconds that the disk of the backups may take to say what is there: the event loop waits meanwhile
)
_SUBJECT = "backup"


@dataclass(frozen=True, slots=True)
class Plan:
    """Where and how often a history is backed up: `every` None for never by itself, with captures in `captures`."""

    history: Path
    folder: Path
    captures: Path
    every: timedelta | None = timedelta(days=1)
    rotation: Rotation = Rotation()


class Backups:
    """Makes the backups of the running service, in a thread of its own, one at a time.

    Args:
        db: the history; its connection is the one that copies.
        plan: where, and how often.
        keeper: hears that it cannot be done, and that it can again.
        clock: the time.
    """

    def __init__(self, db: Database, plan: Plan, keeper: Keeper, *, clock: Callable[[], datetime]) -> None:
        self._db = db
        self._keeper = keeper
        self._clock = clock
        self._halt = Halt()
        self._plan = plan
        self._work: asyncio.Task[Made] | None = None
        self._seen: datetime | None = None  # the time at the last tick
        self._steady_since: datetime | None = None
        self._failed: datetime | None = None  # when the last one failed
        self.keep(plan)

    def keep(self, plan: Plan) -> None:
        """Go by this plan from now on."""
        if plan.folder != self._plan.folder:
            self._failed = None  # the other folder may well be mended
        self._plan = plan
        self._folder = BackupFolder(plan.folder, plan.history)
        self.last = self._look()
        """When the newest backup was made that was proven (UTC, to the second); None if there is none."""

    def tick(self) -> None:
        """Begin a backup if one is due; it returns at once."""
        now = self._clock()
        if self._seen is None or abs(now - self._seen) > STEADY:
            self._steady_since = now
        self._seen = now
        if self._work is None and self._is_due(now):
            self._begin(self._folder, self._plan.rotation)

    async def back_up(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Make one now, into the `folder` of the arguments or that of the configuration; what came of it.

        Raises:
            InputError: one is being made already.
            DatabaseDamaged, StorageError: it could not be made.
        """
        if self._work is not None:
            raise InputError(
                "a backup is being made", remedy="wait for it: `tumen backup --list` shows it then"
            )
        given = arguments.get("folder")
        own = BackupFolder(Path(str(given)), self._plan.history) if given else self._folder
        # Shielded, because whoever asked is dropped when the service ends, and the thread must be waited for.
        return described(await asyncio.shield(self._begin(own, None if given else self._plan.rotation)))

    async def stop(self) -> None:
        """Have one that is being made end soon, without leaving anything."""
        self._halt.ask()
        if self._work is not None:
            await asyncio.wait([self._work], timeout=_LAST)  # a disk that hangs does not hold up the end

    def _is_due(self, now: datetime) -> bool:
        if self._plan.every is None or self._steady_since is None or now - self._steady_since < STEADY:
            return False
        if self._failed is not None and abs(now - self._failed) < _AGAIN:
            return False
        return is_due(self.last if self.last is None or self.last <= now else None, self._plan.every, now)

    def _look(self) -> datetime | None:
        """When the newest backup of the folder was made, None if there is none or its disk does not answer."""
        found: list[datetime | None] = []
        folder, now = self._folder, self._clock()
        look = Thread(target=lambda: found.append(folder.last(now)), name="backup", daemon=True)
        look.start()
        look.join(_GLANCE)
        if not found:
            _log.warning("the disk of the backups does not answer: %s", folder.folder)
        return found[0] if found else None

    def _begin(self, folder: BackupFolder, rotation: Rotation | None) -> asyncio.Task[Made]:
        self._work = asyncio.create_task(self._make(folder, rotation), name="backup")
        self._work.add_done_callback(self._ended)
        return self._work

    def _ended(self, work: asyncio.Task[Made]) -> None:
        self._work = None
        error = None if work.cancelled() else work.exception()
        if error is not None and not isinstance(error, MonitorError):
            self._failed = self._clock()
            _log.error("a bug in backup", exc_info=error)

    async def _make(self, folder: BackupFolder, rotation: Rotation | None) -> Made:
        now = self._clock()
        try:
            made = await _in_thread(
                partial(
                    make,
                    self._db,
                    self._plan.captures,
                    folder,
                    now,
                    rotation=rotation,
                    reserve=0.0 if rotation is None else _RESERVE,
                    halt=self._halt,
                )
            )
        except Stopped:
            raise
        except MonitorError as error:
            self._failed = now
            self._say_failed(error)
            raise
        self._failed = None
        self.last = self._look()
        _log.info("backed up: %s (%s)", made.path, size_text(made.size))
        self._say_made(made)
        return made

    def _say_failed(self, error: MonitorError) -> None:
        damaged = isinstance(error, DatabaseDamaged)
        text = "the history is damaged, and not backed up" if damaged else "the history cannot be backed up"
        last = (
            f"the last backup is of {self.last:%Y-%m-%d %H:%M} UTC" if self.last else "there is no backup yet"
        )
        self._begin_saying(text, str(error), last)

    def _say_made(self, made: Made) -> None:
        if made.strange or made.missing:
            self._begin_saying("a backup was made that is not whole", *findings(made))
            return
        said = "the history is backed up again"
        with suppress(MonitorError):  # the next one says it
            self._keeper.end(_SUBJECT, Notice(NoticeKind.BACKUP_MADE, "", said))

    def _begin_saying(self, text: str, *details: str) -> None:
        with suppress(MonitorError):
            if not self._keeper.begin(_SUBJECT, Notice(NoticeKind.BACKUP_FAILING, "", text, details)):
                _log.warning("%s: %s", text, "; ".join(details))


async def _in_thread(work: Callable[[], Made]) -> Made:
    """What it returns. The event loop waits at its end for threads of its own, for ever if the disk hangs."""
    answer: Future[Made] = Future()
    answer.set_running_or_notify_cancel()

    def run() -> None:
        try:
            answer.set_result(work())
        except BaseException as error:  # noqa: BLE001  the caller's to judge
            answer.set_exception(error)

    Thread(target=run, name="backup", daemon=True).start()
    return await asyncio.wrap_future(answer)


def back_up(plan: Plan, folder: Path | None, clock: Callable[[], datetime]) -> dict[str, Any]:
    """Back a history up now: by the running service, or directly. In another `folder`, nothing is rotated.

    Raises:
        InputError: one is being made already.
        DatabaseDamaged, StorageError: it could not be made; there is no history, too.
    """
    place = folder.absolute() if folder else None
    try:
        return control.call(plan.history, "backup", timeout=_PATIENCE, folder=str(place) if place else None)
    except control.NotRunning:
        with WriterLock(plan.history), closing(open_source(plan.history)) as db:
            own = BackupFolder(place or plan.folder, plan.history)
            return described(make(db, plan.captures, own, clock(), rotation=None if place else plan.rotation))


def listing(plan: Plan) -> list[dict[str, Any]]:
    """The backups that are there, the latest first."""
    there = BackupFolder(plan.folder, plan.history).backups()
    return [{"path": str(one.path), "at": one.at.isoformat(), "size": one.size} for one in reversed(there)]


def described(made: Made) -> dict[str, Any]:
    """What came of a backup, as JSON has it."""
    return {
        "path": str(made.path),
        "at": made.at.isoformat(),
        "size": made.size,
        **made.counts,
        "captures": made.captures,
        "captures_brought": made.brought,
        "removed": made.removed,
        "findings": findings(made),
    }


def findings(made: Made) -> list[str]:
    """What a reader should know of a backup that was made all the same."""
    found = []
    if made.strange:
        what = "; ".join(made.strange[:5])
        found.append(f"`tumen restore` will refuse it: {what}. Remove from the history what you added there.")
    if made.missing:
        many = len(made.missing)
        found.append(
            f"captures that are missing, or not as they were stored: {many} (`tumen evidence --check`)"
        )
    return found
