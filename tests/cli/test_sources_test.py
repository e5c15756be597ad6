"""Testing a source: one look at it, step by step."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta

import pytest

from monitor.config import load_settings, watched_sources
from monitor.store.database import open_history
from monitor.store.sources import Sources
from spiders.items import CrawlReport, Entry, Kind, Outcome, Validators
from tests.crawl.site import Reply, article, site

HTML = {"Content-Type": "text/html"}


@pytest.fixture
def herald():
    """A site with a feed of three articles, of which the second is gone."""
    with site() as one:
        one.feed("/feed", "Fire in Norwick harbour", "Gone", "Quiet \x1b[31mday")
        one.put("/a/0", Reply(article("Fire in Norwick harbour"), headers=HTML))
        one.put("/a/2", Reply(article("A quiet day"), headers=HTML))
        yield one


@pytest.fixture
def configured(herald, harbour, write):
    return write(
        "tumen.yaml",
        f"packs: [../harbour]\nsources:\n  shipped: false\n  own:\n"
        f"  - {{name: herald, title: The Herald, url: '{herald.url('/feed')}', language: en}}\n"
        f"crawl: {{allow_private: ['{herald.host}'], delay: 0.01s}}\n",
    )


@pytest.fixture
def looked(folder, configured, herald, now):
    """A history that knows the source, its first entry and its validators."""

    def look() -> None:
        report = CrawlReport(
            "look",
            Outcome.OK,
            kind=Kind.FEED,
            entries=(Entry(herald.url("/a/0")),),
            validators=Validators('"abc"'),
        )
        with closing(open_history(folder / "tumen.db")) as db:
            Sources(db).sync(watched_sources(load_settings(configured).sources), now)
            due = now + timedelta(minutes=5)
            Sources(db).save_look("herald", report, next_due=due, now=now, baseline_before=None)

    return look


def test_every_step_of_a_look_is_shown(tumen, herald, configured, folder):
    answer = tumen("sources", "test", "herald")
    assert (answer.code, answer.controls) == (0, set())
    steps = [line.split()[1] for line in answer.out.splitlines() if line[0] in "✓✗!"]
    assert steps == ["source", "history", "robots", "request", "answer", "kind", "entries", *["article"] * 3]
    for said in (
        "herald · The Herald · feed · en",
        "it was never looked at",
        "nothing against it",
        "no conditions",
        "status 200",
        "3 · 3 not in the history · without times",
        "✗ article",
        "http_404",
        "no rule fires",
    ):
        assert said in answer.out
    assert not (folder / "tumen.db").exists(), "nothing is stored"


def test_what_the_rules_say_of_the_articles_is_shown(tumen, configured, herald):
    one, gone, quiet = tumen("sources", "test", "herald", "--json").rows[0]["articles"]
    assert [match["rule"] for match in one["matches"]] == ["harbour"]
    assert (gone["reason"], gone["matches"]) == ("http_404", [])
    assert (quiet["title"], quiet["matches"]) == ("A quiet day", [])
    assert "fires: harbour (high, " in tumen("sources", "test", "herald", "--articles", "1").out


def test_it_is_asked_with_the_validators_and_again_without_if_nothing_has_changed(
    tumen, herald, configured, looked
):
    looked()
    feed = herald.pages["/feed"]
    herald.put(
        "/feed", lambda headers: Reply(status=304) if headers.get("If-None-Match") == '"abc"' else feed
    )
    row = tumen("sources", "test", "herald", "--articles", "0", "--json").rows[0]
    assert (row["first"]["outcome"], row["first"]["status"]) == ("unchanged", 304)
    assert (row["answer"]["outcome"], row["validators"]["etag"]) == ("ok", '"abc"')
    assert [entry["new"] for entry in row["entries"]] == [False, True, True]
    shown = tumen("sources", "test", "herald", "--articles", "0").out
    assert 'If-None-Match: "abc"' in shown
    assert "once more, without conditions" in shown
    assert "2 not in the history" in shown


def test_the_history_stays_as_it_is(tumen, configured, looked, folder):
    looked()
    before = (folder / "tumen.db").read_bytes()
    assert tumen("sources", "test", "herald").code == 0
    assert (folder / "tumen.db").read_bytes() == before


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (Reply(b"no", 403), "http_403"),
        (Reply(b"no", 429, {"Retry-After": "120"}), "asks to wait 120 s"),
        (Reply(b"<rss><channel/></rss>"), "no_entries"),
        (Reply(b"<html><body>Welcome</body></html>", headers=HTML), "not_a_source"),
    ],
)
def test_a_source_that_cannot_be_read_is_a_finding(tumen, herald, configured, reply, says):
    herald.put("/feed", reply)
    answer = tumen("sources", "test", "herald")
    assert answer.code == 1
    assert says in answer.out
    assert ("data centres" in answer.err) == (says == "http_403")


def test_robots_txt_that_forbids_it_is_a_finding(tumen, herald, configured):
    herald.put("/robots.txt", Reply(b"User-agent: *\nDisallow: /feed"))
    answer = tumen("sources", "test", "herald")
    assert answer.code == 1
    assert "✗ robots" in answer.out
    assert "/feed" not in herald.counts


def test_a_feed_that_was_declared_as_a_sitemap_is_said(tumen, herald, configured, write):
    write("tumen.yaml", configured.read_text().replace("language: en", "kind: sitemap"))
    answer = tumen("sources", "test", "herald", "--articles", "0")
    assert answer.code == 0
    assert "! kind      feed · declared as sitemap" in answer.out


def test_articles_that_cannot_be_read_are_a_finding(tumen, herald, configured):
    for number in range(3):
        herald.put(f"/a/{number}", Reply(status=410))
    assert tumen("sources", "test", "herald").code == 1


def test_a_name_that_nobody_has_is_a_mistake(tumen, configured):
    answer = tumen("sources", "test", "heral")
    assert answer.code == 2
    assert "did you mean herald?" in answer.err
