"""The pages of alerts, as people get them."""

from __future__ import annotations

import re
from contextlib import closing
from datetime import timedelta

import pytest

from monitor.core.delivery.parking import RecipientState
from monitor.core.delivery.silencing import Silence
from monitor.store.database import open_history
from monitor.store.ledger import Ledger
from monitor.store.silences import Silences


@pytest.fixture
def ledger(press, article, history):
    """Two alerts; the first was refused by a receiver that is parked since."""
    press.publish(article(), article(2, title="Ferry on fire in the port of Norwick", text="300 are safe."))
    with closing(open_history(history)) as db:
        at = press.at
        (bundle,) = Ledger(db).claim(at, lease=timedelta(minutes=1), limit=1)
        parked = RecipientState(5, at + timedelta(minutes=9), at, "no such <chat>")
        Ledger(db).failed(bundle.ids, at, error="no such <chat>", retry_at=None, recipient=parked)
        silence = Silence(0, "anna", "we write <about> it", at, at + timedelta(days=9), channel="desk")
        Silences(db).add(silence, at)


def shown(text):
    return re.findall(r'<h3><a href="/alert/(\d+)">', text)


def test_alerts_are_listed_newest_first_with_what_became_of_each(browser, ledger):
    text = browser.get("/alerts").text
    assert shown(text) == ["2", "1"]
    assert 'class="state dead"' in text
    assert "no such &lt;chat&gt;" in text


def test_what_stands_around_them_is_there(browser, ledger):
    text = browser.get("/alerts").text
    assert "parked</span> since" in text
    assert "we write &lt;about&gt; it" in text
    assert "channel desk; keeps back 0 deliveries" in text


def test_the_list_can_be_narrowed(browser, ledger):
    assert shown(browser.get("/alerts?state=dead").text) == ["1"]
    assert shown(browser.get("/alerts?state=pending&channel=desk").text) == ["2"]
    assert shown(browser.get("/alerts?state=sent").text) == []
    assert shown(browser.get("/alerts?severity=high&pack=harbour").text) == ["2", "1"]
    assert "No alert is like that" in browser.get("/alerts?channel=%27+OR+1=1").text


@pytest.mark.parametrize(
    "query", ["state=lost", "severity=loud", "before=x", f"before={2**70}", "channel=" + "x" * 2000]
)
def test_what_cannot_be_chosen_is_said(browser, ledger, query):
    answer = browser.get(f"/alerts?{query}")
    assert answer.status_code == 400
    assert "This cannot be answered" in answer.text


def test_one_alert_leads_to_its_article_and_story(browser, ledger):
    text = browser.get("/alert/1").text
    assert 'href="/article/1"' in text
    assert 'href="/story/1"' in text
    assert "1 attempt" in text


def test_older_alerts_are_on_the_next_page(browser, press, article, monkeypatch):
    monkeypatch.setattr("monitor.store.views.alerts.PAGE", 1)
    press.publish(article(), article(2, title="Ferry on fire in the port of Norwick", text="300 are safe."))
    first = browser.get("/alerts").text
    assert shown(first) == ["2"]
    link = re.search(r'href="([^"]+)" rel="next"', first)[1]
    second = browser.get(link.replace("&amp;", "&")).text
    assert shown(second) == ["1"]
    assert 'rel="next"' not in second


def test_an_empty_ledger_says_so(browser, history):
    open_history(history).close()
    assert "Nothing was told yet" in browser.get("/alerts").text
