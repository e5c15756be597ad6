"""Which forms stand on which pages: each leads to an action that there is, and only for who may send it."""

from __future__ import annotations

import re
from contextlib import closing
from datetime import timedelta

import pytest

from monitor.core.delivery.silencing import Silence
from monitor.store.database import open_history
from monitor.store.ledger import Ledger
from monitor.store.silences import Silences
from monitor.web.actions import ACTIONS

PAGES = {
    "/article/1": {"/actions/feedback"},
    "/alert/1": {"/actions/feedback", "/actions/retry", "/actions/silence"},
    "/alerts": {"/actions/retry", "/actions/silence", "/actions/end-silence", "/actions/replay-silence"},
    "/source/herald": {"/actions/silence"},
    "/rule/harbour/harbour": {"/actions/silence"},
}


@pytest.fixture(autouse=True)
def ledger(press, article, history):
    """An alert that was refused, and one that a silence keeps back."""
    press.publish(article())
    with closing(open_history(history)) as db:
        (bundle,) = Ledger(db).claim(press.at, lease=timedelta(minutes=1), limit=9)
        Ledger(db).failed(bundle.ids, press.at, error="refused", retry_at=None)
        Silences(db).add(Silence(0, "anna", "later", press.at, press.at + timedelta(days=9)), press.at)
    press.publish(article(2, title="Ferry on fire in the port of Norwick", text="300 are safe."))
    with closing(open_history(history)) as db:
        Ledger(db).claim(press.at, lease=timedelta(minutes=1), limit=9)


def forms(text):
    return set(re.findall(r'<form[^>]*action="(/actions/[^"]+)" method="post"', text))


@pytest.mark.parametrize("page", PAGES)
def test_each_page_has_its_forms_and_each_leads_somewhere(browser, page):
    found = forms(browser.get(page).text)
    assert found == PAGES[page]
    assert found <= ACTIONS.keys()


@pytest.mark.parametrize("page", PAGES)
def test_no_two_things_on_a_page_have_one_name(browser, page):
    names = re.findall(r'\sid="([^"]+)"', browser.get(page).text)
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("page", PAGES)
def test_who_did_not_log_in_gets_no_form(outside, page):
    answer = outside.get(page, host="news.example.org")
    assert forms(answer.text) == set()


def test_feedback_on_an_article_is_shown_on_its_page(browser):
    fields = {
        "article": 1,
        "pack": "harbour",
        "rule": "harbour",
        "verdict": "irrelevant",
        "note": "a <drill>",
    }
    answer = browser.send("/article/1", "/actions/feedback", back="/article/1", **fields)
    assert answer.headers["location"] == "/article/1"
    text = browser.get("/article/1").text
    assert "Kept that it is irrelevant" in text
    assert "a &lt;drill&gt;" in text


def test_a_refused_alert_is_sent_again_from_its_page(browser):
    answer = browser.send("/alert/1", "/actions/retry", alert=1, back="/alert/1")
    assert answer.status_code == 303
    text = browser.get("/alert/1").text
    assert "1 delivery to send again" in text
    assert 'class="state pending"' in text
