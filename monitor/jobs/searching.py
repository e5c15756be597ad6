"""Searching the history, and making its index of words anew."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from monitor import control
from monitor.store import indexing
from monitor.store.database import open_history, open_reader, transaction
from monitor.store.lock import WriterLock
from monitor.store.search import Search

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from monitor.core.searching.names import Names
    from monitor.store.database import Database
    from monitor.store.search import Answer

_SLICE = 100  # articles: the loop of the service stands still for less than a tenth of a second


def find(path: Path, names: Names, text: str, now: datetime, **options: Any) -> Answer:
    """The articles that answer; `options` are those of `Search.find`.

    Raises:
        RuleError: the question cannot be read.
        InputError: it names a story that does not exist.
        StorageError: there is no history yet, or it cannot be read.
    """
    with closing(open_reader(path)) as db:
        return Search(db, names).find(text, now, **options)


def rebuild(path: Path) -> Iterator[int]:
    """Make the index of words anew; how many articles are in it, now and then.

    A running service is asked to do so in the background, and nothing is counted then.

    Raises:
        StorageError: there is no history yet, or it cannot be written.
    """
    open_reader(path).close()  # says so if there is no history
    try:
        control.call(path, "rebuild_search")
    except control.NotRunning:
        with WriterLock(path), closing(open_history(path)) as db:
            with transaction(db):
                indexing.empty(db)
            done = 0
            while more := _fill(db, 10 * _SLICE):
                yield (done := done + more)


class Indexer:
    """Makes the index of a running service whole, where it was made in another way or somebody wants it anew."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def tick(self) -> None:
        """Take in some more articles, the newest first."""
        if not indexing.is_whole(self._db):
            _fill(self._db, _SLICE)

    def handlers(self) -> dict[str, control.Handler]:
        """The commands of the socket."""
        return {"rebuild_search": self._rebuild}

    async def _rebuild(self, _: dict[str, Any]) -> dict[str, Any]:
        with transaction(self._db):
            indexing.empty(self._db)
        return {}


def _fill(db: Database, limit: int) -> int:
    with transaction(db):
        return indexing.fill(db, limit=limit)
