from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.core.sources.sourcing import candidate, country, free_name, proposal, ranked, subscription
from spiders.items import CrawlReport, Entry, Kind, Lead, Outcome, Via

SITE = "https://www.herald.co.kr/world"


@pytest.fixture
def look(now):
    """A candidate as it is looked at."""

    def make(url, kind=Kind.FEED, via=Via.LINK, *, entries=6, titled=True, age=timedelta(hours=1), **said):
        published = now - age if age is not None else None
        found = tuple(
            Entry(
                f"{url}/{number}",
                "Title" if titled else "",
                published=published,
                language=said.pop("speaks", None),
            )
            for number in range(entries)
        )
        report = CrawlReport("x", Outcome.OK, url=url, kind=kind, entries=found, **said)
        return candidate(Lead(url, via, "As linked"), report)

    return make


def test_feeds_come_before_news_sitemaps_pages_and_plain_sitemaps(look, now):
    plain = look("plain", Kind.SITEMAP, Via.ROBOTS, titled=False)
    page = look("page", Kind.SECTION, Via.GIVEN, age=None)
    news = look("news", Kind.SITEMAP, Via.ROBOTS)
    feed, other = look("feed"), look("other", via=Via.GUESS)
    assert [one.url for one in ranked([plain, page, news, feed, other], now)] == [
        "feed",
        "other",
        "news",
        "page",
        "plain",
    ]


def test_a_source_that_has_had_nothing_for_a_week_comes_last(look, now):
    dead = look("dead", age=timedelta(days=8))
    quiet, page = look("quiet", age=timedelta(days=6)), look("page", Kind.SECTION, Via.GIVEN, age=None)
    assert [one.url for one in ranked([dead, page, quiet], now)] == ["quiet", "page", "dead"]
    assert dead.is_stale(now)
    assert not page.is_stale(now)


def test_two_ways_to_one_address_are_one_candidate(look, now):
    assert len(ranked([look("feed"), look("feed", via=Via.GUESS)], now)) == 1


@pytest.mark.parametrize(
    "report",
    [
        CrawlReport("x", Outcome.FAILED, "http_403", kind=Kind.FEED),
        CrawlReport("x", Outcome.OK, kind=Kind.FEED),
        CrawlReport(
            "x", Outcome.OK, kind=Kind.SECTION, entries=tuple(Entry(f"https://a/{n}") for n in range(9))
        ),
    ],
)
def test_what_brings_nothing_and_pages_that_nobody_asked_for_are_no_candidates(report):
    assert candidate(Lead("https://a/feed", Via.GUESS), report) is None


def test_a_page_with_a_link_or_two_is_no_section(look):
    assert look("page", Kind.SECTION, Via.GIVEN, entries=4) is None
    assert look("page", Kind.SECTION, Via.GIVEN, entries=5) is not None


def test_the_language_is_what_the_source_says_or_what_most_entries_say(look):
    assert look("feed", language="ko").language == "ko"
    assert look("feed", speaks="ru").language == "ru"
    assert look("feed").language is None
    assert look("feed", language="xx", speaks="english").language is None, (
        "what is no code of a language is dropped"
    )


@pytest.mark.parametrize(
    ("stated", "site", "title"),
    [
        ("Herald: World", "The Herald", "Herald: World"),
        ("RSS", "", "As linked"),
        ("", "The Herald", "As linked"),
        ("${MAIL_PASSWORD} news", "", "$ {MAIL_PASSWORD} news"),
    ],
)
def test_the_title_names_the_outlet_and_no_secret(look, stated, site, title):
    assert proposal(look("feed", title=stated), site, SITE, (), on_topic=0).title == title


def test_a_proposal_is_named_after_the_site_that_was_asked_for(look):
    one = proposal(
        look("https://feeds.cdn.example/x", title="세계", language="ko"), "The Herald", SITE, (), on_topic=0
    )
    assert (one.name, one.title, one.country, one.language, one.weight) == ("herald", "세계", "KR", "ko", 3)
    assert (one.url, one.kind) == ("https://feeds.cdn.example/x", Kind.FEED)


@pytest.mark.parametrize(("on_topic", "weight"), [(0, 3), (1, 4), (9, 4), (10, 5), (100, 5)])
def test_a_source_weighs_more_if_its_entries_are_on_topic(look, on_topic, weight):
    assert proposal(look("feed", entries=100), "", SITE, (), on_topic=on_topic).weight == weight


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("www.bbc.co.uk", "bbc"),
        ("news.example", "news"),
        ("edition.cnn.com", "cnn"),
        ("xn--80aaxitdbjk.xn--p1ai", "xn-80aaxitdbjk"),
        ("127.0.0.1", "127-0-0-1"),
        ("::1", "1"),
        ("localhost", "localhost"),
        ("", "source"),
    ],
)
def test_names_are_the_outlets_part_of_the_host(place, name):
    assert free_name(place, "Any", None, ()) == name


def test_a_name_that_is_taken_gets_the_language_then_words_of_the_title_then_a_number():
    taken: set[str] = set()
    for _ in range(5):
        taken.add(free_name("bbc.co.uk", "BBC News | World", "en", taken))
    assert taken == {"bbc", "bbc-en", "bbc-news-world", "bbc-news-world-2", "bbc-news-world-3"}
    assert free_name("bbc.co.uk", "뉴스", None, {"bbc"}) == "bbc-2"


@pytest.mark.parametrize(
    ("place", "code"),
    [("yna.co.kr", "KR"), ("bbc.co.uk", "GB"), ("tass.su", "RU"), ("europa.eu", "EU"), ("who.int", "INT"),
     ("meduza.io", None), ("cnn.com", None), ("127.0.0.1", None), ("", None)],
)  # fmt: skip
def test_the_country_is_that_of_the_host(place, code):
    assert country(place) == code


def test_a_subscription_is_what_the_other_reader_says_or_what_a_look_showed():
    bare = Lead("https://a.example/rss", Via.OUTLINE)
    full = Lead("https://a.example/rss", Via.OUTLINE, "Mine", "ko", ("asia",))
    report = CrawlReport("x", Outcome.OK, kind=Kind.SITEMAP, title="Theirs", language="en")
    assert (subscription(bare, ()).title, subscription(bare, ()).kind) == ("a.example", Kind.FEED)
    seen = subscription(bare, (), report)
    assert (seen.title, seen.kind, seen.language) == ("Theirs", Kind.SITEMAP, "en")
    kept = subscription(full, (), report)
    assert (kept.title, kept.language, kept.tags) == ("Mine", "ko", ("asia",))
