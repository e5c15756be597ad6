"""What hosts allow, and for how long it is believed."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from spiders.fetch import Page, Trouble
from spiders.robots import Robots
from spiders.wire import Rules

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
URL = "https://news.example/a"


class Host:
    """A host whose robots.txt can be changed, and a Robots that asks it."""

    def __init__(self):
        self.now = NOON
        self.asked = 0
        self.learned = []
        self.robots = Robots("Tumen/1.0 (news monitor)", self.learned.append, lambda: self.now)
        self.says("")

    def says(self, text, status=200):
        self.page = Page(f"{URL}/robots.txt", status, text.encode(), len(text))

    async def _fetch(self, url):
        assert url == "https://news.example/robots.txt"
        self.asked += 1
        if self.page.status == 0:
            raise Trouble("unreachable", "nobody answers")
        return self.page

    def allows(self, url=URL):
        return asyncio.run(self.robots.allow(url, self._fetch))


@pytest.fixture
def host():
    return Host()


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("User-agent: *\nDisallow: /", False),
        ("User-agent: tumen\nDisallow: /\n\nUser-agent: *\nAllow: /", False),
        ("User-agent: Tumen\nAllow: /\n\nUser-agent: *\nDisallow: /", True),
        ("User-agent: other\nDisallow: /", True),
        ("\ufeffUser-agent: *\nDisallow: /a\nAllow: /a$", True),
        ("<html>not found</html>", True),
    ],
)
def test_rules_for_our_name_count_and_else_those_for_everybody(host, text, allowed):
    host.says(text)
    assert host.allows() is allowed


def test_an_answer_is_believed_for_an_hour(host):
    assert host.allows()
    host.says("User-agent: *\nDisallow: /")
    host.now += timedelta(minutes=59)
    assert host.allows()
    host.now += timedelta(minutes=2)
    assert not host.allows()
    assert host.asked == 2


@pytest.mark.parametrize("status", [500, 503, 429, 0])
@pytest.mark.parametrize("allowed", [True, False])
def test_while_a_server_fails_its_last_rules_hold_for_a_day(host, status, allowed):
    host.says("" if allowed else "User-agent: *\nDisallow: /")
    assert host.allows() is allowed
    host.says("", status)
    host.now += timedelta(hours=23)
    assert host.allows() is allowed
    host.now += timedelta(hours=2)
    if status:
        assert host.allows() is None
    else:
        with pytest.raises(Trouble, match="unreachable"):
            host.allows()


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_host_that_has_no_rules_allows_everything(host, status):
    host.says("User-agent: *\nDisallow: /", status)
    assert host.allows()


def test_what_was_read_is_passed_on_and_taken_over_by_others(host):
    host.says("User-agent: *\nDisallow: /b\nCrawl-delay: 7")
    assert host.allows()
    (rules,) = host.learned
    assert rules == Rules("https://news.example", "User-agent: *\nDisallow: /b\nCrawl-delay: 7", NOON)
    other = Host()
    other.robots.learn(rules)
    assert not other.allows("https://news.example/b")
    assert other.robots.delay(URL) == 7
    assert other.asked == 0
    other.robots.learn(Rules(rules.place, "", NOON - timedelta(minutes=1)))
    assert not other.allows("https://news.example/b")


def test_an_answer_that_comes_from_the_future_is_asked_for_again(host):
    host.robots.learn(Rules("https://news.example", "User-agent: *\nDisallow: /", NOON + timedelta(days=1)))
    host.says("")
    assert host.allows()


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("User-agent: *\nCrawl-delay: 2.5", 2.5),
        ("User-agent: *\nRequest-rate: 1/10", 10),
        ("User-agent: *\nRequest-rate: 2/1m", 30),
        ("User-agent: *\nCrawl-delay: 3\nRequest-rate: 1/10", 10),
        ("User-agent: tumen\nCrawl-delay: 4\n\nUser-agent: *\nCrawl-delay: 9", 4),
        ("User-agent: *\nCrawl-delay: 86400", 86400),
        ("User-agent: *\nCrawl-delay: -3", 0),
        ("User-agent: *\nCrawl-delay: soon", 0),
        ("User-agent: *\nCrawl-delay: nan", 0),
        ("User-agent: *\nRequest-rate: 0/10", 0),
        ("", 0),
    ],
)
def test_the_longest_pause_that_a_host_asks_for_counts(host, text, seconds):
    assert host.robots.delay(URL) == 0
    host.says(text)
    host.allows()
    assert host.robots.delay(URL) == seconds
