"""The pages of sources, as people and programs get them."""

from __future__ import annotations

import json
import re
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.core.sources.state import Condition, Diagnosis
from monitor.store.database import open_history
from monitor.store.sources import Sources
from monitor.store.wellness import Wellness
from spiders.items import CrawlReport, Entry, Kind, Outcome, Source


@pytest.fixture
def watched(press, history):
    """Three sources: one was looked at twice, one fails."""
    press.publish()
    with closing(open_history(history)) as db:
        at = press.at
        for hours, urls in ((0, (1, 2)), (1, (1, 2, 3))):
            now = at + timedelta(hours=hours)
            entries = tuple(
                Entry(f"https://herald.example/{n}", published=now - timedelta(minutes=30)) for n in urls
            )
            report = CrawlReport("l", Outcome.OK, entries=entries, status=200, seconds=0.5, size=100)
            due = now + timedelta(hours=1)
            Sources(db).save_look("herald", report, next_due=due, now=now, baseline_before=None)
        failed = CrawlReport("l", Outcome.FAILED, reason="http_503", detail="busy <now>", status=503)
        Sources(db).save_look("kurier", failed, next_due=at, now=at, baseline_before=None)
        Wellness(db).keep("kurier", Diagnosis(Condition.FAILING, "fails (http_503: busy <now>)"), at)
        Wellness(db).keep("herald", Diagnosis(Condition.OK), at)


def names(text):
    return re.findall(r'href="/source/([^"]+)"', text)


def test_the_worst_sources_come_first_with_reason_and_remedy(browser, watched):
    text = browser.get("/sources").text
    assert names(text) == ["kurier", "nashr", "herald"]
    assert "1 source needs somebody" in text
    assert "fails (http_503: busy &lt;now&gt;)" in text
    assert "<code>tumen sources test kurier</code>" in text


def test_the_list_can_be_narrowed(browser, watched):
    assert names(browser.get("/sources?condition=ok").text) == ["herald"]
    assert names(browser.get("/sources?language=ar").text) == ["nashr"]
    assert browser.get("/sources?condition=tired").status_code == 400


def test_how_soon_news_are_found_is_measured(browser, watched):
    text = browser.get("/sources").text
    assert "30 mins" in text


def test_a_source_shows_its_week_its_looks_and_delays(browser, watched):
    text = browser.get("/source/herald").text
    assert text.count("<svg") >= 2
    assert "Published by hour of the week" in text
    assert "30 mins" in text
    assert 'data-label="New"' in text


def test_the_week_is_that_of_the_readers_zone(browser, site, watched):
    here = json.loads(browser.get("/source/herald.json").text)
    there = type(browser)(replace(site, zone=ZoneInfo("Asia/Tokyo")))
    week = json.loads(there.get("/source/herald.json").text)["week"]
    assert here["week"][2][6] == 2  # Wednesday, 6:00 in UTC
    assert week[2][15] == 2
    assert week[2][6] == 0


def test_a_source_that_failed_says_how(browser, watched):
    text = browser.get("/source/kurier").text
    assert "busy &lt;now&gt;" in text
    assert 'class="bad">http_503' in text


def test_names_in_addresses_are_names(browser, press, history):
    press.publish()
    odd = "a b?&ü"
    with closing(open_history(history)) as db:
        Sources(db).sync([Source(odd, "<b>Odd</b>", "javascript:alert(1)", Kind.FEED)], press.at)
    link = names(browser.get("/sources").text)[0]
    text = browser.get(f"/source/{link}").text
    assert "&lt;b&gt;Odd&lt;/b&gt;" in text
    assert 'href="javascript' not in text
    assert browser.get("/source/..%2F..%2Fetc").status_code == 404


def test_without_sources_the_page_says_so(browser, history):
    open_history(history).close()
    assert "No source is declared" in browser.get("/sources").text
