"""What leaves together: few alone, many as one, urgent ones first, and what may have arrived as it was."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.delivery.bundling import ALONE_FIRST, MANY, MOST, Choice, Occasion, arrange, choose, key_of
from monitor.core.delivery.deliveries import Delivery, DeliveryState, Hold, Recipient, Waiting
from monitor.core.topic import Severity

NOW = datetime(2026, 11, 25, 6, 30, tzinfo=UTC)


def plain(*ids, urgent=False, **how):
    severity = Severity.URGENT if urgent else Severity.NORMAL
    return [Waiting(number, NOW, severity=severity, **how) for number in ids]


def test_few_leave_one_by_one_the_oldest_first():
    assert choose(plain(*range(1, MANY))) == Choice((1,), Occasion.FEW)


def test_many_leave_as_one():
    assert choose(plain(*range(1, MANY + 1))) == Choice(tuple(range(1, MANY + 1)), Occasion.MANY)


def test_what_is_not_due_does_not_count():
    waiting = [*plain(1, 2, 3), *plain(4, 5, 6, 7, due=False)]
    assert choose(waiting) == Choice((1,), Occasion.FEW)


def test_what_is_late_takes_along_what_gathers():
    waiting = [*plain(1, gathers=True), *plain(2, 3, 4, 5, 6, due=False, gathers=True), *plain(7, due=False)]
    assert choose(waiting) == Choice((1, 2, 3, 4, 5, 6), Occasion.MANY)


def test_fresh_news_does_not_end_the_gathering_of_late_ones():
    waiting = [*plain(1, 2, 3, 4, 5, 6, due=False, gathers=True), *plain(7)]
    assert choose(waiting) == Choice((7,), Occasion.FEW)


def test_few_urgent_alerts_go_ahead_of_the_many_one_by_one():
    waiting = [*plain(*range(1, MANY + 1)), *plain(50, 51, urgent=True)]
    assert choose(waiting) == Choice((50,), Occasion.URGENT)


def test_urgent_alerts_are_no_flood_either():
    waiting = [*plain(*range(1, MANY + 1)), *plain(*range(50, 51 + ALONE_FIRST), urgent=True)]
    chosen = choose(waiting)
    assert chosen.occasion is Occasion.MANY
    assert chosen.ids[:2] == (50, 51)


def test_without_many_others_an_urgent_alert_leads_the_message():
    waiting = [*plain(*range(1, MANY)), *plain(50, urgent=True)]
    assert choose(waiting) == Choice((50, *range(1, MANY)), Occasion.MANY)


def test_what_may_have_arrived_is_repeated_as_it_was():
    waiting = [*plain(1, 2, bundle="k"), *plain(3, 4, 5, 6, 7, 8, 9), *plain(10, due=False, bundle="k")]
    assert choose(waiting) == Choice((1, 2, 10), Occasion.AGAIN)


def test_what_may_have_arrived_joins_no_other_message():
    waiting = [*plain(1, 2, 3), *plain(4, bundle="k"), *plain(5, 6, 7)]
    assert choose(waiting) == Choice((1, 2, 3, 5, 6, 7), Occasion.MANY)


@pytest.mark.parametrize(
    ("ready", "most", "sizes"),
    [(40, MOST, [40]), (41, MOST, [40, 1]), (45, MOST, [39, 6]), (100, MOST, [40, 40, 20]), (13, 8, [7, 6])],
)
def test_the_rest_is_no_trickle(ready, most, sizes):
    waiting, found = plain(*range(ready)), []
    while waiting:
        gone = choose(waiting, most).ids
        found.append(len(gone))
        waiting = [item for item in waiting if item.id not in gone]
    assert found == sizes


def test_a_receiver_with_room_for_one_gets_one_at_a_time():
    assert choose(plain(*range(20)), 1) == Choice((0,), Occasion.FEW)


@given(
    st.lists(
        st.builds(
            Waiting,
            id=st.integers(),
            created_at=st.just(NOW),
            due=st.booleans(),
            severity=st.sampled_from(Severity),
            gathers=st.booleans(),
            bundle=st.sampled_from(["", "", "", "a", "b"]),
            held=st.sampled_from([None, None, *Hold]),
            attempts=st.integers(0, 3),
            plain=st.booleans(),
            is_notice=st.booleans(),
        ),
        min_size=1,
        max_size=99,
        unique_by=lambda item: item.id,
    ).filter(lambda waiting: any(item.due for item in waiting)),
    st.integers(1, 60),
    st.booleans(),
)
def test_whatever_waits_something_leaves_and_each_once(waiting, most, probe):
    chosen = choose(waiting, most, probe=probe)
    by_id = {item.id: item for item in waiting}
    gone = [by_id[key] for key in chosen.ids]
    assert gone
    assert len(set(chosen.ids)) == len(chosen.ids)
    assert len({item.bundle for item in gone}) == 1
    assert any(item.due for item in gone)
    if chosen.occasion is Occasion.AGAIN:
        assert gone == [item for item in waiting if item.bundle == gone[0].bundle]
    else:
        assert all(item.due or item.gathers for item in gone)
        assert len({item.is_notice for item in gone}) == 1, "news and notices never leave together"
        assert len(gone) <= (MOST if gone[0].is_notice else min(most, MOST))
        assert len(gone) == 1 or not any(item.is_suspect for item in gone)
        assert len(gone) == 1 or not probe


def test_what_was_held_leaves_as_one_however_little_it_is():
    waiting = plain(1, 2, held=Hold.QUIET_HOURS)
    assert choose(waiting) == Choice((1, 2), Occasion.HELD)


def test_what_comes_when_the_held_ones_leave_goes_with_them_but_urgent_ones_go_ahead():
    waiting = [*plain(1, 2, held=Hold.DIGEST), *plain(3), *plain(4, urgent=True)]
    assert choose(waiting) == Choice((4,), Occasion.URGENT)
    assert choose(waiting[:3]) == Choice((1, 2, 3), Occasion.HELD)


def test_what_failed_twice_leaves_alone_after_the_others():
    waiting = [*plain(1, attempts=2), *plain(2, 3, 4, 5, 6, 7)]
    assert choose(waiting) == Choice((2, 3, 4, 5, 6, 7), Occasion.MANY)
    assert choose(waiting[:1]) == Choice((1,), Occasion.ALONE)


def test_what_was_refused_in_full_leaves_alone():
    assert choose(plain(1, 2, 3, 4, 5, 6, 7, plain=True)) == Choice((1,), Occasion.ALONE)


def test_a_parked_receiver_is_probed_with_what_was_tried_least():
    waiting = [*plain(1, attempts=3), *plain(2, 3, held=Hold.PARKED), *plain(4, bundle="k", attempts=1)]
    assert choose(waiting, probe=True) == Choice((2,), Occasion.PROBE)


def test_notices_leave_together_before_news_that_is_not_urgent():
    waiting = [*plain(1), *plain(2, 3, is_notice=True), *plain(4, urgent=True)]
    assert choose(waiting) == Choice((4,), Occasion.FEW)
    assert choose(waiting[:3]) == Choice((2, 3), Occasion.NOTICE)


def delivery(number, created=NOW):
    times = {"not_before": created, "created_at": created, "expires": created + timedelta(hours=48)}
    return Delivery(number, number, Recipient("mail", "anna"), DeliveryState.CLAIMED, 1, **times)


def test_the_same_deliveries_have_the_same_key_and_no_others():
    keys = {
        key_of([delivery(1), delivery(2)]),
        key_of([delivery(1), delivery(2), delivery(3)]),
        key_of([delivery(12)]),
        key_of([delivery(1, NOW + timedelta(days=1)), delivery(2)]),  # another history counts alike
    }
    assert len(keys) == 4
    assert key_of([delivery(1), delivery(2)]) in keys


def told(number, story, hours, severity=Severity.NORMAL, *, dated=True):
    published = NOW - timedelta(hours=hours)
    article = SimpleNamespace(published=published if dated else None)
    return SimpleNamespace(id=number, story=story, article=article, found_at=published, severity=severity)


def test_alerts_are_read_by_story_then_by_publication():
    alerts = [told(1, 7, 1), told(2, 8, 5), told(3, 7, 9), told(4, 9, 3, dated=False), told(5, 8, 2)]
    assert [[alert.id for alert in story] for story in arrange(alerts)] == [[3, 1], [2, 5], [4]]


def test_a_story_with_something_urgent_is_read_first():
    alerts = [told(1, 7, 9), told(2, 8, 5), told(3, 8, 1, Severity.URGENT)]
    assert [[alert.id for alert in story] for story in arrange(alerts)] == [[2, 3], [1]]
