from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.delivery.restoring import SETTLED, Found, may_have_been_told

RESTORED = datetime(2026, 11, 25, 6, 30, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def found(published=None, *, after=MINUTE, day_only=False, known_at=None):
    return Found(RESTORED + after, published, day_only, RESTORED + after, known_at)


@pytest.mark.parametrize("after", [MINUTE, 10 * HOUR, timedelta(days=9)])
def test_what_was_published_before_the_restore_may_have_been_told_whenever_it_is_found(after):
    assert may_have_been_told(found(RESTORED - MINUTE, after=after), RESTORED)
    assert may_have_been_told(found(RESTORED, after=after), RESTORED)


def test_what_was_published_since_was_not_told():
    assert not may_have_been_told(found(RESTORED + timedelta(seconds=1)), RESTORED)


def test_what_bears_no_time_may_have_been_told_until_all_sources_were_looked_at():
    assert may_have_been_told(found(after=SETTLED), RESTORED)
    assert not may_have_been_told(found(after=SETTLED + MINUTE), RESTORED)


def test_of_a_day_nobody_knows_whether_it_was_before_or_after():
    today = datetime(2026, 11, 25, tzinfo=UTC)
    assert may_have_been_told(found(today, day_only=True), RESTORED)
    assert not may_have_been_told(found(today, after=SETTLED + MINUTE, day_only=True), RESTORED)
    assert may_have_been_told(found(today - timedelta(days=3), after=9 * HOUR, day_only=True), RESTORED)
    assert not may_have_been_told(found(today + timedelta(days=3), after=HOUR, day_only=True), RESTORED)


def test_a_page_that_was_known_may_have_changed_before_unless_it_was_looked_at_since():
    old = RESTORED - 9 * HOUR
    assert may_have_been_told(found(old, after=HOUR, known_at=old), RESTORED)
    assert not may_have_been_told(found(old, after=9 * HOUR, known_at=RESTORED + HOUR), RESTORED)


def test_what_was_stored_before_the_restore_is_another_matter():
    assert not may_have_been_told(found(RESTORED - HOUR, after=-MINUTE), RESTORED)
