"""The declared sources of a configuration, as the history keeps them. All of it happens within a transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.store.database import add, change, rows
from monitor.store.habits import declared

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from monitor.store.database import Database
    from spiders.items import Source


def declare(db: Database, sources: Sequence[Source], now: datetime) -> None:
    """Take the declared sources over; see `monitor.store.sources.Sources.sync`."""
    known = {row["name"]: row for row in rows(db, "SELECT name, url, retired_at, dropped_at FROM sources")}
    for source in sources:
        row = known.pop(source.name, None)
        if row is None:
            add(db, "sources", {**declared(source), "added_at": now, "next_due": now})
            continue
        update(db, source.name, declared(source))
        is_back = row["dropped_at"] is not None and not source.unverified
        if row["url"] != source.url or row["retired_at"] is not None or is_back:
            update(db, source.name, _FORGOTTEN | {"next_due": now})
    for name, row in known.items():
        if row["retired_at"] is None:
            update(db, name, {"retired_at": now})


def update(db: Database, name: str, columns: Mapping[str, object]) -> None:
    """Change columns of a source."""
    settings = ", ".join(f"{column} = ?" for column in columns)
    change(db, f"UPDATE sources SET {settings} WHERE name = ?", (*columns.values(), name))  # noqa: S608  own names


_FORGOTTEN: dict[str, object] = {
    "etag": None,
    "modified": None,
    "unchanged": 0,
    "whole_at": None,
    "distrusted_at": None,
    "baseline_at": None,
    "failures": 0,
    "failing_since": None,
    "dropped_at": None,
    "last_reason": "",
    "last_detail": "",
    "condition": "new",
    "condition_text": "",
    "condition_since": None,
    "judged": 0,
    "rhythm": None,
    "ttl": None,
    "wait_until": None,
}
