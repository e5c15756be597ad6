"""Adding a source: from the address of a site to a declaration in the configuration."""

from __future__ import annotations

import pytest

from monitor.config import load_settings
from spiders.discovery import USUAL_PATHS
from spiders.items import Kind
from tests.crawl.site import Reply, article, site

HTML = {"Content-Type": "text/html; charset=utf-8"}
STORIES = "".join(
    f'<h2><a href="/2026/11/25/a-story-of-ships-{n}.html">Ships and their story, part {n}</a></h2>'
    for n in range(6)
)


def page(head: str = "", body: str = "") -> Reply:
    text = f'<html lang="en-GB"><head><title>Home</title>{head}</head><body>{body}</body></html>'
    return Reply(text.encode(), headers=HTML)


def feed_link(path: str) -> str:
    return f'<link rel="alternate" type="application/rss+xml" href="{path}">'


@pytest.fixture
def herald():
    """A site whose articles can be read."""
    with site() as one:
        for number in range(3):
            one.put(f"/a/{number}", Reply(article(f"Ships leave {number}"), headers=HTML))
        yield one


@pytest.fixture
def configured(herald, harbour, write):
    """A configuration that may read the site, with comments of its owner."""
    return write(
        "tumen.yaml",
        f"# the desk's\npacks: [../harbour]\nsources:\n  shipped: false  # ours only\n  # own: see the wiki\n"
        f"crawl:\n  allow_private: ['{herald.host}']\n  delay: 0.01s\n",
    )


def own(configured):
    return [declared.source() for declared in load_settings(configured, {}).sources.own]


def test_a_site_is_asked_for_its_feed_which_is_written_and_all_else_stays(tumen, herald, configured):
    before = configured.read_text()
    herald.put(
        "/", page('<meta property="og:site_name" content="The Herald">' + feed_link("/world.rss"), STORIES)
    )
    herald.feed("/world.rss", "Ships leave", "Ships arrive", "Ships wait")
    answer = tumen("sources", "add", herald.url("/"), "--yes", "--name", "herald", "--title", "The Herald")
    assert (answer.code, answer.controls) == (0, set())
    (source,) = own(configured)
    assert (source.name, source.title, source.kind, source.url) == (
        "herald", "The Herald", Kind.FEED, herald.url("/world.rss"),
    )  # fmt: skip
    assert source.language == "en", "as its articles say"
    added = "".join(f"    {line}\n" for line in answer.out.splitlines())
    mark = "  # own: see the wiki\n"
    assert configured.read_text() == before.replace(mark, f"{mark}  own:\n{added}")


def test_what_would_be_read_is_shown_best_first(tumen, herald, configured):
    herald.put("/", page(feed_link("/world.rss"), STORIES))
    herald.feed("/world.rss", "Ships leave", "Ships arrive")
    answer = tumen("sources", "add", herald.url("/"), "--print")
    lines = [line.split() for line in answer.err.splitlines()]
    assert lines[1][:3] == ["1", "feed", "2"]
    assert lines[2][:3] == ["2", "section", "6"]
    assert "✓ Ships leave 0  (en · " in answer.err
    assert "soldiers, ships and shells" in answer.err


def test_another_candidate_is_taken_if_asked_for(tumen, herald, configured):
    herald.put("/", page(feed_link("/world.rss"), STORIES))
    herald.feed("/world.rss", "Ships leave")
    section = tumen(
        "sources", "add", herald.url("/"), "--yes", "--pick", "2", "--tag", "wire", "--weight", "5"
    )
    assert section.code == 0
    (source,) = own(configured)
    assert (source.kind, source.url, source.tags, source.weight) == (
        Kind.SECTION,
        herald.url("/"),
        ("wire",),
        5,
    )
    beyond = tumen("sources", "add", herald.url("/"), "--yes", "--pick", "9")
    assert beyond.code == 2
    assert "there are 2 candidates" in beyond.err


def test_printing_writes_nothing_and_needs_no_configuration(tumen, folder):
    answer = tumen("sources", "add", "http://127.0.0.1:9/feed", "--print")
    assert (answer.code, answer.out) == (1, "")
    assert "blocked_private_address" in answer.err
    assert list(folder.iterdir()) == []


def test_without_a_yes_nothing_is_written(tumen, herald, configured):
    url, before = herald.feed("/feed", "Ships leave"), configured.read_text()
    answer = tumen("sources", "add", url, stdin="n\n")
    assert answer.code == 0
    assert "nothing was written" in answer.err
    assert tumen("sources", "add", url).code == 130, "nobody answers"
    assert configured.read_text() == before
    assert tumen("sources", "add", url, stdin="y\n").code == 0
    assert own(configured)[0].url == url


def test_a_feed_is_taken_as_it_is_and_nothing_else_is_asked_for(tumen, herald, configured):
    url = herald.feed("/rss.xml", "Ships leave", "Ships arrive", "Ships wait", "Ships sink")
    assert tumen("sources", "add", url, "--print").code == 0
    assert set(herald.counts) == {"/robots.txt", "/rss.xml", "/a/0", "/a/1", "/a/2"}


def test_usual_addresses_are_tried_only_where_nothing_is_named(tumen, herald, configured):
    herald.put("/", page(body=STORIES))
    herald.put("/feed.xml", Reply(status=302, headers={"Location": "/real.rss"}))
    herald.feed("/real.rss", "Ships leave")
    herald.put("/rss", page(body=STORIES))  # a page for every address, as some sites have
    tried = tumen("sources", "add", herald.url("/"), "--print")
    assert f"url: {herald.url('/real.rss')}\n" in tried.out
    assert set(USUAL_PATHS) <= set(herald.counts)
    herald.hits.clear()
    herald.put("/", page(feed_link("/real.rss"), STORIES))
    assert tumen("sources", "add", herald.url("/"), "--print").out == tried.out
    assert set(USUAL_PATHS) & set(herald.counts) == set()


def test_a_news_sitemap_of_robots_txt_and_feeds_on_a_page_of_feeds_are_found(tumen, herald, configured):
    sitemap = (
        "<urlset xmlns:news='n'><url><loc>/a/0</loc><news:news><news:title>Ships leave</news:title>"
        "<news:publication_date>2020-01-01</news:publication_date></news:news></url></urlset>"
    )
    herald.put("/robots.txt", Reply(f"Sitemap: {herald.url('/news.xml')}\n".encode()))
    herald.put("/news.xml", Reply(sitemap.encode(), headers={"Content-Type": "text/xml"}))
    herald.put("/", page(body='<a href="/rss/">All our feeds</a>'))
    herald.put("/rss/", page(body='<a href="/rss/world.xml">World</a>'))
    herald.feed("/rss/world.xml", "Ships leave")
    answer = tumen("sources", "add", herald.url("/"), "--print")
    first, second = answer.err.splitlines()[1:3]
    assert first.split()[-1] == herald.url("/rss/world.xml")
    assert second.split()[-1] == herald.url("/news.xml")
    assert "(stale)" in second


def test_a_source_weighs_more_if_its_entries_are_on_topic(tumen, herald, configured):
    url = herald.feed("/feed", "Fire in Norwick harbour", "Ships leave")
    answer = tumen("sources", "add", url, "--print")
    assert "entries: 2, on topic: 1" in answer.err
    assert "weight: 5" in answer.out
    assert "weight: 2" in tumen("sources", "add", url, "--print", "--weight", "2").out


def test_links_mean_the_page_itself(tumen, herald, configured):
    herald.put("/world", page(feed_link("/world.rss"), STORIES + '<a href="/a/0">0</a>' * 5))
    herald.feed("/world.rss", "Ships leave")
    assert tumen("sources", "add", herald.url("/world"), "--links", "h2 a", "--yes").code == 0
    (source,) = own(configured)
    assert (source.kind, source.links) == (Kind.SECTION, "h2 a")
    assert "/world.rss" not in herald.counts


def test_what_is_there_already_is_not_added_again(tumen, herald, configured):
    url = herald.feed("/feed", "Ships leave")
    assert tumen("sources", "add", url, "--yes").code == 0
    again = tumen("sources", "add", url, "--yes")
    assert (again.code, again.out) == (0, "")
    assert "watched as 127-0-0-1" in again.err
    assert len(own(configured)) == 1
    assert tumen("sources", "add", url, "--yes", "--pick", "1").code == 2


def test_a_site_that_refuses_says_what_to_try(tumen, herald, configured):
    herald.put("/", Reply(b"no", 403))
    answer = tumen("sources", "add", herald.url("/"))
    assert (answer.code, answer.out) == (1, "")
    assert "http_403" in answer.err
    assert "data centres" in answer.err
    assert "`contact`" in answer.err


def test_a_refused_page_is_no_obstacle_where_the_feed_is_open(tumen, herald, configured):
    herald.put("/", Reply(b"no", 403))
    herald.feed("/rss.xml", "Ships leave")
    answer = tumen("sources", "add", herald.url("/"), "--yes")
    assert answer.code == 0
    assert own(configured)[0].url == herald.url("/rss.xml")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("ftp://a.example/",), "no web address"),
        (("http://",), "no web address"),
        (("SITE", "--name", "Not A Name"), "--name Not A Name"),
        (("SITE", "--language", "korean"), "--language korean"),
        (("SITE", "--weight", "9"), "--weight"),
        (("SITE", "--pick", "0"), "--pick"),
    ],
)
def test_what_cannot_be_said_is_a_mistake_and_nothing_is_written(tumen, herald, configured, arguments, says):
    url, before = herald.feed("/feed", "Ships leave"), configured.read_text()
    answer = tumen("sources", "add", *(word.replace("SITE", url) for word in arguments), "--yes")
    assert answer.code == 2
    assert says in answer.err
    assert configured.read_text() == before


def test_a_hostile_site_neither_drives_the_terminal_nor_learns_a_secret(
    tumen, herald, configured, monkeypatch
):
    monkeypatch.setenv("SECRET", "hunter2")
    title = "${SECRET} \x1b[31m\u202e\n- name: evil"
    feed = f"<rss><channel><title><![CDATA[{title}]]></title><item><link>/a/0</link><title>{title}</title></item>"
    url = herald.put("/feed", Reply(feed.encode(), headers={"Content-Type": "text/xml"}))
    answer = tumen("sources", "add", url, "--yes")
    assert (answer.code, answer.controls) == (0, set())
    (source,) = own(configured)
    assert source.title == "$ {SECRET} [31m - name: evil"
    assert "hunter2" not in configured.read_text() + answer.out + answer.err
