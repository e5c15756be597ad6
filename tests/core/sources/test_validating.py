from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.sources.state import SourceState
from monitor.core.sources.validating import CHECK_AFTER, CHECK_LOOKS, conditions, was_wrong
from spiders.items import CrawlReport, Entry, Kind, Outcome, Source, Validators

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
KNOWN = Validators('"1"', "Thu, 26 Nov 2026 06:00:00 GMT")
STATE = SourceState(
    Source("a", "A", "https://a.example/rss", Kind.FEED),
    NOW,
    KNOWN,
    looked_at=NOW - timedelta(minutes=5),
    unchanged=CHECK_LOOKS,
    whole_at=NOW - timedelta(hours=4),
)
NEW = (Entry("https://a.example/1", published=NOW - timedelta(minutes=2)),)


LATER = Validators('"2"', "Thu, 26 Nov 2026 09:00:00 GMT")


def report(validators=LATER, outcome=Outcome.OK):
    return CrawlReport("", outcome, validators=validators)


@pytest.mark.parametrize(
    ("unchanged", "whole", "asked"),
    [
        (0, timedelta(days=9), KNOWN),  # it was not "unchanged" last: nothing is in doubt
        (1, timedelta(hours=1), KNOWN),
        (CHECK_LOOKS - 1, timedelta(hours=23), KNOWN),
        (CHECK_LOOKS, timedelta(hours=1), Validators()),
        (1, CHECK_AFTER, Validators()),
    ],
)
def test_unchanged_is_put_to_the_test_after_many_looks_or_a_day(unchanged, whole, asked):
    assert conditions(replace(STATE, unchanged=unchanged, whole_at=NOW - whole), NOW) == asked


def test_a_server_that_is_not_believed_is_always_asked_for_everything():
    assert conditions(replace(STATE, unchanged=0, distrusted_at=NOW), NOW) == Validators()


def test_new_entries_under_the_same_validators_show_that_unchanged_was_wrong():
    assert was_wrong(STATE, report(KNOWN), NEW)
    assert was_wrong(STATE, report(Validators('"1"', "other")), NEW)
    assert was_wrong(replace(STATE, validators=Validators(None, "x")), report(Validators(None, "x")), NEW)


def test_an_entry_from_before_the_last_unchanged_shows_it_too():
    old = replace(NEW[0], published=NOW - timedelta(hours=2))
    assert was_wrong(STATE, report(), (*NEW, old))


def test_news_since_the_last_look_shows_nothing():
    assert not was_wrong(STATE, report(), NEW)
    assert not was_wrong(STATE, report(), (replace(NEW[0], published=None),))


def test_nothing_new_shows_nothing():
    assert not was_wrong(STATE, report(KNOWN), ())
    assert not was_wrong(STATE, report(KNOWN, Outcome.FAILED), NEW)
    assert not was_wrong(replace(STATE, unchanged=0), report(KNOWN), NEW)
