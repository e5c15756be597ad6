"""What was there before is no news, and what was missed is told late rather than never."""

from __future__ import annotations

from tests.system.desk import link, mails, repeated, told
from tests.system.town import REPORTS, ago, report


def test_the_first_look_tells_what_is_recent_and_not_what_is_old(desk, town, inbox):
    # Half of the feed's old entries give their time, of the others only the page tells it.
    old = [
        report("strike", number % 2, ago(days=2 + number), name=f"old-{number}", in_feed=number < 15)
        for number in range(30)
    ]
    recent = [report("ferry", at=ago(hours=2)), report("crane", at=ago(hours=20))]
    paper = town.paper("courier", *recent, *old)
    desk.watch(town, inbox)
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


def test_after_a_downtime_each_papers_missed_articles_are_told_in_order_and_labelled_late(desk, town, inbox):
    names = list(REPORTS)
    first = town.paper("courier", report(names[0]))
    second = town.paper("gazette", report(names[0], 1))
    desk.watch(town, inbox)
    service = desk.serve()
    desk.wait_for(lambda: desk.has_read(2), service)
    assert desk.stop(service) == 143
    before = len(mails(inbox))

    hours = (9, 7.5, 6, 4.5, 2, 1)
    missed = [report(name, at=ago(hours=past)) for name, past in zip(names[1:], hours, strict=False)]
    for number, piece in reversed(list(enumerate(missed))):
        (first, second)[number % 2].publish(piece)  # feeds list the latest last here: no order to rely on
    service = desk.serve()
    desk.wait_for(lambda: desk.has_read(2 + len(missed)), service)
    assert desk.stop(service) == 143

    heard = [town.pieces[link(mail)] for mail in mails(inbox)[before:]]
    assert len(heard) == len(missed)
    for paper in town.papers:  # papers are read side by side, so the order is kept within each
        assert [one for one in heard if one in paper.pieces] == [one for one in missed if one in paper.pieces]
    labels = desk.rows(
        "SELECT late, url FROM alerts JOIN articles ON articles.id = article ORDER BY alerts.id"
    )
    assert {town.pieces[row["url"]].name: bool(row["late"]) for row in labels[before:]} == {
        piece.name: past > 3 for piece, past in zip(missed, hours, strict=True)
    }
    assert not repeated(inbox)
