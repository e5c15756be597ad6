"""How much of a history each look, article, address and source takes, and how fast its disk keeps something."""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from contextlib import closing
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_COMMITS = 200
_LOOKS, _ADDRESSES, _SOURCES = ("looks",), ("entries", "entry_sources"), ("sources",)


def sizes(history: Path) -> dict[str, float]:
    """Bytes of the file, with indices: for a look, an article until it is pruned, what stays of it, and a source.

    What counts as an article's is all that is not one of the others'. `text_factor` is how many bytes each byte of
    its text takes, with the index of its words; `article_base_bytes` is the rest, which does not depend on the text.
    """
    with closing(sqlite3.connect(f"{history.absolute().as_uri()}?mode=ro", uri=True)) as db:
        tables = dict(db.execute("SELECT name, tbl_name FROM sqlite_schema"))
        found: Counter[str] = Counter()
        for name, size in db.execute("SELECT name, pgsize FROM dbstat WHERE aggregate = TRUE"):
            found[tables.get(name, name)] += size

        def number(query: str) -> int:
            (value,) = db.execute(query).fetchone()
            return int(value or 0)

        looks, articles, sources = (
            number(f"SELECT count(*) FROM {table}") for table in ("looks", "articles", "sources")
        )
        written = number("SELECT sum(length(CAST(text AS BLOB))) FROM revisions WHERE number = 1")
        texts = number("SELECT sum(length(CAST(title AS BLOB)) + length(CAST(summary AS BLOB))) FROM entries")
    with_text = written + sum(size for table, size in found.items() if table.startswith("search"))
    addresses = sum(found[table] for table in _ADDRESSES) - texts
    others = sum(found[table] for table in (*_LOOKS, *_ADDRESSES, *_SOURCES))
    return {
        "look_bytes": sum(found[table] for table in _LOOKS) / max(1, looks),
        "article_base_bytes": (found.total() - others + texts - with_text) / max(1, articles),
        "text_factor": with_text / max(1, written),
        "address_bytes": addresses / max(1, articles),
        "source_bytes": sum(found[table] for table in _SOURCES) / max(1, sources),
    }


def commit_ms(folder: Path) -> float:
    """Milliseconds until a small transaction is safe on the disk of a folder: the middle of many."""
    with closing(sqlite3.connect(folder / "commits.db", isolation_level=None)) as db:
        db.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (x)")
        spent = []
        for number in range(_COMMITS):
            began = time.perf_counter()
            db.execute("INSERT INTO t VALUES (?)", (number,))
            spent.append(time.perf_counter() - began)
        return median(spent) * 1000
