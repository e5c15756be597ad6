"""The declared sources of a configuration, as the history keeps them. All of it happens within a transaction."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from monitor.core.sources.pacing import first_looks
from monitor.store.database import add, change, rows
from monitor.store.habits import declared

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from monitor.store.database import Database
    from spiders.items import Source

_CHUNK = 1_000  # sources that are compared in one go


def declare(db: Database, sources: Sequence[Source], now: datetime) -> None:
    """Take the declared sources over; see `monitor.store.sources.Sources.sync`."""
    new: list[Source] = []
    for start in range(0, len(sources), _CHUNK):
        some = sources[start : start + _CHUNK]
        known = _known(db, [source.name for source in some])
        new += [source for source in some if source.name not in known]
        for source in some:
            if source.name in known:
                _declare_again(db, source, known[source.name], now)
    heaviest = sorted(new, key=lambda source: -source.weight)
    for source, due in zip(heaviest, first_looks(len(new), now), strict=True):
        add(db, "sources", {**declared(source), "added_at": now, "next_due": due})
    names = {source.name for source in sources}
    for row in rows(db, "SELECT name FROM sources WHERE retired_at IS NULL"):
        if row["name"] not in names:
            update(db, row["name"], {"retired_at": now})


def _known(db: Database, names: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """What is known of the sources of these names."""
    found = rows(
        db, "SELECT * FROM sources WHERE name IN (SELECT value FROM json_each(?))", (json.dumps(names),)
    )
    return {row["name"]: row for row in found}


def _declare_again(db: Database, source: Source, row: Mapping[str, Any], now: datetime) -> None:
    """Take over what is declared differently now; most is not, and to write it all the same would take long."""
    changed = {name: value for name, value in declared(source).items() if row[name] != value}
    is_back = row["dropped_at"] is not None and not source.unverified
    if row["url"] != source.url or row["retired_at"] is not None or is_back:
        changed |= _FORGOTTEN | {"next_due": now}
    if changed:
        update(db, source.name, changed)


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
