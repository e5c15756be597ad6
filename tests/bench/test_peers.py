"""The newsroom that programs are compared on counts honestly, and their tables say who is ahead."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import requests

pytest.importorskip("wordfreq", reason="the words are wordfreq's (extra lab)")
pytest.importorskip("uvicorn", reason="it serves the newsroom (extra web)")

from spiders.extract import read_article
from spiders.feed import read_feed
from tests.bench import bench_peers
from tests.bench.peers import environments
from tests.bench.peers.comparing import BARE, OURS, Crawls, beside, watched
from tests.bench.peers.newsroom import Counts, Newsroom, Paper
from tests.bench.peers.ours import Bare
from tests.bench.peers.press import FEED, LANGUAGES
from tests.bench.peers.running import Read, Run, run
from tests.bench.peers.watching import Speed, Told

OUTLETS, ARTICLES = 3, 4
PAPER = Paper("http://127.77.0.1/a.html", "A bridge", "It was opened today.\n\nNobody came.")
COUNTS = Counts(
    requests=110, bytes=1_000_000, feeds=10, unchanged=0, articles=100, missing={}, most_in_flight=1, began=0
)
RUN = Run(seconds=10, reading=8, cpu=2_000, memory=100, counts=COUNTS, whole=100)


@pytest.fixture(scope="module")
def room():
    with Newsroom(OUTLETS, ARTICLES, latency=0.02) as opened:
        yield opened


def test_each_outlet_has_an_address_and_a_language_of_its_own(room):
    assert len({host.partition(":")[0] for host in room.hosts}) == OUTLETS
    assert list(room.outlets.values()) == list(LANGUAGES[:OUTLETS])


def test_a_feed_lists_what_the_outlet_published_and_its_pages_hold_it(room):
    papers = room.papers()
    assert len(papers) == OUTLETS * ARTICLES
    for base in room.outlets:
        listed = [entry.url for entry in read_feed(requests.get(base + FEED, timeout=5).content, base)]
        assert listed == [url for url in papers if url.startswith(base)]
        page = requests.get(listed[0], timeout=5)
        article = read_article(page.content, page.url, content_type=page.headers["Content-Type"])
        assert Read(article.title, article.text).is_whole(papers[listed[0]])


def test_it_counts_what_was_asked_and_sent(room):
    base = next(iter(room.outlets))
    room.reset()
    feed = requests.get(base + FEED, timeout=5)
    again = requests.get(base + FEED, headers={"If-None-Match": feed.headers["ETag"]}, timeout=5)
    requests.get(base + "/nowhere", timeout=5)
    counts = room.counts()
    assert again.status_code == 304
    assert (counts.requests, counts.feeds, counts.unchanged) == (3, 2, 1)
    assert counts.bytes == int(feed.headers["Content-Length"])
    assert (counts.missing, counts.articles, counts.most_in_flight) == ({"/nowhere": 1}, 0, 1)


def test_it_counts_who_asks_an_outlet_for_several_things_at_a_time():
    with Newsroom(2, 1, latency=1.0) as slow, ThreadPoolExecutor(5) as pool:
        first, second = slow.outlets
        list(pool.map(lambda base: requests.get(base + FEED, timeout=5), [first, first, first, second]))
        assert slow.counts().most_in_flight == 3


def test_what_is_published_stands_in_the_feed_and_what_is_told_is_heard(room):
    room.reset()
    paper = room.publish(1, 7)
    feed = requests.get(list(room.outlets)[1] + FEED, timeout=5).text
    assert paper.title in feed
    requests.post(room.ear, json={"title": paper.title}, timeout=5)
    ((at, text),) = room.heard()
    assert at > paper.at
    assert paper.title in text


def test_bare_scrapy_reads_all_of_it_one_request_at_a_time(room, tmp_path):
    took = run(Bare(), room, tmp_path)
    assert took.whole == took.counts.articles == len(room.papers())
    assert took.counts.most_in_flight == 1
    assert min(took.cpu, took.memory, took.reading) > 0
    assert took.reading < took.seconds


@pytest.mark.parametrize(
    ("read", "whole"),
    [
        (Read(PAPER.title, PAPER.text), True),
        (Read(PAPER.title, PAPER.text.replace("\n\n", "\n")), True),
        (Read("Another bridge", PAPER.text), False),
        (Read(PAPER.title, "It was opened today."), False),
        (Read(PAPER.title, PAPER.text + " Home News Sport Weather"), False),
    ],
)
def test_an_article_is_whole_with_its_title_its_text_and_little_else(read, whole):
    assert read.is_whole(PAPER) is whole


def crawls(ours: Run, other: str = "news-please", theirs: Run = RUN) -> Crawls:
    few = {name: [replace(each, cpu=500, whole=10)] for name, each in ((OURS, ours), (BARE, RUN))}
    return Crawls(100, {other: [theirs], OURS: [ours]}, few)


def over(sheet) -> set[str]:
    return {row.name for row in sheet.rows if row.ok is False}


def test_whoever_costs_no_more_than_a_peer_is_ahead_of_it():
    assert over(beside(crawls(RUN), "news-please", "news-please 1", "polite")) == set()


@pytest.mark.parametrize(
    ("ours", "what"),
    [
        (replace(RUN, seconds=11), "articles a second"),
        (replace(RUN, cpu=2_100), "CPU ms per article"),
        (replace(RUN, memory=101), "memory at most, MB"),
        (replace(RUN, counts=replace(COUNTS, requests=111)), "requests per article"),
        (replace(RUN, counts=replace(COUNTS, bytes=1_100_000)), "kB per article"),
    ],
)
def test_whoever_costs_more_than_a_peer_is_not(ours, what):
    assert over(beside(crawls(ours), "news-please", "news-please 1", "polite")) == {what}


def test_an_article_that_was_not_got_counts_against_whoever_missed_it():
    sheet = beside(crawls(replace(RUN, whole=99)), "news-please", "news-please 1", "polite")
    assert "whole articles" in over(sheet)


@pytest.mark.parametrize(
    ("ours", "missed"),
    [
        (replace(RUN, cpu=2_200, seconds=20, memory=200), set()),
        (replace(RUN, cpu=2_300), {"CPU ms per article, start apart"}),
        (replace(RUN, reading=9), set()),
        (replace(RUN, reading=10), {"articles a second from the first request"}),
    ],
)
def test_bare_scrapy_may_be_a_little_ahead_once_both_have_started(ours, missed):
    assert over(beside(crawls(ours, BARE), BARE, BARE, "polite")) == missed


def test_a_peer_that_is_not_as_it_is_pinned_counts_as_not_installed(tmp_path, monkeypatch):
    monkeypatch.setattr(environments, "PLACE", tmp_path)
    place = tmp_path / "news-please" / "lib" / "python3" / "site-packages" / "news_please-1.6.16.dist-info"
    place.mkdir(parents=True)
    (place / "METADATA").write_text("Metadata-Version: 2.1\nName: news-please\nVersion: 1.6.16\n")
    assert environments.version("news-please") is None
    mark = tmp_path / "news-please" / "installed.txt"
    mark.write_text("\n".join(environments.PINS["news-please"]))
    assert environments.version("news-please") == "1.6.16"
    mark.write_text("news-please==1.6.15")
    assert environments.version("news-please") is None


def test_a_peer_that_is_left_out_is_named_with_the_reason_and_nobody_is_ahead_of_it(monkeypatch):
    monkeypatch.setattr(environments, "version", lambda _: None)
    first, _, bare = bench_peers._beside(
        crawls(RUN, BARE), {peer.name: bench_peers.NOT_THERE for peer in bench_peers.PEERS}
    )
    assert first.note == "news-please: it could not be installed here."
    assert [each.ok for each in first.rows] == [False]
    assert bare.title.startswith("Tumen beside bare Scrapy")


def test_looks_are_compared_at_equal_memory():
    speeds = {OURS: [Speed(200_000, 4, 200, 1.0)], "other": [Speed(110_000, 8, 100, 0.0)]}
    told = {OURS: [Told((1.0, 2.0), 0)], "other": [Told((1.0, 3.0), 0)]}
    assert over(watched(speeds, told, "other 1")) == {"sources an hour at equal memory, for each 100 MB"}
    speeds["other"] = [Speed(90_000, 8, 100, 0.0)]
    assert over(watched(speeds, told, "other 1")) == set()
    assert over(watched(speeds, told | {OURS: [Told((1.0,), 1)]}, "other 1")) == {
        "publications that Tumen did not tell of"
    }
