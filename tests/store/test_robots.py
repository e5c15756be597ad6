"""What hosts allow outlives a restart, for a day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.store.robots import RobotsTexts
from spiders.wire import Rules


@pytest.fixture
def texts(db):
    return RobotsTexts(db)


def test_what_a_host_said_last_is_known_for_a_day(texts, now):
    old = Rules("https://a.example", "User-agent: *\nDisallow: /나\ud800", now - timedelta(hours=2))
    new = Rules("https://a.example", "", now - timedelta(hours=1))
    other = Rules("http://b.example:81", "User-agent: *", now - timedelta(hours=3))
    for rules in (old, new, other):
        texts.keep(rules)
    assert texts.known(now) == (other, new)
    assert texts.known(now + timedelta(hours=22)) == (new,)
    assert texts.known(now + timedelta(hours=24)) == ()
    assert texts.known(now) == ()


def test_what_a_clock_that_was_ahead_has_dated_is_forgotten(texts, now):
    texts.keep(Rules("https://a.example", "", now + timedelta(days=3)))
    assert texts.known(now) == ()
