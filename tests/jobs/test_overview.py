from datetime import timedelta

from monitor.jobs import overview
from monitor.store.ledger import Ledger

TITLE = "North Korea sends 3,000 soldiers to Russia"


def test_without_a_history_there_is_nothing_and_none_is_made(path, clock):
    assert overview.source_states(path) == {}
    assert overview.alert_lines(path, limit=9, undelivered=False) == ()
    assert overview.retry(path, None, clock.now) == 0
    assert overview.status(path) == {"running": False, "running_since": None, "history": str(path)}
    assert not path.exists()


def test_a_history_is_summed_up(make_ingestor, take, path, sources):
    ingestor = make_ingestor("mail", "chat")
    take(ingestor, TITLE)
    take(ingestor, "Weather")
    found = overview.status(path)
    assert (found["articles"], found["relevant"], found["stories"], found["alerts"]) == (2, 1, 1, 1)
    assert (found["running"], found["deliveries"]) == (False, {"pending": 2})
    assert list(overview.source_states(path)) == ["a"]
    (line,) = overview.alert_lines(path, limit=9, undelivered=True)
    assert (line.title, [delivery.channel for delivery in line.deliveries]) == (TITLE, ["mail", "chat"])


def test_without_a_service_a_retry_is_noted_for_its_next_start(make_ingestor, take, path, clock, db):
    take(make_ingestor(), TITLE)
    ledger = Ledger(db)
    (bundle,) = ledger.claim(clock.now, lease=timedelta(minutes=1), limit=9, room=lambda _: 40)
    ledger.failed(bundle.ids, clock.now, error="no", retry_at=None)
    assert overview.retry(path, 99, clock.now) == 0
    assert overview.retry(path, bundle.alerts[0].id, clock.now) == 1
    assert overview.status(path)["deliveries"] == {"pending": 1}
