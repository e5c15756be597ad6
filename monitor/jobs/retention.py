"""What people ask about what is kept, whether or not the service runs: what would go, to have it go, to compact."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from monitor import control
from monitor.core.retention import by_age, by_size, is_small_enough, is_too_large
from monitor.jobs.pruning import Run, described
from monitor.store.capture_files import CaptureFiles
from monitor.store.database import open_history, open_reader
from monitor.store.lock import WriterLock
from monitor.store.pruning import Pruning, Space
from monitor.store.pruning.compacting import compact as rewrite

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from monitor.core.retention import Cut, Retention

_PATIENCE = (
    24 * 3600.0
)  # seconds: the running service prunes a large history in slices, between its other work


def survey(path: Path, retention: Retention, now: datetime) -> dict[str, Any]:
    """What a run would remove now, about; nothing is changed. Raises StorageError.

    What would go by size is what may go then: a run ends as soon as the file is small enough.
    """
    with closing(open_reader(path)) as db:
        usage, pruning = Space(db).usage(), Pruning(db)
        found, gone = [], 0
        for cut in by_age(retention, now):
            tally = pruning.survey(cut)
            gone += tally.size
            found += [_row(cut, tally.many, tally.size)] if tally.many else []
        if is_too_large(usage.used - gone, retention):
            found += _by_size(pruning, retention, now, usage.used - gone)
    return {
        "pruned": found,
        "before": usage.size,
        "free": usage.free,
        "shrinks": usage.shrinks,
        "too_large": is_too_large(usage.used, retention),
    }


def prune(path: Path, retention: Retention, clock: Callable[[], datetime], captures: Path) -> dict[str, Any]:
    """Remove what may go, and give its space back: by the running service, as its configuration has it, or directly.

    `captures` is the folder of the files of captures.

    Raises:
        StorageError: there is no history yet, or it cannot be written.
    """
    try:
        return control.call(path, "prune", timeout=_PATIENCE)
    except control.NotRunning:
        open_reader(path).close()  # says so if there is none: pruning makes no history
        with WriterLock(path), closing(open_history(path)) as db:
            space, files = Space(db), CaptureFiles(captures)
            if files.spool.exists():
                files.prepare(db)  # a run that was killed may have left files on their way
            run = Run(Pruning(db, files), space, retention, clock())
            while run.slice(clock()):
                pass
            space.checkpoint()
            return described(run, space.usage(), retention)


def compact(path: Path) -> dict[str, Any]:
    """Write the history anew, without what holds nothing. Only while the service does not run.

    Raises:
        AlreadyRunning: the service runs.
        StorageError: there is no history, no room for a second one, or somebody has it open.
    """
    with closing(open_reader(path)) as db:
        before = Space(db).usage()
    with WriterLock(path):
        rewrite(path)
        with closing(open_history(path)) as db:
            after = Space(db).usage()
    return {"before": before.size, "after": after.size, "free": after.free, "shrinks": after.shrinks}


def _by_size(pruning: Pruning, retention: Retention, now: datetime, used: int) -> Iterator[dict[str, Any]]:
    for cut in by_size(now):
        if is_small_enough(used, retention):
            return
        tally = pruning.survey(cut)
        used -= tally.size
        if tally.many:
            yield _row(cut, tally.many, tally.size)


def _row(cut: Cut, removed: int, size: int) -> dict[str, Any]:
    before = cut.before.isoformat()
    return {
        "class": cut.what.value,
        "why": cut.why.value,
        "before": before,
        "removed": removed,
        "freed": size,
    }
