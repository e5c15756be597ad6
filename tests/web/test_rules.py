"""The pages of rules, as people and programs get them."""

from __future__ import annotations

import json
import re
from contextlib import closing
from dataclasses import replace

import pytest

from monitor.core.models import Verdict
from monitor.store.database import open_history
from monitor.store.feedback import Feedback


@pytest.fixture
def fired(press, article):
    press.publish(
        article(),
        article(2, title="Streik im port of Norwick", text="strike", language="de"),
        article(3, title="A quiet day", text="Nothing."),
    )


def test_every_rule_is_listed_with_its_hits(browser, fired):
    text = browser.get("/rules").text
    assert 'href="/rule/harbour/harbour"' in text
    assert 'data-label="Hits">2<' in text
    assert re.search(r"<svg[^>]*chart-spark", text)
    assert "2 hits in 30 days" in text
    assert "English" in text
    assert "German" in text


def test_a_rule_that_never_fired_is_listed_too(browser, history):
    open_history(history).close()
    text = browser.get("/rules").text
    assert 'data-label="Hits">0<' in text
    assert "never" in text
    assert "It has not fired yet" in browser.get("/rule/harbour/harbour").text


def test_a_rule_shows_its_condition_and_its_latest_hits_with_evidence(browser, fired):
    text = browser.get("/rule/harbour/harbour").text
    assert "port AND (" in text
    assert re.findall(r'<h3><a href="/article/(\d+)"', text) == ["2", "1"]
    assert re.search(r"<mark><bdi[^>]*>Norwick|<mark><bdi[^>]*>port", text)
    assert "Hits per day in 90 days" in text


def test_what_readers_said_is_counted_as_noise(browser, fired, history, press):
    with closing(open_history(history)) as db:
        Feedback(db).add(Verdict.IRRELEVANT, article=1, rule="harbour", now=press.at)
        Feedback(db).add(Verdict.MISSED, article=3, pack="harbour", rule="harbour", now=press.at)
    assert "50 % noise" in browser.get("/rules").text
    text = browser.get("/rule/harbour/harbour").text
    assert "1 irrelevant, 1 missed" in text
    assert text.count("a reader called it irrelevant") == 1


def test_a_rule_that_no_pack_has_any_more_keeps_its_page(browser, site, fired):
    without = type(browser)(replace(site, packs={}))
    assert "no longer declared" in without.get("/rules").text
    assert "no pack declares it any more" in without.get("/rule/harbour/harbour").text


def test_a_rule_that_never_was_is_not_found(browser, fired):
    for page in ("/rule/harbour/nothing", "/rule/x%27--/harbour", "/rule/%3Cscript%3E/x"):
        answer = browser.get(page)
        assert answer.status_code == 404
        assert "<script>" not in answer.text.partition("<main")[2]


def test_programs_get_the_same(browser, fired):
    found = json.loads(browser.get("/rules.json").text)
    (row,) = found["packs"][0]["rules"]
    assert (row["line"]["hits"], row["line"]["days"]) == (2, {"2026-11-25": 2})
    assert len(row["hits"]) == found["days"] == 30
