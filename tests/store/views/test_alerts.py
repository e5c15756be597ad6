"""What the page of alerts is made of."""

from datetime import timedelta

import pytest

from monitor.core.delivery.deliveries import DeliveryState, Recipient
from monitor.core.delivery.parking import RecipientState
from monitor.core.delivery.silencing import Silence
from monitor.core.models import AlertKind, AlertPlan, Match, Reason
from monitor.core.topic import Severity
from monitor.store.history import History
from monitor.store.ledger import Ledger
from monitor.store.silences import Silences
from monitor.store.views import alerts
from monitor.store.views.alerts import Wanted, alert, alerts_page

LEASE = timedelta(minutes=1)


@pytest.fixture
def add(stocked, ingest):
    """Store an alert for some channels; its number."""

    def add(number, *channels, severity=Severity.URGENT, pack="dprk-russia"):
        plan = AlertPlan(
            AlertKind.NEW, Reason.NEW_STORY, (), tuple(Recipient(name, "key") for name in channels)
        )
        match = Match(pack, "0123456789ab", "rule", severity, 1.0, ())
        return History(stocked).ingest(ingest(number, alerts=(plan,), matches=(match,))).alerts[0]

    return add


def numbers(db, **wanted):
    return [one.line.id for one in alerts_page(db, Wanted(**wanted)).alerts]


def test_an_alert_comes_with_what_is_new_and_with_each_attempt(stocked, ingest, now):
    ledger = Ledger(stocked)
    (first, second) = ledger.claim(now, lease=LEASE, limit=10)
    ledger.sent(first.ids, now)
    ledger.failed(second.ids, now, error="mailbox <b>full</b>", reason="smtp_452", retry_at=now + LEASE)
    (one,) = alerts_page(stocked, Wanted()).alerts
    assert one.line.article == 1
    assert [new.before for new in one.new] == [10_000.0]
    assert [
        (way.delivery.channel, way.delivery.state, [attempt.outcome for attempt in way.attempts])
        for way in one.ways
    ] == [("mail", DeliveryState.SENT, ["sent"]), ("chat", DeliveryState.PENDING, ["smtp_452"])]
    assert alert(stocked, 1) == one
    assert alert(stocked, 2) is None


def test_only_what_is_wanted_is_shown(stocked, add, now):
    ledger = Ledger(stocked)
    for bundle in ledger.claim(now, lease=LEASE, limit=10):
        ledger.sent(bundle.ids, now)
    low = add(2, "mail", severity=Severity.LOW)
    cables = add(3, "chat", "desk", pack="cables")
    assert numbers(stocked) == [cables, low, 1]
    assert numbers(stocked, undelivered=True) == [cables, low]
    assert numbers(stocked, state=DeliveryState.SENT) == [1]
    assert numbers(stocked, channel="mail") == [low, 1]
    assert numbers(stocked, channel="mail", undelivered=True) == [low]
    assert numbers(stocked, channel="chat", state=DeliveryState.PENDING) == [cables]
    assert numbers(stocked, severity=Severity.LOW) == [low]
    assert numbers(stocked, pack="cables") == [cables]
    assert numbers(stocked, pack="'; DROP TABLE alerts --") == []


def test_a_long_ledger_is_read_page_by_page(stocked, add, monkeypatch):
    monkeypatch.setattr(alerts, "PAGE", 2)
    known = [add(number, "mail") for number in range(2, 6)]
    first = alerts_page(stocked, Wanted())
    second = alerts_page(stocked, Wanted(before=first.older))
    last = alerts_page(stocked, Wanted(before=second.older))
    assert [one.line.id for page in (first, second, last) for one in page.alerts] == [*reversed(known), 1]
    assert last.older is None


def test_what_is_not_sent_is_counted_and_who_receives_is_named_the_parked_first(stocked, now):
    ledger = Ledger(stocked)
    (first, second) = ledger.claim(now, lease=LEASE, limit=10)
    ledger.sent(first.ids, now)
    parked = RecipientState(failures=5, blocked_until=now + LEASE, parked_since=now, last_error="refused")
    ledger.failed(second.ids, now, error="refused", retry_at=None, recipient=parked)
    page = alerts_page(stocked, Wanted())
    assert {state: many for state, many in page.open.items() if many} == {DeliveryState.DEAD: 1}
    assert DeliveryState.SENT not in page.open
    assert page.oldest is None
    assert [(each.recipient.channel, each.state.parked_since) for each in page.receivers] == [
        ("chat", now),
        ("mail", None),
    ]
    assert (page.channels, page.packs) == (("chat", "mail"), ("dprk-russia",))


def test_silences_are_named_with_what_they_keep_back(stocked, ingest, now):
    Silences(stocked).add(Silence(0, "anna", "holiday", now, now + timedelta(days=1), channel="mail"), now)
    Ledger(stocked).claim(now, lease=LEASE, limit=10)
    page = alerts_page(stocked, Wanted())
    assert [(one.silence.reason, one.deliveries) for one in page.silences] == [("holiday", 1)]
    assert numbers(stocked, state=DeliveryState.SUPPRESSED) == [1]


def test_an_empty_ledger_is_no_fault(db):
    page = alerts_page(db, Wanted())
    assert (page.alerts, page.older, page.receivers, page.channels, page.packs) == ((), None, (), (), ())


def test_alerts_of_a_state_are_found_by_it(stocked):
    conditions, values = alerts._conditions(Wanted(state=DeliveryState.DEAD, channel="desk"))
    sql = f"EXPLAIN QUERY PLAN SELECT id FROM alerts WHERE {conditions[0]} ORDER BY id DESC LIMIT 51"
    plan = [row[3] for row in stocked.execute(sql, [*values])]
    assert any("deliveries_state (state=?" in step for step in plan)
    assert not [step for step in plan if "SCAN" in step or "TEMP" in step]
