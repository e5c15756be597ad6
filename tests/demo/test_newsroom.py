"""The newsroom over real HTTP: what is out, what is not yet, and in which dress."""

import gzip
import json
import re
import socket
import threading
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from html import unescape

import feedparser
import pytest
from lxml import etree

from monitor.demo.newsroom import Newsroom
from monitor.demo.script import Mishap, load, outlets
from spiders.items import Kind

OUTLETS = outlets()
BY_NAME = {outlet.name: outlet for outlet in OUTLETS}
FEEDS = [outlet.name for outlet in OUTLETS if outlet.kind is Kind.FEED]


def fetch(url, **headers):
    """Status, headers and body, without raising for 304, 404 or 503."""
    request = urllib.request.Request(url, headers={k.replace("_", "-"): v for k, v in headers.items()})
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return response.status, response.headers, response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


def source(newsroom, name):
    return next(source for source in newsroom.sources() if source.name == name)


def expected_titles(outlet, until):
    return [a.title for a in reversed(load()) if a.outlet == outlet and a.after <= until]


def article_of(outlet, *, old=True):
    return next(a for a in load() if a.outlet == outlet and (a.after < 0) is old)


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_lists_only_what_is_out_newest_first(name, newsroom, clock):
    for seconds in (0, 20, 42):
        clock.set_to(seconds)
        status, _, body = fetch(source(newsroom, name).url)
        while status == 503:
            status, _, body = fetch(source(newsroom, name).url)
        parsed = feedparser.parse(body)
        assert not parsed.bozo, parsed.get("bozo_exception")
        assert [entry.title for entry in parsed.entries] == expected_titles(name, seconds)


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_says_for_each_entry_when_and_where_it_was_published(name, newsroom, clock, start):
    clock.set_to(42)
    for entry in feedparser.parse(fetch(source(newsroom, name).url)[2]).entries:
        article = newsroom.article(entry.link)
        assert article.title == entry.title
        assert article.summary in unescape(entry.summary)
        published = datetime(*(entry.get("published_parsed") or entry.updated_parsed)[:6], tzinfo=UTC)
        assert published == newsroom.published_at(entry.link)
        assert published == start + timedelta(seconds=article.after)


def test_the_news_sitemap_is_reached_over_its_index(newsroom, clock):
    clock.set_to(42)
    ledger = next(s for s in newsroom.sources() if s.kind is Kind.SITEMAP)
    index = etree.fromstring(fetch(ledger.url)[2])
    (address,) = index.xpath("//*[local-name()='loc']/text()")
    sitemap = etree.fromstring(fetch(address)[2])
    titles = sitemap.xpath("//*[local-name()='news']/*[local-name()='title']/text()")
    assert titles == expected_titles(ledger.name, 42)
    for url in sitemap.xpath("//*[local-name()='loc']/text()"):
        assert fetch(url)[0] == 200


def test_the_section_page_links_its_articles(newsroom, clock):
    clock.set_to(42)
    section = next(s for s in newsroom.sources() if s.kind is Kind.SECTION)
    page = fetch(section.url)[2].decode()
    linked = re.findall(r'<h2><a href="(/guoji/[^"]+\.html)">([^<]+)</a>', page)
    assert [unescape(title) for _, title in linked] == expected_titles(section.name, 42)


def test_a_page_appears_when_its_time_has_come(newsroom, clock):
    article = article_of("hangang-wire", old=False)
    url = newsroom.url(article)
    clock.set_to(article.after - 1)
    assert fetch(url)[0] == 404
    clock.set_to(article.after)
    assert fetch(url)[0] == 200


@pytest.mark.parametrize("name", BY_NAME)
def test_pages_decode_in_the_charset_they_declare(name, newsroom, clock):
    clock.set_to(42)
    outlet = BY_NAME[name]
    for article in (a for a in load() if a.outlet == name):
        status, headers, body = fetch(newsroom.url(article))
        assert status == 200
        page = unescape(body.decode(outlet.charset))
        assert f'<meta charset="{outlet.charset}">' in page
        assert headers.get_content_charset() == ("utf-8" if outlet.charset == "utf-8" else None)
        assert all(part in page for part in (article.title, article.summary, *article.paragraphs))


def test_legacy_charsets_are_among_them():
    assert {outlet.charset for outlet in OUTLETS} == {"utf-8", "windows-1251", "euc-kr"}


def test_linked_data_is_valid_json_and_gives_title_and_time(newsroom):
    article = article_of("alpenbote")
    page = fetch(newsroom.url(article))[2].decode()
    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    read = json.loads(data)
    assert read["headline"] == article.title
    assert datetime.fromisoformat(read["datePublished"]) == newsroom.published_at(newsroom.url(article))


def test_what_has_not_changed_is_answered_with_304(newsroom, clock):
    url = source(newsroom, "alpenbote").url
    status, headers, _ = fetch(url)
    assert status == 200
    etag, modified = headers["ETag"], headers["Last-Modified"]
    assert fetch(url, If_None_Match=etag)[0] == 304
    assert fetch(url, If_None_Match=f'W/"other", W/{etag}')[0] == 304
    assert fetch(url, If_Modified_Since=modified)[0] == 304
    assert fetch(url, If_None_Match='"other"', If_Modified_Since=modified)[0] == 200
    clock.set_to(42)
    status, later, _ = fetch(url, If_None_Match=etag, If_Modified_Since=modified)
    assert status == 200
    assert later["ETag"] != etag


@pytest.mark.parametrize("nonsense", ["", "yesterday", "Wed, 25 Nov 2026 09:00:00", "\x00"])
def test_a_nonsensical_date_gets_the_whole_answer(nonsense, newsroom):
    assert fetch(source(newsroom, "alpenbote").url, If_Modified_Since=nonsense)[0] == 200


def test_answers_are_compressed_for_those_who_can_read_it(newsroom):
    url = source(newsroom, "dnipro-chas").url
    plain = fetch(url)
    small = fetch(url, Accept_Encoding="gzip, deflate")
    assert small[1]["Content-Encoding"] == "gzip"
    assert gzip.decompress(small[2]) == plain[2]
    assert plain[1]["Content-Encoding"] is None


def test_robots_may_come_in(newsroom):
    for host in newsroom.hosts:
        status, _, body = fetch(f"http://{host}/robots.txt")
        assert status == 200
        assert b"Allow: /\n" in body


def test_one_outlet_is_unavailable_at_its_second_look_only(newsroom):
    name = next(outlet.name for outlet in OUTLETS if outlet.mishap is Mishap.UNAVAILABLE)
    answers = [fetch(source(newsroom, name).url) for _ in range(3)]
    assert [status for status, _, _ in answers] == [200, 503, 200]
    assert answers[1][1]["Retry-After"] == "2"
    assert newsroom.served_by(name)["unavailable"] == 1


def test_links_of_a_feed_may_count_clicks_and_still_lead_to_the_article(newsroom):
    entry = feedparser.parse(fetch(source(newsroom, "elbkurier").url)[2]).entries[0]
    assert "utm_source=" in entry.link
    assert fetch(entry.link)[0] == 200
    assert newsroom.published_at(entry.link) is not None


def test_what_was_asked_is_counted(newsroom):
    look = source(newsroom, "alpenbote").url
    etag = fetch(look)[1]["ETag"]
    fetch(look, If_None_Match=etag)
    fetch(newsroom.url(article_of("alpenbote")))
    fetch(look + "nothing-here")
    served = newsroom.served()
    assert (served["requests"], served["looks"], served["unchanged"]) == (4, 2, 1)
    assert (served["pages"], served["missing"]) == (1, 1)


def test_an_address_of_somebody_else_has_no_article(newsroom):
    assert newsroom.article("http://127.0.0.1:1/news") is None
    assert newsroom.published_at("http://[broken") is None


def test_only_get_and_head_are_taken(newsroom):
    request = urllib.request.Request(source(newsroom, "alpenbote").url, data=b"x", method="POST")
    with pytest.raises(urllib.error.HTTPError, match="405") as refused:
        urllib.request.urlopen(request, timeout=10)
    refused.value.close()


def test_every_source_has_a_host_of_its_own(newsroom):
    hosts = [source.url.split("/")[2] for source in newsroom.sources()]
    assert len(set(hosts)) == len(hosts)
    assert set(hosts) == set(newsroom.hosts)


def test_leaving_closes_every_port_and_thread(clock, start):
    before = set(threading.enumerate())
    with Newsroom(start, clock) as newsroom:
        hosts = newsroom.hosts
        fetch(newsroom.sources()[0].url)
    assert set(threading.enumerate()) <= before
    for host in hosts:
        with pytest.raises(OSError, match="refused"):
            fetch(f"http://{host}/")


def test_a_silent_client_does_not_hold_up_the_end(clock, start):
    with Newsroom(start, clock) as newsroom:
        host, port = newsroom.hosts[0].split(":")
        silent = socket.create_connection((host, int(port)))
        began = time.monotonic()
    with silent:
        assert time.monotonic() - began < 4


@pytest.mark.parametrize(
    "frame", ["Read: {}\n", '<a href="{}">here</a>', "({}?utm_source=x#top), more", "At {}."]
)
def test_a_message_leads_back_to_the_article_it_tells_of(frame, newsroom):
    article = article_of("elbkurier")
    text = "http://127.0.0.1:9/other " + frame.format(newsroom.url(article))
    assert newsroom.articles_in(text) == (article,)
    assert newsroom.articles_in("no link at all") == ()


def test_a_digest_leads_back_to_each_of_its_articles_once(newsroom):
    first, second = article_of("elbkurier"), article_of("hangang-wire", old=False)
    text = "\n".join(map(newsroom.url, (second, first, second)))
    assert newsroom.articles_in(text) == (second, first)
