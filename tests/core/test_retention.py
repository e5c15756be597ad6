from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.retention import (
    FLOORS,
    PruneReason,
    Retention,
    RetentionClass,
    because,
    by_age,
    by_size,
    is_small_enough,
    is_too_large,
)
from monitor.core.stories import WINDOW

NOW = datetime(2026, 11, 25, 6, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def test_what_is_kept_for_ever_is_never_cut():
    assert by_age(Retention(unmatched=None, looks=None, entries=None), NOW) == ()
    usual = {cut.what for cut in by_age(Retention(), NOW)}
    assert usual == {RetentionClass.UNMATCHED, RetentionClass.LOOKS, RetentionClass.ENTRIES}


def test_a_class_is_cut_at_its_age():
    (cut,) = by_age(Retention(unmatched=90 * DAY, looks=None, entries=None), NOW)
    assert (cut.what, cut.why, cut.before) == (RetentionClass.UNMATCHED, PruneReason.AGE, NOW - 90 * DAY)


@pytest.mark.parametrize("what", RetentionClass)
def test_nothing_younger_than_its_floor_goes_whatever_is_wanted(what):
    hasty = Retention(**{each.value: timedelta(seconds=1) for each in RetentionClass})
    cuts = {cut.what: cut.before for cut in by_age(hasty, NOW)}
    assert cuts[what] == NOW - FLOORS[what]


def test_stories_are_at_rest_only_long_after_they_were_closed():
    assert all(cut.at_rest <= NOW - WINDOW - DAY for cut in (*by_age(Retention(), NOW), *by_size(NOW)))


def test_alerts_go_before_the_articles_that_they_keep():
    everything = Retention(**{each.value: 100 * DAY for each in RetentionClass})
    order = [cut.what for cut in by_age(everything, NOW)]
    assert set(order) == set(RetentionClass)
    assert order.index(RetentionClass.ALERTS) < order.index(RetentionClass.MATCHED)
    assert order.index(RetentionClass.CAPTURES) < order.index(RetentionClass.MATCHED)


def test_a_full_file_costs_neither_evidence_nor_what_was_told():
    gone = [cut.what for cut in by_size(NOW)]
    assert gone[0] is RetentionClass.UNMATCHED
    assert not {RetentionClass.ALERTS, RetentionClass.CAPTURES, RetentionClass.MATCHED} & set(gone)


def test_pruning_by_size_ends_below_the_point_where_it_begins():
    kept = Retention(size=1000)
    assert is_too_large(1001, kept)
    assert not is_too_large(1000, kept)
    assert not is_small_enough(1000, kept)
    assert is_small_enough(950, kept)
    assert is_small_enough(10**12, Retention())
    assert not is_too_large(10**12, Retention())


@pytest.mark.parametrize("what", RetentionClass)
def test_why_something_is_gone_is_said(what):
    said = because(what, PruneReason.AGE, NOW)
    assert what.text in said
    assert "2026-11-25" in said
    assert "larger" in because(what, PruneReason.SIZE, NOW)
