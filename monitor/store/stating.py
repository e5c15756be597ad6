"""What an article states, as rows: part of the transaction that `History.ingest` makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.store.columns import column
from monitor.store.database import add_all, rows

if TYPE_CHECKING:
    from collections.abc import Collection

    from monitor.core.statements import Fact
    from monitor.store.database import Database

_FACT = (
    *("kind", "concept", "value", "most", "bound", "first_day", "last_day"),
    *("field", "start", "end", "text", "words_concept", "stated_by"),
)


def store_facts(db: Database, facts: Collection[Fact], revision: int) -> dict[Fact, int]:
    """Store what the revision states; return the key of each fact."""
    if not facts:
        return {}
    known = {
        tuple(row[name] for name in _FACT): row["id"]
        for row in rows(db, "SELECT * FROM facts WHERE revision = ?", (revision,))
    }
    (last,) = db.conn.execute("SELECT ifnull(max(id), 0) FROM facts").fetchone()
    keys, new = {}, []
    for fact in facts:
        stated = _fact(fact)
        key = known.get(tuple(map(column, stated))) if known else None
        if key is None:  # all at once: one by one they would cost three times as much
            key = last = last + 1
            new.append({"id": key, "revision": revision, **dict(zip(_FACT, stated, strict=True))})
        keys[fact] = key
    add_all(db, "facts", new)
    return keys


def _fact(fact: Fact) -> tuple[object, ...]:
    """The columns `_FACT` of a fact."""
    evidence, period = fact.evidence, fact.period
    return (
        fact.kind,
        fact.concept,
        None if fact.value is None else float(fact.value),
        None if fact.most is None else float(fact.most),
        fact.bound,
        period.first.isoformat() if period else None,
        period.last.isoformat() if period else None,
        evidence.field,
        evidence.start,
        evidence.end,
        evidence.text,
        evidence.concept,
        fact.by,
    )
