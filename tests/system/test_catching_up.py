"""What was there before is no news, and what was missed is told late rather than never."""

from __future__ import annotations

import pytest

from tests.system.desk import links, mails, repeated, told
from tests.system.town import REPORTS, ago, report


def test_the_first_look_tells_what_is_recent_and_not_what_is_old(desk, town, inbox):
    # Half of the feed's old entries give their time, of the others only the page tells it.
    old = [
        report("strike", number % 2, ago(days=2 + number), name=f"old-{number}", in_feed=number < 15)
        for number in range(30)
    ]
    recent = [report("ferry", at=ago(hours=2)), report("crane", at=ago(hours=20))]
    paper = town.paper("courier", *recent, *old)
    desk.watch(town, inbox, freshness={"late_after": "24h"})  # late news would wait for each other
    service = desk.serve()
    desk.wait_for(lambda: desk.has_read(32), service)
    assert desk.stop(service) == 143

    assert set(told(inbox)) == {paper.url(one) for one in recent}
    assert not repeated(inbox)
    reasons = "SELECT reason, state, count(*) AS many FROM entries GROUP BY reason, state ORDER BY state"
    assert desk.rows(reasons) == [
        {"reason": "baseline", "state": "read", "many": 15},
        {"reason": "new_story", "state": "read", "many": 2},
        {"reason": "baseline", "state": "skipped", "many": 15},
    ]


@pytest.mark.timeout(300)  # late news wait half a minute for each other
def test_what_was_missed_during_a_downtime_is_told_once_in_order_and_labelled_late(desk, town, inbox):
    names = list(REPORTS)
    papers = [town.paper("courier", report(names[0])), town.paper("gazette", report(names[0], 1))]
    desk.watch(town, inbox)
    service = desk.serve()
    desk.wait_for(lambda: desk.has_read(2), service)
    assert desk.stop(service) == 143
    before = len(mails(inbox))

    hours = (11, 9.5, 8, 6.5, 5, 3.5, 1)  # late begins at three
    missed = [report(name, at=ago(hours=past)) for name, past in zip(names[1:], hours, strict=True)]
    for number in range(len(missed)):
        # The earliest in front: the feeds themselves are in no order to rely on.
        papers[number % 2].publish(missed[-1 - number])
    service = desk.serve()
    desk.wait_for(lambda: desk.has_read(2 + len(missed)), service)
    assert desk.stop(service) == 143

    heard = [town.pieces[url] for mail in mails(inbox)[before:] for url in links(mail)]
    late, recent = missed[:-1], missed[-1]
    assert [piece for piece in heard if piece is not recent] == late
    assert heard.count(recent) == 1
    labels = desk.rows("SELECT url, late FROM alerts JOIN articles ON articles.id = article")
    assert {row["url"] for row in labels if row["late"]} == {
        url for url, piece in town.pieces.items() if piece in late
    }
    assert not repeated(inbox)
