from __future__ import annotations

import json

import feedparser
import pytest

from monitor.web.freshness import is_known

TITLE = "A strike stops all work in the port of Norwick"


@pytest.mark.parametrize(
    "path",
    ["all", "pack/harbour", "rule/harbour/harbour", "story/1", "search?q=strike"],
)
def test_a_reader_of_feeds_finds_what_happened(browser, press, article, path):
    press.publish(article(title=TITLE))
    answer = browser.get(f"/feeds/atom/{path}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    found = feedparser.parse(answer.content)
    assert not found.bozo
    assert [entry.title for entry in found.entries] == [TITLE]
    assert {link.href for link in found.feed.links if link.rel == "self"} == {
        f"http://localhost/feeds/atom/{path}"
    }
    page = next(link.href for link in found.entries[0].links if link.rel == "related")
    assert browser.get(page.removeprefix("http://localhost")).status_code == 200
    home = next(link.href for link in found.feed.links if link.rel == "alternate")
    assert browser.get(home.removeprefix("http://localhost")).status_code == 200
    document = json.loads(browser.get(f"/feeds/json/{path}").content)
    assert [item["title"] for item in document["items"]] == [TITLE]


def test_what_did_not_change_is_not_sent_again(browser, press, article):
    press.publish(article(title=TITLE))
    first = browser.get("/feeds/atom/all")
    for headers in (
        {"if-none-match": first.headers["etag"]},
        {"if-none-match": f'"other", W/{first.headers["etag"]}'},
        {"if-modified-since": first.headers["last-modified"]},
    ):
        again = browser.get("/feeds/atom/all", headers=headers)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
    other = "Fire at the lighthouse in the port of Norwick injures 45 passengers"
    press.publish(article(9, title=other, text="45 passengers were hurt by the fire."))
    later = browser.get("/feeds/atom/all", headers={"if-none-match": first.headers["etag"]})
    assert later.status_code == 200
    assert len(feedparser.parse(later.content).entries) == 2


@pytest.mark.parametrize(
    "path",
    ["pack/nonsense", "rule/harbour/nonsense", "story/77", "story/x", "nonsense", "search", "search?q=("],
)
def test_a_feed_of_nothing_is_not_there(browser, press, article, path):
    press.publish(article(title=TITLE))
    assert browser.get(f"/feeds/atom/{path}").status_code in (400, 404)
    assert browser.get("/feeds/rss/all").status_code == 404


def test_every_page_leads_to_the_feed(browser, press, article):
    press.publish(article(title=TITLE))
    assert '<link rel="alternate" href="/feeds/atom/all" type="application/atom+xml"' in browser.get("/").text


ANSWER = {"ETag": '"a"', "Last-Modified": "Wed, 25 Nov 2026 06:30:00 GMT"}


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ({}, False),
        ({"if-none-match": '"a"'}, True),
        ({"if-none-match": '"b", "a"'}, True),
        ({"if-none-match": 'W/"a"'}, True),
        ({"if-none-match": "*"}, True),
        ({"if-none-match": '"b"'}, False),
        ({"if-none-match": '"b"', "if-modified-since": "Wed, 25 Nov 2026 06:30:00 GMT"}, False),
        ({"if-modified-since": "Wed, 25 Nov 2026 06:30:00 GMT"}, True),
        ({"if-modified-since": "Wed, 25 Nov 2026 06:29:59 GMT"}, False),
        ({"if-modified-since": "yesterday"}, False),
        ({"if-modified-since": "Wed, 99 Nov 2026 06:30:00 GMT"}, False),
        ({"if-modified-since": "Wed, 25 Nov 2026 06:30:00"}, False),
    ],
)
def test_an_answer_is_known_by_its_tag_or_else_by_its_time(asked, known):
    assert is_known(asked, ANSWER) is known
