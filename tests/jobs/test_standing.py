"""How things stand, asked of a history with or without a service."""

from __future__ import annotations

from datetime import timedelta

from monitor.jobs import standing

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
