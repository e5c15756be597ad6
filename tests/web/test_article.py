"""The page of an article, as people and programs get it."""

from __future__ import annotations

import json
import re
import sys
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.core.models import Verdict
from monitor.store.database import open_history
from monitor.store.feedback import Feedback
from monitor.store.ledger import Ledger

HOSTILE = "<script>alert(1)</script> Strike in the port of Norwick \u202egnihtemos\u202c & \"quotes\" 'x' 🚢 e\u0301"


@pytest.fixture
def told(press, article):
    press.publish(article())


def marks(text):
    """The words that are marked, with what is said to who does not see the mark."""
    found = re.findall(r"<mark[^>]*>(.*?)</mark>", text, re.DOTALL)
    return [re.sub(r"<[^>]+>", "", one) for one in found]


def test_the_words_that_rules_relied_on_are_marked_and_what_they_name_is_said(browser, told):
    text = browser.get("/article/1").text
    assert text.count("<h1") == 1
    assert marks(text)[:2] == ["Strike (strike)", "port of Norwick (port)"]
    assert 'href="/rule/harbour/harbour"' in text
    assert "Told: the first report of a development that this channel hears of." in text


def test_what_was_stored_is_shown_whole_in_paragraphs(browser, press, article):
    press.publish(article(text="The port of Norwick is on strike.\n\nSecond paragraph.\nThird."))
    text = browser.get("/article/1").text
    prose = re.search(r'<div class="prose".*?</div>', text, re.DOTALL)[0]
    assert prose.count("<p") == 3


def test_a_text_that_is_too_long_is_cut_and_says_so(browser, press, article, monkeypatch):
    monkeypatch.setattr(sys.modules["monitor.web.pages.article"], "SHOWN", 40)
    press.publish(article(text="The port of Norwick is on strike. " * 10 + "END"))
    text = browser.get("/article/1").text
    assert "END" not in text
    assert "what follows is in" in text


def test_where_no_rule_fired_the_page_says_what_the_nearest_ones_lack(browser, press, article):
    press.publish(article(title="A quiet day in the port of Norwick", text="Nothing happened."))
    text = browser.get("/article/1").text
    assert "no_rule_matched" in text
    assert "Nearest rules of" in text
    assert "all there but" in text or "lacks" in text
    assert "It was not told." in text


def test_what_a_version_changed_stands_beside_the_one_before(browser, press, article):
    press.publish(
        article(text="800 dockers are on strike in the port of Norwick.\nFerries wait."),
        article(text="900 dockers are on strike in the port of Norwick.\nFerries wait."),
        article(text="900 dockers are on strike in the port of Norwick.\nFerries wait.\nTrains run."),
    )
    latest = browser.get("/article/1").text
    assert "What version 3 changed" in latest
    assert re.findall(r"<(ins|del)>(?:<bdi[^>]*>)?([^<]*)", latest) == [("ins", "Trains run.")]
    second = browser.get("/article/1?version=2").text
    changed = re.findall(r"<(ins|del)>([^<]+)</", second)
    assert changed == [("del", "800"), ("ins", "900")]
    assert "1 paragraph unchanged" in second
    for version in ("1", "4", "x", "-2", str(2**70)):
        answer = browser.get(f"/article/1?version={version}")
        assert answer.status_code == 404
        assert "There is nothing here" in answer.text


def test_how_it_was_delivered_and_what_readers_said_is_there(browser, told, history, press):
    with closing(open_history(history)) as db:
        (bundle,) = Ledger(db).claim(press.at, lease=timedelta(minutes=1), limit=9)
        Ledger(db).failed(bundle.ids, press.at, error="mailbox <full>", reason="smtp_452", retry_at=None)
        Feedback(db).add(Verdict.IRRELEVANT, article=1, note="a <b>drill</b> & no strike", now=press.at)
    text = browser.get("/article/1").text
    assert 'class="state dead"' in text
    assert "smtp_452" in text
    assert "mailbox &lt;full&gt;" in text
    assert "a &lt;b&gt;drill&lt;/b&gt; &amp; no strike" in text


def test_the_link_to_the_original_says_where_it_leads_and_hides_where_it_comes_from(browser, told):
    link = re.search(
        r'<a class="button" href="([^"]+)" rel="([^"]+)">([^<]+)</a>', browser.get("/article/1").text
    )
    assert link[1] == "https://herald.example/1"
    assert "noreferrer" in link[2]
    assert "herald.example" in link[3]


def test_an_address_that_is_no_page_of_the_web_is_no_link(browser, press, article):
    press.publish(article(url="javascript:alert(1)"))
    text = browser.get("/article/1").text
    assert 'href="javascript' not in text.lower()


def test_what_the_article_says_cannot_act(browser, press, article):
    press.publish(
        article(title=HOSTILE, text=f"{HOSTILE}\n</p></div><img src=x onerror=alert(1)>", author=HOSTILE)
    )
    for page in ("/article/1", "/alert/1", "/alerts", "/rule/harbour/harbour"):
        text = browser.get(page).text
        assert "<script>alert" not in text
        assert "<img" not in text
        assert "\u202e" not in text
        assert "🚢 e\u0301" in text


def test_a_text_that_runs_from_right_to_left_says_its_language_and_finds_its_direction(
    browser, press, article
):
    press.publish(
        article(title="إضراب في ميناء نورويك", text="800 عامل\nنفى الميناء ذلك", language="ar"),
        source="nashr",
    )
    text = browser.get("/article/1").text
    assert '<h1 dir="auto" lang="ar">' in text
    assert text.count('<p dir="auto">') == 2


def test_copies_are_named(browser, press, article):
    press.publish(article(), article(url="https://kurier.example/1"))
    text = browser.get("/article/1").text
    assert "1 other article has it word for word" in text
    assert 'href="/article/2"' in text


def test_an_article_without_title_and_text_is_shown_all_the_same(browser, press, article):
    press.publish(article(title="", text=""))
    text = browser.get("/article/1").text
    assert "(no title)" in text
    assert "It has no text" in text


def test_programs_get_the_same(browser, told):
    answer = browser.get("/article/1.json")
    found = json.loads(answer.text)
    assert (
        found["article"]["record"]["text"]["article"]["title"]
        == "Strike stops all work in the port of Norwick"
    )
    assert found["named"][0]["places"][0]["start"] == 0
    assert found["article"]["alerts"][0]["ways"][0]["delivery"]["state"] == "pending"


def test_an_article_that_is_not_there_is_not_found(browser, told):
    for page in ("/article/99", f"/article/{2**70}", "/alert/99", "/article/1'--"):
        assert browser.get(page).status_code == 404


def test_without_any_pack_an_article_is_shown_with_what_was_recorded(browser, site, told):
    text = type(browser)(replace(site, packs={})).get("/article/1").text
    assert "Strike" in text
    assert 'href="/rule/harbour/harbour"' in text
