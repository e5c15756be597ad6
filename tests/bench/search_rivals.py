"""FTS5 as it comes, to compare with: its tokenizers unicode61 and trigram over the same texts."""

from __future__ import annotations

import sqlite3
import time
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


class Rival:
    """A table of FTS5 without the texts, as its documentation has it, beside the texts themselves."""

    def __init__(self, name: str, path: Path) -> None:
        self.name = name
        self.path = path
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("CREATE TABLE texts (id INTEGER PRIMARY KEY, title TEXT, text TEXT)")
        self._db.execute(
            "CREATE VIRTUAL TABLE rival USING fts5"
            f" (title, text, content='texts', content_rowid='id', tokenize='{name}')"
        )
        self.seconds = 0.0

    def take(self, texts: Iterable[tuple[int, str, str]]) -> None:
        """Index texts, in one transaction."""
        rows = list(texts)
        self._db.execute("BEGIN")
        self._db.executemany("INSERT INTO texts VALUES (?, ?, ?)", rows)
        begun = time.process_time()
        self._db.executemany("INSERT INTO rival (rowid, title, text) VALUES (?, ?, ?)", rows)
        self.seconds += time.process_time() - begun
        self._db.execute("COMMIT")

    def find(self, match: str, limit: int = 20) -> list[int]:
        """The newest texts that match, with a snippet of each; nothing for what it cannot ask."""
        sql = """SELECT rowid, snippet(rival, 1, '[', ']', '…', 16) FROM rival WHERE rival MATCH ?
            ORDER BY rowid DESC LIMIT ?"""
        with suppress(sqlite3.OperationalError):
            return [key for key, _ in self._db.execute(sql, (match, limit))]
        return []

    @property
    def size(self) -> int:
        """Bytes of the index."""
        (size,) = self._db.execute("SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'rival%'").fetchone()
        return int(size)

    def close(self) -> None:
        """Close it."""
        self._db.close()


def as_match(words: Iterable[str], *, is_phrase: bool = False, is_prefix: bool = False) -> str:
    """The words as FTS5 wants them."""
    quoted: Iterator[str] = (f'"{word}"' for word in words)
    match = '"' + " ".join(words) + '"' if is_phrase else " AND ".join(quoted)
    return f"{match} *" if is_prefix else match
