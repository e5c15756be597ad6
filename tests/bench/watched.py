"""How far a service under measurement is, as its history and its output say."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


def is_done(folder: Path, sources: int) -> bool:
    """Whether everything was tried once. What failed waits for minutes, and is missing in the count of articles."""
    found = counted(
        folder,
        "SELECT (SELECT count(*) FROM sources WHERE looked_at IS NOT NULL),"
        " (SELECT count(*) FROM entries WHERE state = 'to_read' AND attempts = 0),"
        " (SELECT count(*) FROM deliveries WHERE state = 'claimed' OR state = 'pending' AND attempts = 0)",
    )
    return found == (sources, 0, 0)


def articles(folder: Path) -> int:
    """How many are stored."""
    return next(iter(counted(folder, "SELECT count(*) FROM articles")), 0)


def counted(folder: Path, query: str) -> tuple[int, ...]:
    """The numbers a query gives; see `asked`."""
    return next(iter(asked(folder, query)), ())


def asked(folder: Path, query: str) -> list[tuple[Any, ...]]:
    """The rows a query gives, read without a lock that lasts; none while there is no history yet."""
    try:
        with closing(sqlite3.connect(f"{(folder / 'tumen.db').as_uri()}?mode=ro", uri=True)) as db:
            return db.execute(query).fetchall()
    except sqlite3.OperationalError:
        return []


def rounds(log: Path) -> dict[str, int]:
    """What `still_watch` said last."""
    found = [line for line in log.read_text(encoding="utf-8").splitlines() if line.startswith('{"rounds"')]
    return json.loads(found[-1]) if found else {"rounds": 0, "looks": 0, "jobs": 0}
