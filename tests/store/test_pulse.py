"""How the work goes, as the history knows it."""

from __future__ import annotations

from datetime import timedelta

from monitor.store import pulse
from monitor.store.database import rows, transaction
from monitor.store.sources import Sources

HOUR = timedelta(hours=1)


def test_an_empty_history_has_no_pulse(db, now):
    assert pulse.looks_since(db, now) == {"ok": 0, "unchanged": 0, "failed": 0}
    assert pulse.next_look(db) is None
    assert pulse.channels(db) == {}


def test_looks_are_counted_from_a_moment_on(db, now, source):
    Sources(db).sync([source("a"), source("b")], now)
    with transaction(db):
        for name, outcome, hours in (
            ("a", "ok", 0),
            ("a", "failed", 2),
            ("b", "ok", 0),
            ("b", "unchanged", 1),
        ):
            db.execute(
                """INSERT INTO looks (source, looked_at, outcome, seconds, size, entries, new, titled, dated, teased,
                ahead, moments) VALUES (?, ?, ?, 0, 0, 0, 0, 0, 0, 0, 0, 0)""",
                (name, f"{now - hours * HOUR:%Y-%m-%dT%H:%M:%S.%fZ}", outcome),
            )
    assert pulse.looks_since(db, now - HOUR) == {"ok": 2, "unchanged": 1, "failed": 0}
    assert pulse.next_look(db) == ("a", now)
    plan = " ".join(
        row["detail"]
        for row in rows(
            db,
            "EXPLAIN QUERY PLAN SELECT outcome, count(*) FROM sources JOIN looks ON looks.source = sources.name "
            "WHERE looks.looked_at >= '2026' GROUP BY outcome",
        )
    )
    assert "SEARCH looks" in plan, "it costs the same in a history of years"
