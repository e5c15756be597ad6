"""Why something was told or not: what was recorded, in words, and what the packs say now."""

from __future__ import annotations

import re
import threading
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from monitor.core.meanings import MEANS
from monitor.core.models import Reason
from monitor.store.database import open_history
from monitor.store.lock import WriterLock
from monitor.store.sources import Sources
from spiders.items import Article, CrawlReport, Entry, Kind, Outcome, Source
from tests.cli.conftest import ROOT

URL = "https://herald.example/"


@pytest.fixture
def texts(now):
    return (
        Article(f"{URL}strike", "A strike stops the port of Norwick", "1,200 dockers walked out.", "en", now),
        Article(f"{URL}again", "Strike in the port of Norwick goes on", "It rains.", "en", now),
        Article(f"{URL}quiet", "The port of Norwick is quiet", "", "en", now),
        Article(f"{URL}weather", "Rain in Hull", "", "en", now),
    )


@pytest.fixture
def why(tumen, take_in, texts):
    take_in(*texts)

    def run(*arguments):
        answer = tumen("why", *arguments)
        assert answer.controls == set()
        assert "Traceback" not in answer.err
        return answer

    return run


def test_what_was_told_is_shown_with_reason_rules_and_deliveries(why):
    answer = why("1")
    assert (answer.code, answer.err) == (0, "")
    said = answer.out
    assert "A «strike»[strike] stops the «port of Norwick»[port]" in said
    assert "herald · en · published 2026-11-25 06:30 UTC · https://herald.example/strike" in said
    assert f"new_story  {MEANS[Reason.NEW_STORY]}" in said
    assert "✓ harbour  The port of Norwick · high · harbour" in said
    assert "1,200 dockers" in said
    assert "Alert 1  new · high · 2026-11-25 06:30 UTC" in said
    assert "desk: pending" in said
    assert "as it is now" not in said


@pytest.mark.parametrize("name", ["1", "alert:1", f"{URL}strike", f"{URL}strike?utm_source=x#top"])
def test_an_article_has_several_names(why, name):
    assert why(name, "--json").rows[0]["article"]["id"] == 1


def test_a_repeat_names_its_development(why):
    said = why("2").out
    assert f"repeat  {MEANS[Reason.REPEAT]}" in said
    assert "Story 1  A strike stops the port of Norwick" in said
    assert "2 articles · 1 outlet · en" in said


def test_what_fired_nothing_is_told_what_it_missed(why):
    said = why("3").out
    assert f"no_rule_matched  {MEANS[Reason.NO_RULE_MATCHED]}" in said
    assert "Nearest rules of harbour" in said
    assert re.search(r"○ harbour .*nothing of strike", said)
    assert "stands: port port of Norwick" in said
    assert "Nearest" not in why("4").out


def test_a_pack_that_changed_says_what_it_would_do_now(why, harbour):
    rules = harbour / "rules" / "harbour.yaml"
    rules.write_text(rules.read_text().replace("port AND (strike OR", "port AND (dockers AND crane OR"))
    said = why("1").out
    assert re.search(r"harbour as it is now, [0-9a-f]{12}: −harbour", said)
    assert "○ harbour" in said


def test_a_pack_that_now_fires_says_so(why, harbour):
    rules = harbour / "rules" / "harbour.yaml"
    rules.write_text(rules.read_text().replace("when: port AND", 'when: title:"quiet" OR port AND'))
    said = why("3").out
    assert f"no_rule_matched  {MEANS[Reason.NO_RULE_MATCHED]}" in said
    assert re.search(r"as it is now, [0-9a-f]{12}: \+harbour", said)
    assert "Nearest" not in said


def test_json_tells_all_of_it(why):
    (row,) = why(f"{URL}strike", "--json").rows
    assert (row["known"], row["reason"], row["means"]) == (True, "new_story", MEANS[Reason.NEW_STORY])
    assert row["matches"][0]["rule"] == "harbour"
    assert row["story"]["articles"] == 2
    assert row["alerts"][0]["deliveries"][0]["state"] == "pending"
    assert row["now"][0]["version"] == row["matches"][0]["version"]
    assert why("3", "--json").rows[0]["now"][0]["near_misses"][0]["lacks"]


@pytest.fixture
def source():
    return Source("herald", "The Herald", "https://herald.example/rss", Kind.FEED, "en")


def test_an_address_that_was_never_fetched_says_so(tumen, take_in, texts, folder, now, source):
    take_in(texts[0])
    old = Entry(f"{URL}old", "An old piece", published=now - timedelta(days=30))
    report = CrawlReport("", Outcome.OK, entries=(old,))
    with closing(open_history(folder / "tumen.db")) as db:
        Sources(db).save_look(
            source.name, report, next_due=now, now=now, baseline_before=now - timedelta(days=1)
        )
    answer = tumen("why", f"{URL}old")
    assert answer.code == 0
    assert "skipped  never fetched" in answer.out
    assert "baseline" in answer.out
    (row,) = tumen("why", f"{URL}old", "--json").rows
    assert row["entry"]["reason"] == "baseline"


@pytest.fixture
def paper(folder):
    """A newspaper on this machine: the address of its page about the port."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            found = self.path == "/quiet"
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            said = "The port of Norwick is quiet. " * 20
            self.wfile.write(f"<html lang=en><title>Quiet</title><article><p>{said}</p></article>".encode())

        def log_message(self, *arguments):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        config = folder / "tumen.yaml"
        allowed = f"crawl: {{allow_private: ['127.0.0.1:{server.server_port}'], delay: 0.1s}}\n"
        config.write_text(config.read_text() + allowed)
        yield f"http://127.0.0.1:{server.server_port}/quiet"
        server.shutdown()
        thread.join()


def test_an_article_that_nobody_knows_is_read_from_the_web_and_says_so(why, paper):
    answer = why(paper)
    assert answer.code == 0
    assert "not in the history; read now" in answer.out
    assert "no rule of any pack fires" in answer.out
    assert "○ harbour" in answer.out
    (row,) = why(paper, "--json").rows
    assert (row["known"], row["article"]["url"]) == (False, paper)
    assert row["now"][0]["near_misses"]


def test_an_address_that_may_not_be_read_ends_with_1(why):
    answer = why("http://127.0.0.1:9/none")
    assert answer.code == 1
    assert "blocked_private_address" in answer.err


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("99", "there is no article 99"),
        ("alert:99", "there is no alert 99"),
        ("harbour", "is no article that the history knows"),
        ("", "ARTICLE: is no article"),
    ],
)
def test_what_does_not_exist_is_an_error(why, name, says):
    answer = why(name)
    assert answer.code == 2
    assert says in answer.err


def test_without_a_history_a_number_is_an_error(tumen, write, harbour):
    write("tumen.yaml", "packs: [../harbour]\n")
    answer = tumen("why", "1")
    assert answer.code == 2
    assert "there is no history here yet" in answer.err


def test_it_answers_while_the_service_writes(why, folder):
    with WriterLock(folder / "tumen.db"), closing(open_history(folder / "tumen.db")) as db:
        db.execute("BEGIN IMMEDIATE")
        db.execute("UPDATE articles SET title = 'half done'")
        assert "A «strike»[strike]" in why("1").out
        db.execute("ROLLBACK")


@pytest.mark.parametrize("reason", Reason)
def test_reasons_mean_what_the_documentation_says(reason):
    documented = (
        (ROOT / "docs" / "reasons.md").read_text(encoding="utf-8").replace("`first_look`", "first_look")
    )
    assert f"| `{reason.value}` | {MEANS[reason]} |" in documented


def test_what_each_version_of_a_page_changed_is_shown(why, take_in, texts):
    new = "1,500 dockers walked out.\nThe mayor called it a disaster."
    take_in(replace(texts[0], title="The port of Norwick has been on strike for a day", text=new))
    answer = why("1", "--changes")
    assert (answer.code, answer.err) == (0, "")
    assert "2 versions" in answer.out
    assert f"title: {texts[0].title} → The port of Norwick has been on strike for a day" in answer.out
    assert "− 1,200 dockers walked out." in answer.out
    assert "+ The mayor called it a disaster." in answer.out
    assert "+ figure: 1,500" in answer.out
    (change,) = why("1", "--changes", "--json").rows[0]["changes"]
    assert (change["version"], change["removed"]) == (2, ["1,200 dockers walked out."])
    assert change["added"] == new.splitlines()
    assert [fact["value"] for fact in change["figures_removed"]] == [1200]
    assert [fact["value"] for fact in change["figures_added"]] == [1500]


def test_a_page_that_was_read_once_has_no_changes_and_one_that_was_not_has_no_versions(why):
    assert "1 version " in why("2", "--changes").out
    answer = why("https://herald.example/never", "--changes")
    assert answer.code == 2
    assert "there are no versions of it" in answer.err


def test_a_page_that_is_gone_says_so(why, tumen, folder):
    with closing(open_history(folder / "tumen.db")) as db:
        db.execute("UPDATE articles SET gone_at = '2026-11-25T09:30:00.000000Z' WHERE id = 1")
        (row,) = db.query("SELECT story FROM articles WHERE id = 1")
    gone = "the page is gone since 2026-11-25 09:30 UTC"
    assert gone in why("1").out
    assert gone in why("1", "--changes").out
    assert why("1", "--json").rows[0]["article"]["gone_at"] == "2026-11-25T09:30:00+00:00"
    assert gone in tumen("stories", "show", row["story"]).out
