import asyncio
from datetime import timedelta

import pytest

from monitor import control
from monitor.core.errors import AlreadyRunning, InputError, StorageError
from monitor.core.models import Verdict
from monitor.jobs import overview, standing
from monitor.store.feedback import Feedback
from monitor.store.ledger import Ledger
from monitor.store.lock import WriterLock

TITLE = "North Korea sends 3,000 soldiers to Russia"


def test_without_a_history_there_is_nothing_and_none_is_made(path, clock):
    assert overview.source_states(path) == {}
    assert overview.alert_lines(path, limit=9, undelivered=False) == ()
    assert overview.retry(path, None, clock.now) == 0
    assert not path.exists()


def test_sources_and_alerts_of_a_history_are_listed(make_ingestor, take, path, sources):
    take(make_ingestor("mail", "chat"), TITLE)
    assert list(overview.source_states(path)) == ["a"]
    (line,) = overview.alert_lines(path, limit=9, undelivered=True)
    assert (line.title, [delivery.channel for delivery in line.deliveries]) == (TITLE, ["mail", "chat"])


def test_the_service_says_which_version_of_a_pack_is_in_use(path):
    assert overview.version_in_use(path, "borders") is None

    async def status(_):
        return {"packs": {"borders": "0123456789ab"}}

    async def ask():
        async with control.listening(path, {"status": status}):
            return [
                await asyncio.to_thread(overview.version_in_use, path, name) for name in ("borders", "other")
            ]

    assert asyncio.run(ask()) == ["0123456789ab", None]


def test_without_a_service_a_retry_is_noted_for_its_next_start(make_ingestor, take, path, clock, db):
    take(make_ingestor(), TITLE)
    ledger = Ledger(db)
    (bundle,) = ledger.claim(clock.now, lease=timedelta(minutes=1), limit=9, room=lambda _: 40)
    ledger.failed(bundle.ids, clock.now, error="no", retry_at=None)
    assert overview.retry(path, 99, clock.now) == 0
    assert overview.retry(path, bundle.alerts[0].id, clock.now) == 1
    assert standing.status(path, clock.now)["deliveries"] == {"pending": 1}


def test_without_a_service_feedback_is_written_at_once(make_ingestor, take, path, clock, db):
    take(make_ingestor(), TITLE, url="https://a.example/story")
    overview.add_feedback(path, Verdict.IRRELEVANT, clock.now, alert=1, note="축구")
    overview.add_feedback(path, Verdict.MISSED, clock.now, article="https://a.example/story", rule="arms")
    first, second = Feedback(db).list()
    assert (first.verdict, first.alert, first.pack, first.note) == (Verdict.IRRELEVANT, 1, "borders", "축구")
    assert (second.verdict, second.rule, second.title) == (Verdict.MISSED, "arms", TITLE)


def test_feedback_on_nothing_is_refused_and_makes_no_history(make_ingestor, take, path, clock, tmp_path):
    take(make_ingestor(), TITLE)
    with pytest.raises(InputError, match="no alert 9"):
        overview.add_feedback(path, Verdict.IRRELEVANT, clock.now, alert=9)
    nowhere = tmp_path / "nowhere.db"
    with pytest.raises(StorageError, match="no history"):
        overview.add_feedback(nowhere, Verdict.IRRELEVANT, clock.now, alert=1)
    assert not nowhere.exists()


def test_feedback_does_not_write_beside_another_writer(make_ingestor, take, path, clock, db):
    take(make_ingestor(), TITLE)
    with WriterLock(path), pytest.raises(AlreadyRunning):
        overview.add_feedback(path, Verdict.IRRELEVANT, clock.now, alert=1)
    assert Feedback(db).list() == ()
