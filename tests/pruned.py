"""Is a history that was pruned under difficulties whole, and what one is that nobody disturbed?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.core.searching.names import Names
from monitor.jobs.pruning import Run
from monitor.store.capture_files import SPOOL
from monitor.store.database import check, rows, transaction
from monitor.store.indexing import catch_up, empty, fill
from monitor.store.pruning import Pruning, Space
from monitor.store.search import Search

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from monitor.core.retention import Retention
    from monitor.store.capture_files import CaptureFiles
    from monitor.store.database import Database

# Entries are pruned by runs of different numbers, and sources that list them again are noted.
_SELECTED = {
    "entries": """SELECT id, url, source, state, article, title, summary, detail, pruning IS NULL
        FROM entries WHERE id <= ?"""
} | {
    name: f"SELECT * FROM {name} WHERE id <= ?"
    for name in (
        *("articles", "revisions", "matches", "evidence", "facts", "captures", "stories", "looks"),
        *("alerts", "novelties", "deliveries", "attempts", "feedback"),
    )
}


def finish(db: Database, kept: Retention, now: datetime, files: CaptureFiles | None = None) -> None:
    """Prune all that may go, in one run."""
    run = Run(Pruning(db, files), Space(db), kept, now)
    for _ in range(100_000):
        if not run.slice(now):
            return
    raise AssertionError("a run without an end")


def tops(db: Database) -> Mapping[str, int]:
    """The highest key of each table: what is added later has a higher one."""
    return {name: rows(db, f"SELECT ifnull(max(id), 0) AS top FROM {name}")[0]["top"] for name in _SELECTED}


def differences(db: Database, undisturbed: Database, until: Mapping[str, int]) -> list[str]:
    """What of the rows up to these keys is in one of two pruned histories only; and which addresses are known."""
    found = []
    for name, sql in _SELECTED.items():
        here, there = (
            {tuple(row.values()) for row in rows(one, sql, (until[name],))} for one in (db, undisturbed)
        )
        found += [f"{name}: left behind: {row}" for row in here - there]
        found += [f"{name}: lost: {row}" for row in there - here]
    here, there = (
        {row["url"] for row in rows(one, "SELECT url FROM tombstones")} for one in (db, undisturbed)
    )
    return found + [f"a tombstone too many, or missing: {url}" for url in here ^ there]


def faults(db: Database, files: CaptureFiles, now: datetime) -> list[str]:
    """What does not agree within a history: SQLite's own view, the files of captures, the index of words."""
    return [*check(db), *misplaced(db, files), *_faults_of_index(db, now)]


def misplaced(db: Database, files: CaptureFiles) -> list[str]:
    """Captures without their file, files without a capture, and what was left on its way between the two."""
    named = {row["file"] for row in rows(db, "SELECT file FROM captures WHERE file IS NOT NULL")}
    lie = {path.name: path for path in files.folder.rglob("*.warc.gz*")}
    found = [f"a capture without its file: {name}" for name in named - set(lie)]
    found += [f"a file without a capture: {name}" for name in set(lie) - named]
    return found + [f"left in the spool: {name}" for name, path in lie.items() if path.parent.name == SPOOL]


def _faults_of_index(db: Database, now: datetime) -> list[str]:
    """Whether it holds the words of what is there and no others. It is made anew to see that."""
    there = {row["id"] for row in rows(db, "SELECT id FROM articles")}
    hits = Search(db, Names(())).find("lorem", now, limit=len(there) + 1).hits
    found = [] if {hit.article for hit in hits} <= there else ["what is gone is found"]
    with transaction(db):
        catch_up(db)
    before = _index(db)
    with transaction(db):
        empty(db)
    while True:
        with transaction(db):
            if not fill(db, limit=500):
                break
    after = _index(db)
    found += [f"words that stand nowhere: {word}" for word in _some(before - after)]
    return found + [f"words that are not found: {word}" for word in _some(after - before)]


def _index(db: Database) -> set[tuple[str, int]]:
    """Each word with each article that the index has it for."""
    db.execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.words USING fts5vocab(main, search, instance)")
    return {(row["term"], row["doc"]) for row in rows(db, "SELECT term, doc FROM temp.words")}


def _some(found: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    return sorted(found)[:10]
