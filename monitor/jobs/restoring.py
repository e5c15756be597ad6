"""Restoring a history from a backup, while no service runs."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from monitor.store import sealing
from monitor.store.backups import restoring
from monitor.store.backups.making import check_seals
from monitor.store.lock import WriterLock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from monitor.store.database import Database
    from monitor.store.sealing import SealedRevision

    Watch = Callable[[Iterable[SealedRevision], int], Iterable[SealedRevision]]


def check(backup: Path, path: Path, watch: Watch) -> int:
    """Whether a backup could be restored at `path`; the version of its schema. Nothing is changed.

    `watch` shows how far it is. Raises as `restore`.
    """
    with TemporaryDirectory(dir=path.parent, prefix=f"{path.name}.checking-") as folder:
        return restoring.examine(backup, Path(folder) / path.name, _prover(watch))


def restore(
    backup: Path,
    path: Path,
    captures: Path,
    clock: Callable[[], datetime],
    watch: Watch,
) -> dict[str, Any]:
    """Put a backup in the place of the history `path`, with its captures in the folder `captures`; what it came to.

    Raises:
        AlreadyRunning: the service runs.
        InputError: the backup is no plain file of its own.
        DatabaseDamaged: it is damaged, or not Tumen's.
        DatabaseNewer: a newer Tumen made it.
        StorageError: there is no room, or the place cannot be written.
    """
    work = restoring.work_of(path)
    with WriterLock(path):
        try:
            version = restoring.examine(backup, work, _prover(watch))
            done = restoring.restore(backup, work, path, captures, clock())
        finally:
            restoring.clear(work)
    return {
        "history": str(done.path),
        "version": version,
        "backup_at": done.backup_at.isoformat() if done.backup_at else None,
        "silence": done.silence,
        "kept_back": done.kept_back,
        "aside": str(done.aside) if done.aside else None,
        "captures": done.captures.known,
        "captures_put_back": done.captures.brought,
        "captures_missing": len(done.captures.missing),
    }


def _prover(
    watch: Watch,
) -> Callable[[Database], None]:
    def prove(db: Database) -> None:
        check_seals(watch(sealing.seals(db), sealing.count(db)), db)

    return prove
