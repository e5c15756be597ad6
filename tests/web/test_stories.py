"""The first page, the list of stories and a story, as people and programs get them."""

from __future__ import annotations

import html
import re
from contextlib import closing
from datetime import timedelta

import pytest

from monitor.store.database import open_history
from monitor.store.regrouping import Regrouping
from monitor.store.stories import Stories

HOSTILE = "<script>alert(1)</script> Strike in the port of Norwick \u202egnihtemos\u202c & \"quotes\" 'x' 🚢 é\u0301"


@pytest.fixture
def strike(press, article):
    press.publish(
        article(),
        article(2, title="Strike in the port of Norwick: 1,200 dockers", text="It goes on.", language="de"),
        article(
            3, title="Ferry on fire in the port of Norwick", text="300 passengers are safe.", language=None
        ),
    )


def test_before_there_is_a_history_the_pages_say_so(browser):
    for page in ("/", "/stories", "/story/1"):
        answer = browser.get(page)
        assert answer.status_code == 200
        assert "Nothing was found yet" in answer.text


def test_an_empty_history_has_empty_pages(browser, history):
    open_history(history).close()
    assert "Nothing was told yet" in browser.get("/").text
    assert "There are no stories" in browser.get("/stories").text


def test_the_first_page_tells_what_happened_and_what_is_new(browser, strike):
    text = browser.get("/").text
    assert "Wednesday, 25 November 2026" in text
    assert "Strike stops all work in the port of Norwick" in text
    assert re.search(r"<b>dockers</b>: <bdi>800 → 1,200</bdi>", text)
    assert 'href="/story/1"' in text
    assert "<svg" in text


def test_the_first_page_can_be_narrowed(browser, strike):
    assert browser.get("/?language=de").text.count('class="item"') == 1
    assert browser.get("/?severity=high").text.count('class="item"') == 2
    assert "Nothing was told that fits" in browser.get("/?severity=urgent").text


@pytest.mark.parametrize(
    "query", ["severity=loud", "language=<b>", "pack=nothing", "before=x", "before=-1", f"before={2**70}"]
)
def test_what_cannot_be_chosen_is_said_in_one_sentence(browser, strike, query):
    answer = browser.get(f"/?{query}")
    assert answer.status_code == 400
    assert "This cannot be answered" in answer.text


def test_a_story_shows_how_it_went(browser, strike):
    text = browser.get("/story/1").text
    assert "How it went" in text
    assert "Where the figures stand" in text
    assert text.index("800") < text.index("1,200")
    assert "The Herald" in text
    assert '<time datetime="2026-11-25T06:30:00+00:00"' in text
    assert "Ferry on fire" not in text


def test_a_story_that_does_not_exist_is_not_found(browser, strike):
    answer = browser.get("/story/99")
    assert answer.status_code == 404
    assert "there is no story 99" in answer.text.lower()


@pytest.mark.parametrize("number", ["0", "9" * 30])
def test_a_number_that_is_no_key_is_not_found(browser, strike, number):
    assert browser.get(f"/story/{number}").status_code == 404


def test_a_story_that_was_merged_leads_to_the_one_it_is_part_of(browser, strike, history, press):
    with closing(open_history(history)) as db:
        Regrouping(db).merge(2, 1, now=press.at, note="one & the same")
    text = browser.get("/story/2").text
    assert "story 2 is part of it" in text
    assert "story 2 was merged into this one" in text
    assert "one &amp; the same" in text


def test_pages_are_the_same_for_programs(browser, strike):
    lately = browser.get("/index.json").json()
    assert [one["story"] for day in lately["days"] for one in day["developments"]] == [2, 1]
    assert [one["id"] for one in browser.get("/stories.json").json()["stories"]] == [2, 1]
    story = browser.get("/story/1.json").json()
    assert story["story"]["articles"] == 2
    assert story["courses"][0]["concept"] == "dockers"
    assert browser.get("/story/99.json").status_code == 404


def test_times_are_in_the_readers_zone(strike, browser):
    assert "06:30" in browser.get("/story/1").text


def test_copies_are_counted_and_not_listed(browser, press, article):
    copies = [article(number) for number in range(1, 60)]
    press.publish(*copies, every=timedelta(seconds=20))
    text = browser.get("/story/1").text
    assert "+ 58 repeats" in text
    assert text.count("<li") < 60


def test_a_long_list_of_stories_goes_on_at_the_next_page(browser, history, strike):
    with closing(open_history(history)) as db:
        db.conn.executemany(
            "INSERT INTO stories (title, pack, opened_at, last_at) VALUES (?, 'harbour', '2026-11-01', ?)",
            [(f"Story {number}", f"2026-11-02T00:00:00.{number % 7:06}Z") for number in range(120)],
        )
        db.conn.commit()
    seen, page = [], "/stories"
    while page:
        text = browser.get(page).text
        seen += re.findall(r'class="head"><a href="/story/(\d+)"', text)
        following = re.search(r'href="(/stories\?before=\d+)" rel="next"', text)
        page = following and following[1]
    assert len(seen) == len(set(seen)) == 122


def test_what_a_page_of_the_web_says_acts_nowhere(browser, press, article):
    press.publish(article(title=HOSTILE, url='https://herald.example/"><script>alert(2)</script>'))
    for page in ("/", "/stories", "/story/1"):
        text = browser.get(page).text
        assert "<script>alert" not in text
        assert "\u202e" not in text
        assert "&lt;script&gt;alert(1)&lt;/script&gt; Strike" in text
        assert '<bdi dir="auto"' in text


def test_what_copies_count_is_not_read_for_the_page(press, article, history):
    press.publish(article(1), article(2), article(3))
    with closing(open_history(history)) as db:
        whole = Stories(db).timeline(1)
        page = Stories(db).timeline(1, figures_of_repeats=False)
    assert [len(report.figures) for report in whole.reports] == [1, 1, 1]
    assert [len(report.figures) for report in page.reports] == [1, 0, 0]


def test_a_title_stands_in_its_own_language_and_direction(browser, press, article):
    press.publish(
        article(title="إضراب dockers في port of Norwick: strike", language="ar"), article(2, language="de")
    )
    for page in ("/", "/stories", "/story/1"):
        assert '<bdi dir="auto" lang="ar">إضراب dockers' in browser.get(page).text


def test_of_a_title_without_an_end_the_beginning_is_shown(browser, press, article):
    title = f"Strike in the port of Norwick {'Ü' * 500}"
    press.publish(article(title=title))
    for page in ("/", "/stories"):
        text = browser.get(page).text
        assert f'title="{title}"' in text
        assert len(max(re.findall("Ü+", text.replace(f'title="{title}"', "")), key=len)) < 200
    assert title in browser.get("/story/1").text


@pytest.mark.parametrize(
    ("page", "feed"),
    [
        ("/", "/feeds/atom/all"),
        ("/?pack=harbour", "/feeds/atom/pack/harbour"),
        ("/stories?pack=harbour", "/feeds/atom/pack/harbour"),
        ("/story/1", "/feeds/atom/story/1"),
        ("/rule/harbour/harbour", "/feeds/atom/rule/harbour/harbour"),
        ("/search?q=strike+OR+%22ferry%22&language=de", "/feeds/atom/search?q=%28"),
    ],
)
def test_a_page_names_the_feed_of_what_it_shows(browser, strike, page, feed):
    text = browser.get(page).text
    named = re.findall(r'<link rel="alternate" href="([^"]+)"', text)[-1]
    assert named.startswith(feed)
    assert f'<a class="feed" href="{named}"' in text
    assert browser.get(html.unescape(named)).status_code == 200


def test_where_a_page_belongs_is_marked_in_the_navigation(browser, strike):
    assert '<a href="/stories" aria-current="page">' in browser.get("/stories").text
    assert '<a href="/stories" aria-current="true">' in browser.get("/story/1").text
    assert "aria-current" not in browser.get("/article/1").text
