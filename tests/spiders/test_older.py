"""Where a source says that its older entries are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.items import Kind, site_of
from spiders.older import older_page
from spiders.sources import read_source

URL = "https://news.example/feed"
ATOM = b"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>
<link rel="self" href="https://news.example/feed"/>
<link href="https://news.example/archive/7.xml" rel="prev-archive"/>
<entry><title>A</title><link href="/a"/><id>urn:a</id></entry></feed>"""


@pytest.mark.parametrize(
    ("body", "older"),
    [
        (b'<atom:link rel="next" href="/feed?page=2&amp;lang=ko"/>', "https://news.example/feed?page=2&lang=ko"),
        (b"<LINK HREF='/p/2' REL='Next nofollow'>", "https://news.example/p/2"),
        (b'<a class="next" rel=next href=?page=3>', "https://news.example/feed?page=3"),
        (b'<a rel="next" href="javascript:void(0)"><a rel="next" href="/two">', "https://news.example/two"),
        (b'<a rel="prev" href="/newer"><link rel="nextish" href="/no">', ""),
        (b'<a rel="next">', ""),
        (b"", ""),
    ],
)  # fmt: skip
def test_the_next_page_of_a_list_is_found_however_it_is_written(body, older):
    assert older_page(body, URL) == older


def test_a_feed_tells_where_its_archive_is():
    seen = read_source(ATOM, URL, Kind.FEED)
    assert [entry.url for entry in seen.entries] == ["https://news.example/a"]
    assert seen.older == "https://news.example/archive/7.xml"


@given(st.binary(max_size=300))
def test_no_body_makes_it_fail(body):
    found = older_page(b'<a rel="next" href="' + body + b'">', URL)
    assert not found or found.startswith(("http://", "https://"))


@pytest.mark.parametrize(
    ("name", "site"),
    [("feeds.news.co.uk", "news.co.uk"), ("a.b.news.example", "news.example"), ("127.0.0.1", "127.0.0.1")],
)
def test_a_site_is_what_its_owner_registered(name, site):
    assert site_of(name) == site
