"""Listing sources, and looking at one without storing anything."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from monitor.catalogue import shipped_sources
from monitor.config import load_settings, watched_sources
from monitor.core.sources.state import Condition, Diagnosis
from monitor.store.database import open_history
from monitor.store.sources import Sources
from monitor.store.wellness import Wellness
from spiders.items import CrawlReport, Entry, Outcome
from tests.crawl.site import Reply, site

FEED = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>평양</title>
<item><title>북한&#x202E; 소식 &#x9b;2J</title><link>https://news.example/1</link>
<pubDate>Wed, 25 Nov 2026 09:00:00 +0900</pubDate></item>
<item><title>Second</title><link>https://news.example/2</link></item></channel></rss>"""
SITEMAP = """<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://news.example/a</loc><news:news>
<news:publication_date>2026-11-25T01:00:00Z</news:publication_date><news:title>Новость</news:title></news:news></url>
</urlset>"""
SECTION = "<html><body>" + "".join(
    f"<h2><a href='/2026/11/25/story-{n}.html'>A headline of several words, number {n}</a></h2>"
    for n in range(9)
)
ARTICLE = "<html><body><article><h1>One story</h1>" + "<p>Only words here, and no links at all.</p>" * 20


@pytest.fixture
def configured(write):
    """A configuration with two sources of its own."""
    return write(
        "tumen.yaml",
        "sources:\n  shipped: false\n  own:\n"
        "    - {name: good, title: Gut, url: 'https://good.example/rss', language: ko}\n"
        "    - {name: bad, title: Schlecht, url: 'https://bad.example/rss', kind: section}\n",
    )


def test_all_shipped_sources_need_no_configuration(tumen):
    rows = tumen("sources", "list", "--all", "--json").rows
    assert [row["name"] for row in rows] == [source.name for source in shipped_sources()]
    assert set(rows[0]) >= {"url", "kind", "language", "country", "tags", "weight", "enabled", "note"}
    table = tumen("sources", "list", "--all")
    assert (table.code, table.controls) == (0, set())
    for row in rows:
        assert row["name"] in table.out


def test_sources_of_files_are_among_them(tumen, configured, write):
    configured.write_text(configured.read_text() + "  files: [more.yaml]\n")
    write("more.yaml", "- {name: more, title: More, url: 'https://more.example/rss'}\n")
    assert [row["name"] for row in tumen("sources", "list", "--json").rows] == ["good", "bad", "more"]
    write("more.yaml", "- {name: good, title: More, url: 'https://more.example/rss'}\n")
    answer = tumen("sources", "list")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith(
        "error: more.yaml:1:4: the source good is declared twice, first in tumen.yaml:"
    )


def test_sources_that_were_never_looked_at_are_new(tumen, configured, folder):
    good, bad = tumen("sources", "list", "--json").rows
    assert (good["name"], good["condition"], good["looked_at"]) == ("good", "new", None)
    assert (bad["kind"], bad["failures"]) == ("section", 0)
    assert "never" in tumen("sources", "list").out
    assert not (folder / "tumen.db").exists()


def test_the_worst_source_is_listed_first_with_what_is_wrong_and_what_to_do(tumen, configured, folder, now):
    failed = CrawlReport("look", Outcome.FAILED, "http_404", "gone \x1b[31m\u202e")
    with closing(open_history(folder / "tumen.db")) as db:
        Sources(db).sync(watched_sources(load_settings(configured).sources), now)
        Sources(db).save_look("bad", failed, next_due=now, now=now, baseline_before=None)
        Wellness(db).keep("bad", Diagnosis(Condition.FAILING, "fails (http_404: gone \x1b[31m)"), now)
    bad, good = tumen("sources", "list", "--json").rows
    assert (bad["name"], bad["reason"], bad["failures"]) == ("bad", "http_404", 1)
    assert (bad["condition"], bad["since"]) == ("failing", now.isoformat())
    assert "tumen sources test bad" in bad["remedy"]
    assert good["condition"] == "new"
    table = tumen("sources", "list")
    assert table.controls == set()
    head, *rows = table.out.splitlines()
    assert head.split() == ["source", "is", "since", "looked", "new", "a", "day", "next", "look"]
    assert [row.split()[0] for row in rows if row[:1].strip()] == ["bad", "good", "bad"]
    assert "bad fails (http_404: gone [31m); `tumen sources test bad`" in table.out


def test_the_list_shows_what_a_source_brings_and_fits_a_hundred_columns(tumen, write, folder):
    name, now = "a-source-with-a-name-that-nobody-would-give-to-one", datetime.now(UTC)
    own = f"{{name: {name}, title: D, url: 'https://d.example/rss'}}"
    configuration = write("tumen.yaml", f"sources: {{shipped: false, own: [{own}]}}\n")
    with closing(open_history(folder / "tumen.db")) as db:
        store = Sources(db)
        store.sync(watched_sources(load_settings(configuration).sources), now)
        for hours, found in ((48, ("1", "2")), (24, ("2", "3", "4", "5")), (3, ("5", "6"))):
            entries = tuple(Entry(f"https://d.example/{one}") for one in found)
            at, report = now - timedelta(hours=hours), CrawlReport("look", Outcome.OK, entries=entries)
            due = now + timedelta(minutes=30)
            store.save_look(name, report, next_due=due, now=at, baseline_before=None)
        Wellness(db).keep(name, Diagnosis(Condition.REDIRECTED_ELSEWHERE, "leads to " + "x" * 60), now)
    (row,) = tumen("sources", "list", "--json").rows
    assert (row["last_new"], row["per_day"]) == ((now - timedelta(hours=3)).isoformat(), 2.0)
    out = tumen("sources", "list").out
    assert max(map(len, out.splitlines())) <= 100
    assert out.splitlines()[1].split()[1:] == (
        ["redirected_elsewhere", "0", "min", "3", "h", "3", "h", "2.0", "in", "30", "min"]
    )


def test_a_dropped_source_is_listed_with_the_reason(tumen, write, folder, now):
    own = "{name: doubted, title: D, url: 'https://d.example/rss', unverified: true}"
    configuration = write("tumen.yaml", f"sources: {{shipped: false, own: [{own}]}}\n")
    with closing(open_history(folder / "tumen.db")) as db:
        store = Sources(db)
        store.sync(watched_sources(load_settings(configuration).sources), now)
        failed = CrawlReport("look", Outcome.FAILED, "http_404", "Not Found")
        store.save_look("doubted", failed, next_due=now, now=now, baseline_before=None)
        store.drop("doubted", now)
        Wellness(db).keep("doubted", Diagnosis(Condition.DROPPED, "is dropped (http_404: Not Found)"), now)
    (row,) = tumen("sources", "list", "--json").rows
    assert (row["condition"], row["reason"], row["unverified"]) == ("dropped", "http_404", True)
    assert row["next_due"] is None
    out = tumen("sources", "list").out
    assert "dropped" in out.splitlines()[1]
    assert "Not Found" in out


def test_a_running_service_is_needed_to_look_now(tumen, configured):
    answer = tumen("sources", "look", "good")
    assert answer.code != 0
    assert "tumen run" in answer.err


@pytest.mark.parametrize(
    ("content", "kind", "urls"),
    [
        (FEED, "feed", ["https://news.example/1", "https://news.example/2"]),
        (SITEMAP, "sitemap", ["https://news.example/a"]),
    ],
)
def test_a_file_is_previewed(tumen, write, content, kind, urls):
    write("quelle 소스.xml", content)
    answer = tumen("sources", "preview", "quelle 소스.xml", "--json")
    assert (answer.code, answer.err, answer.controls) == (0, "", set())
    assert [row["url"] for row in answer.rows] == urls
    assert answer.rows[0]["published"].startswith("2026-11-25T0")
    assert answer.rows[0]["title"]


def test_places_on_the_web_are_previewed_and_failures_are_findings(tumen):
    with site() as one:
        allow = ("--allow-private", one.host)
        html = {"Content-Type": "text/html; charset=utf-8"}
        one.pages["/robots.txt"] = Reply(status=404)
        one.pages["/section"] = Reply(SECTION.encode(), headers=html)
        one.pages["/article"] = Reply(ARTICLE.encode(), headers=html)
        one.pages["/gone"] = Reply(status=404)
        address = f"http://{one.host}"

        section = tumen("sources", "preview", f"{address}/section", *allow, "--links", "*story-[12].html")
        assert (section.code, section.err, section.controls) == (0, "", set())
        assert section.out.startswith("section, 2 entries\n")
        assert f"{address}/2026/11/25/story-1.html" in section.out

        gone = tumen("sources", "preview", f"{address}/gone", *allow, "--json")
        assert (gone.code, gone.out) == (1, "")
        assert f"{address}/gone: http_404: " in gone.err
        assert "→" not in gone.err

        one.pages["/wall"] = Reply(status=403)
        assert "data centres" in tumen("sources", "preview", f"{address}/wall", *allow).err

        article = tumen("sources", "preview", f"{address}/article", *allow)
        assert article.out == ""
        assert f"{address}/article: no" in article.err


def test_what_is_neither_a_file_nor_an_address_is_a_mistake(tumen):
    answer = tumen("sources", "preview", "www.example.org/feed")
    assert answer.code == 2
    assert "neither a file nor a web address" in answer.err
    assert "https://" in answer.err.partition("→")[2]


def test_a_server_that_was_wrong_about_unchanged_is_named(tumen, configured, folder, now):
    with closing(open_history(folder / "tumen.db")) as db:
        Sources(db).sync(watched_sources(load_settings(configured).sources), now)
        db.execute("UPDATE sources SET distrusted_at = '2026-11-25T06:30:00.000000Z' WHERE name = 'good'")
    assert "false_unchanged: its server said" in tumen("sources", "list").out
    (row,) = [row for row in tumen("sources", "list", "--json").rows if row["name"] == "good"]
    assert row["false_unchanged"] == "2026-11-25T06:30:00+00:00"
