"""What the keeper is told: each begin and each end once, as deliveries in the ledger."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.core.delivery.deliveries import Recipient
from monitor.core.delivery.notices import Notice, NoticeKind
from monitor.store.ledger import Ledger
from monitor.store.notices import Notices

LASTS = timedelta(hours=1)
TO = (Recipient("mail", "anna"), Recipient("chat", "room"))
DOWN = Notice(NoticeKind.NETWORK_DOWN, "", "No network.", ("Look at the cable.",))
BACK = Notice(NoticeKind.NETWORK_BACK, "", "The network is back.")


@pytest.fixture
def notices(db):
    return Notices(db)


def claimed(db, now):
    ledger = Ledger(db)
    found = ledger.claim(now, lease=LASTS, limit=9)
    for bundle in found:
        ledger.sent(bundle.ids, now)
    return [(bundle.deliveries[0].recipient.channel, bundle.notices) for bundle in found]


def test_a_begin_and_an_end_are_each_told_once(notices, db, now):
    assert notices.begin("network", DOWN, TO, now, lasts=LASTS)
    assert not notices.begin("network", DOWN, TO, now, lasts=LASTS)
    assert notices.standing() == {"network": ("No network.", now)}
    assert claimed(db, now) == [("mail", (DOWN,)), ("chat", (DOWN,))]
    assert notices.end("network", BACK, TO, now, lasts=LASTS)
    assert not notices.end("network", BACK, TO, now, lasts=LASTS)
    assert notices.standing() == {}
    assert claimed(db, now) == [("mail", (BACK,)), ("chat", (BACK,))]


def test_other_words_are_told_anew(notices, db, now):
    notices.begin("pack p", DOWN, TO[:1], now, lasts=LASTS)
    other = replace(DOWN, text="Line 4 is wrong.")
    assert notices.begin("pack p", other, TO[:1], now + LASTS / 2, lasts=LASTS)
    assert notices.standing() == {"pack p": ("Line 4 is wrong.", now + LASTS / 2)}
    assert claimed(db, now + LASTS / 2) == [("mail", (DOWN, other))]


def test_nothing_is_told_twice_under_one_key(notices, db, now):
    assert notices.tell(BACK, TO, now, lasts=LASTS, key="canary desk 2026-11-25")
    assert not notices.tell(BACK, TO, now, lasts=LASTS, key="canary desk 2026-11-25")
    assert notices.undelivered("canary desk 2026-11-25") == ("chat", "mail")
    assert len(claimed(db, now)) == 2
    assert notices.undelivered("canary desk 2026-11-25") == ()


def test_a_notice_nobody_wants_is_kept_all_the_same(notices, db, now):
    assert notices.tell(DOWN, (), now, lasts=LASTS)
    assert [row["text"] for row in db.query("SELECT text FROM notices")] == ["No network."]
