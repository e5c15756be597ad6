"""The worker finds where sources are: on a page, around it, and in a file of subscriptions."""

from __future__ import annotations

from spiders.discovery import USUAL_PATHS
from spiders.items import Discover, Kind, Outcome, Parse, Via
from tests.crawl.site import Reply

HTML = {"Content-Type": "text/html; charset=utf-8"}
PAGE = """<html lang="ko"><head><title>신문</title>
<link rel="alternate" type="application/rss+xml" href="/feed.rss"></head><body>{links}</body></html>"""
STORIES = "".join(
    f'<a href="/2026/11/25/a-story-of-ships-{n}.html">Ships and their story {n}</a>' for n in range(6)
)


def leads(report, via):
    return [lead.url.partition("/")[2].partition("/")[2] for lead in report.leads if lead.via is via]


def test_a_page_gives_its_links_to_articles_and_where_its_site_has_sources(here, options, crawl):
    here.put("/robots.txt", Reply(f"User-agent: *\nSitemap: {here.url('/news.xml')}".encode()))
    url = here.put("/", Reply(PAGE.format(links=STORIES).encode(), headers=HTML))
    report = crawl(options(here), Discover("a", url, around=True))["a"]
    assert (report.outcome, report.kind, len(report.entries)) == (Outcome.OK, Kind.SECTION, 6)
    assert (report.title, report.language) == ("신문", "ko")
    assert leads(report, Via.LINK) == [f"{here.host}/feed.rss"]
    assert leads(report, Via.ROBOTS) == [f"{here.host}/news.xml"]
    assert leads(report, Via.GUESS) == [f"{here.host}{path}" for path in USUAL_PATHS]
    assert set(here.counts) == {"/robots.txt", "/"}, "what is around it is named, not fetched"


def test_a_page_without_articles_still_says_where_its_feeds_are(here, options, crawl):
    url = here.put("/", Reply(PAGE.format(links="").encode(), headers=HTML))
    report = crawl(options(here), Discover("a", url))["a"]
    assert (report.outcome, report.reason) == (Outcome.FAILED, "no_entries")
    assert leads(report, Via.LINK) == [f"{here.host}/feed.rss"]


def test_a_page_that_is_refused_does_not_hide_what_is_around_it(here, options, crawl):
    here.put("/robots.txt", Reply(f"User-agent: *\nSitemap: {here.url('/news.xml')}".encode()))
    url = here.put(
        "/", Reply(b"<html><link rel=alternate type=application/rss+xml href=/wall.rss>", 403, HTML)
    )
    report = crawl(options(here), Discover("a", url, around=True))["a"]
    assert (report.outcome, report.reason) == (Outcome.FAILED, "http_403")
    assert leads(report, Via.ROBOTS) == [f"{here.host}/news.xml"]
    assert leads(report, Via.LINK) == [], "an error page leads nowhere"


def test_sitemaps_are_known_from_robots_txt_also_if_it_is_not_obeyed(here, options, crawl):
    here.put("/robots.txt", Reply(f"User-agent: *\nDisallow: /\nSitemap: {here.url('/news.xml')}".encode()))
    url = here.put("/", Reply(PAGE.format(links=STORIES).encode(), headers=HTML))
    refused = crawl(options(here), Discover("a", url, around=True))["a"]
    read = crawl(options(here, obey_robots=False), Discover("a", url, around=True))["a"]
    assert (refused.reason, read.outcome) == ("robots", Outcome.OK)
    assert leads(refused, Via.ROBOTS) == leads(read, Via.ROBOTS) == [f"{here.host}/news.xml"]


def test_a_feed_says_what_it_is_called(here, options, crawl):
    url = here.feed("/feed", "Ships leave", "Ships arrive")
    report = crawl(options(here), Discover("a", url))["a"]
    assert (report.kind, report.title, len(report.entries), report.leads) == (Kind.FEED, "T", 2, ())


def test_a_file_of_subscriptions_is_read_in_the_worker(options, crawl, tmp_path):
    good, bad = tmp_path / "구독.opml", tmp_path / "bad.opml"
    good.write_text('<opml><body><outline text="서울" xmlUrl="https://a.example/rss"/></body></opml>')
    bad.write_text("<!DOCTYPE opml [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><opml>&a;</opml>")
    tasks = (Parse(str(number), str(file), outline=True) for number, file in enumerate((good, bad)))
    reports = crawl(options(), *tasks)
    assert [(lead.url, lead.title) for lead in reports["0"].leads] == [("https://a.example/rss", "서울")]
    assert reports["1"].reason == "unsafe_xml"
