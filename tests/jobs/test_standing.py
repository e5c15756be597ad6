"""How things stand, asked of a history with or without a service."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from monitor.jobs import standing
from monitor.jobs.backups import Plan, back_up

TITLE = "North Korea sends 3,000 soldiers to Russia"


def test_without_a_history_there_is_nothing_and_none_is_made(path, clock):
    assert standing.status(path, clock.now) == {"running": False, "running_since": None, "history": str(path)}
    assert not path.exists()


def test_a_history_is_summed_up(make_ingestor, take, path, clock):
    ingestor = make_ingestor("mail", "chat")
    take(ingestor, TITLE)
    take(ingestor, "Weather")
    found = standing.status(path, clock.now + timedelta(hours=1))
    assert (found["articles"], found["relevant"], found["stories"], found["alerts"]) == (2, 1, 1, 1)
    assert (found["running"], found["deliveries"]) == (False, {"pending": 2})
    assert {name: one["waiting"] for name, one in found["channels"].items()} == {"chat": 1, "mail": 1}
    assert found["overdue"]["source"] == "a"


def test_the_last_backup_is_told_and_when_the_next_is_due(make_ingestor, take, path, clock, tmp_path, db):
    take(make_ingestor(), TITLE)
    db.close()
    plan = Plan(path, tmp_path / "backups", tmp_path / "captures")
    before = standing.status(path, clock.now, backups=plan)
    assert before["last_backup"] is None
    assert {"at": clock.now.isoformat(), "what": "backup"} in before["next"]
    back_up(plan, None, lambda: clock.now)
    after = standing.status(path, clock.now, backups=plan)
    assert after["last_backup"] == clock.now.isoformat()
    assert {"at": (clock.now + timedelta(days=1)).isoformat(), "what": "backup"} in after["next"]
    never = standing.status(path, clock.now, backups=replace(plan, every=None))
    assert "backup" not in {one["what"] for one in never["next"]}
