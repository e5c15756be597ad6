"""Kill pruning within its transactions, often, and see whether it loses anything or leaves anything behind.

Histories of articles of many ages are pruned in small slices by processes that are killed by SIGKILL at any statement
of SQL. After each kill, files and rows of captures must agree; at the end the history must be what one is that nobody
disturbed, and what docs/retention.md says.
"""

from __future__ import annotations

import argparse
import random
import shutil
import signal
import sys
import tempfile
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.core.retention import Retention, RetentionClass, by_age
from monitor.store.capture_files import CaptureFiles
from monitor.store.database import open_history, rows
from monitor.store.pruning import BEGIN, Pruning
from tests.aged import DAY, expected, fill, mixed, put_pages
from tests.killing import in_child, killed_at
from tests.pruned import differences, faults, finish, misplaced, tops

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.store.database import Database
    from monitor.store.pruning import Place
    from tests.aged import Piece

NOW = datetime(2026, 11, 25, 6, 30, tzinfo=UTC)
KEPT = Retention(**dict.fromkeys((each.value for each in RetentionClass), 90 * DAY))
_LATEST = 100  # statements that a process comes to, at most: a slice has some thirty
_FEW = 4  # rows of a slice
_THOROUGH = 5  # after so many kills everything is looked at


@dataclass
class Outcome:
    """How often the pruning of one history was killed, and what was promised and is not so."""

    kills: int = 0
    broken: list[str] = field(default_factory=list)


def torture(folder: Path, seed: int, articles: int) -> Outcome:
    """Make a history in an empty folder, and prune it between kills until nothing more may go."""
    chance, outcome = random.Random(seed), Outcome()
    found = mixed(chance, articles)
    path, files = folder / "tumen.db", CaptureFiles(folder / "captures")
    other_path, others = folder / "undisturbed.db", CaptureFiles(folder / "undisturbed")
    with closing(_opened(path)) as db:
        keys = fill(db, found, NOW)
        put_pages(db, files)
        until = tops(db)
    shutil.copy(path, other_path)
    shutil.copytree(files.folder, others.folder)
    while (code := in_child(lambda: _work(path, files, chance))) == -signal.SIGKILL and not outcome.broken:
        chance.random()  # the child draws from a copy
        outcome.kills += 1
        with closing(_opened(path)) as db:
            files.prepare(db)
            after = misplaced(db, files) if outcome.kills % _THOROUGH else faults(db, files, NOW)
        outcome.broken += [f"after kill {outcome.kills}: {fault}" for fault in after]
    if code not in (0, -signal.SIGKILL):
        outcome.broken.append(f"after kill {outcome.kills}: pruning ended with {code}")
    with closing(_opened(path)) as db, closing(_opened(other_path)) as undisturbed:
        finish(undisturbed, KEPT, NOW, others)
        outcome.broken += differences(db, undisturbed, until) + faults(db, files, NOW)
        outcome.broken += _unexpected(db, found, keys)
    return outcome


def _opened(path: Path) -> Database:
    db = open_history(path)
    db.execute("PRAGMA synchronous = OFF")  # only processes die here: nothing need wait for the disk
    return db


def _work(path: Path, files: CaptureFiles, chance: random.Random) -> None:
    """Prune all that may go, in small slices; or die before."""
    with closing(_opened(path)) as db:
        files.prepare(db)
        killed_at(chance.randint(1, _LATEST), db.conn)
        pruning = Pruning(db, files)
        for cut in by_age(KEPT, NOW):
            place: Place | None = BEGIN
            while place is not None:
                place = pruning.prune(cut, place, most=_FEW, begun=NOW, now=NOW).next


def _unexpected(db: Database, found: Sequence[Piece], keys: dict[int, int]) -> list[str]:
    """Where it is not as the documentation says."""
    alerts, articles = ({keys[number] for number in those} for those in expected(found, KEPT))
    told = {row["article"] for row in rows(db, "SELECT article FROM alerts")}
    there = {row["id"] for row in rows(db, "SELECT id FROM articles")}
    return [f"alerts of articles: {one}" for one in told ^ alerts] + [
        f"articles: {one}" for one in there ^ articles
    ]


def main() -> int:
    """Torture histories until there were so many kills."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture.pruning", description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, help="of the first history; the next ones follow")
    parser.add_argument("--articles", type=int, default=200, help="of a history")
    given = parser.parse_args()
    first = random.SystemRandom().randrange(10_000) if given.seed is None else given.seed
    kills, broken = 0, 0
    for seed in count(first):
        with tempfile.TemporaryDirectory(prefix="tumen-torture-") as folder:
            outcome = torture(Path(folder), seed, given.articles)
        kills, broken = kills + outcome.kills, broken + len(outcome.broken)
        print(f"seed {seed}: {outcome.kills} kills, {len(outcome.broken)} promises broken", flush=True)
        for fault in outcome.broken[:10]:
            print(f"  {fault}")
        if kills >= given.kills or not outcome.kills:
            break
    print(
        f"{kills} kills;",
        f"{broken} promises broken" if broken else "nothing was lost, and nothing left behind",
    )
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
