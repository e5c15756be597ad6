"""After a clock that was ahead was set right, nothing waits for the time that it showed."""

from datetime import time, timedelta

import pytest

from monitor.core.delivery.deliveries import Recipient
from monitor.core.delivery.parking import RecipientState
from monitor.core.delivery.policy import Policy
from monitor.core.models import Match
from monitor.core.topic import Severity
from monitor.store.clock import forget_future
from monitor.store.history import History
from monitor.store.ledger import Ledger
from monitor.store.sources import Sources

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
LEASE = timedelta(seconds=60)


@pytest.fixture
def ledger(stocked):
    """One alert, stored now: delivery 1 to Anna, 2 to the room."""
    return Ledger(stocked)


def test_a_source_that_was_looked_at_tomorrow_is_due(stocked, look, now):
    sources, ahead = Sources(stocked), now + DAY
    sources.save_look("tass-ru", look(), next_due=ahead + 5 * MINUTE, now=ahead, baseline_before=None)
    forget_future(stocked, now + 10 * MINUTE)
    assert {state.source.name for state in sources.due(now + 10 * MINUTE, 9)} == {"tass-ru", "yonhap-ko"}


def test_what_was_found_tomorrow_is_read(stocked, look, now):
    sources, ahead = Sources(stocked), now + DAY
    url = "https://tass-ru.example/9"
    sources.save_look("tass-ru", look(url), next_due=ahead, now=ahead, baseline_before=None)
    sources.reading_failed(url, reason="dns", detail="", now=ahead, retry_at=ahead + MINUTE)
    forget_future(stocked, now)
    assert url in {pending.entry.url for pending in sources.to_read(now, 99)}


def test_an_alert_that_was_stored_tomorrow_is_told_and_a_digest_has_it_tonight(ledger, stocked, ingest, now):
    for bundle in ledger.claim(now, lease=LEASE, limit=9):
        ledger.sent(bundle.ids, now)
    calm = Match("p", "v", "r", Severity.NORMAL, 1.0, ())
    History(stocked).ingest(ingest(2, read_at=now + DAY, expires=now + 3 * DAY, matches=(calm,)))
    forget_future(stocked, now)
    policy, evening = Policy(digest=(time(20),)), now.replace(hour=20, minute=0)
    assert ledger.claim(now + MINUTE, lease=LEASE, limit=9, policy=lambda _: policy) == ()
    found = ledger.claim(evening, lease=LEASE, limit=9, policy=lambda _: policy)
    assert [bundle.ids for bundle in found] == [(3,), (4,)]


def test_a_receiver_that_failed_tomorrow_is_asked_again(ledger, stocked, now):
    ahead = now + DAY
    blocked = RecipientState(failures=9, blocked_until=ahead + MINUTE, parked_since=ahead)
    ledger.claim(ahead, lease=LEASE, limit=1)
    ledger.failed((1,), ahead, error="451", retry_at=ahead + MINUTE, recipient=blocked)
    forget_future(stocked, now)
    assert ledger.recipient(Recipient("mail", "anna")).parked_since == ahead, "it is probed, as before"
    assert [bundle.ids for bundle in ledger.claim(now, lease=LEASE, limit=9)] == [(1,), (2,)]


def test_with_a_clock_that_is_right_nothing_changes(busy, contents, now):
    before = contents(busy)
    for late in (now, now + 10 * MINUTE, now + 9 * DAY):
        assert forget_future(busy, late) == 0
    assert contents(busy) == before


@pytest.fixture
def busy(ledger, stocked, ingest, now):
    """A delivery that was tried, and one that is on its way."""
    History(stocked).ingest(ingest(2))
    ledger.claim(now, lease=LEASE, limit=1)
    ledger.failed((1,), now, error="451", retry_at=now + 5 * MINUTE)
    ledger.claim(now, lease=LEASE, limit=1)
    return stocked
