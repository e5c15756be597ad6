"""What can be changed from the pages: with the service running and without, and by whom."""

from __future__ import annotations

import asyncio
import threading
from contextlib import closing
from dataclasses import replace

import pytest

from monitor import control
from monitor.core.errors import InputError
from monitor.core.models import Verdict
from monitor.jobs.inbox import inbox_file, read_wishes
from monitor.jobs.inquiry import judgements
from monitor.jobs.silences import listing
from monitor.store import schema
from monitor.store.database import open_history, open_reader, rows
from monitor.store.lock import WriterLock
from monitor.web.actions import ACTIONS
from tests.web.conftest import PASSWORD, Browser


@pytest.fixture(autouse=True)
def published(press, article):
    press.publish(
        article(),
        article(2, title="Strike in the port of Norwick: 1,200 dockers", text="It goes on."),
        article(3, title="Ferry on fire in the port of Norwick", text="300 passengers are safe."),
    )


def follow(browser, answer):
    assert answer.status_code == 303
    return browser.get(answer.headers["location"]).text


def contents(history):
    with closing(open_reader(history)) as db:
        return {table: rows(db, f"SELECT * FROM [{table}]") for table in sorted(schema.TABLES - {"search"})}


def test_feedback_is_kept_and_said(browser, history):
    answer = browser.send(
        "/story/1", "/actions/feedback", alert=1, verdict="irrelevant", note="of 2019", back="/story/1"
    )
    assert answer.headers["location"] == "/story/1"
    assert "Kept that it is irrelevant." in follow(browser, answer)
    (one,) = judgements(history)
    assert (one.verdict, one.alert, one.note) == (Verdict.IRRELEVANT, 1, "of 2019")


def test_what_was_said_is_shown_once(browser):
    follow(browser, browser.send("/story/1", "/actions/feedback", alert=1, back="/story/1"))
    assert "Kept that" not in browser.get("/story/1").text


def test_feedback_becomes_an_example_of_the_pack(site, history):
    folder = history.parent
    browser = Browser(replace(site, folder=folder))
    said = follow(
        browser, browser.send("/story/1", "/actions/feedback", article=3, verdict="missed", rule="harbour")
    )
    assert "inbox/harbour.yaml" in said
    (wish,) = read_wishes(inbox_file(folder, "harbour"))
    assert wish.must_fire


def test_feedback_is_kept_although_the_inbox_cannot_be_written(site, history):
    (history.parent / "inbox").write_text("in the way")
    browser = Browser(replace(site, folder=history.parent))
    assert "It is no example of the pack yet" in follow(
        browser, browser.send("/story/1", "/actions/feedback", alert=1)
    )
    assert len(judgements(history)) == 1


def test_a_story_can_be_kept_silent_and_told_again(browser, history):
    fields = {"story": 1, "for": "2h", "reason": "we are <b>writing</b> about it"}
    said = follow(browser, browser.send("/story/1", "/actions/silence", **fields))
    assert "Silence 1 holds until 25 Nov 2026, 14:30" in said
    ((one, _),) = listing(history)
    assert (one.story, one.reason) == (1, "we are <b>writing</b> about it")
    assert "Silence 1 ended" in follow(browser, browser.send("/story/1", "/actions/end-silence", silence=1))
    assert "0 deliveries to send" in follow(
        browser, browser.send("/story/1", "/actions/replay-silence", silence=1)
    )


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"story": 1, "for": "2h"}, "needs a reason"),
        ({"story": 99, "for": "2h", "reason": "x"}, "there is no story 99"),
        ({"story": "x", "for": "2h", "reason": "x"}, "is no number of a story"),
        ({"source": "nobody", "for": "2h", "reason": "x"}, "there is no source"),
        ({"channel": "nobody", "for": "2h", "reason": "x"}, "there is no channel"),
        ({"rule": "nobody", "for": "2h", "reason": "x"}, "there is no rule"),
        ({"story": 1, "for": "soon", "reason": "x"}, "a duration is a number"),
        ({"story": 1, "for": "2h", "reason": "x" * 2001}, "has more than 2000 characters"),
    ],
)
def test_a_silence_that_cannot_be_is_refused_with_a_reason(browser, history, fields, says):
    said = follow(browser, browser.send("/story/1", "/actions/silence", **fields))
    assert says in said
    assert 'role="alert"' in said
    assert listing(history) == ()


def test_stories_are_merged_and_split(browser, history):
    said = follow(
        browser,
        browser.send("/story/2", "/actions/merge", story=2, into=1, note="both burn", back="/story/1"),
    )
    assert "Story 2 is part of story 1 now, with 1 article." in said
    said = follow(
        browser, browser.send("/story/1", "/actions/split", story=1, **{"article-3": "on"}, back="/story/1")
    )
    assert "is new, with 1 article of story 1" in said


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("merge", {"story": 1, "into": 1}),
        ("merge", {"story": 1, "into": 77}),
        ("merge", {"story": 1}),
        ("split", {"story": 1}),
        ("split", {"story": 1, "article-99": "on"}),
        ("end-silence", {"silence": 5}),
        ("end-silence", {}),
        ("feedback", {"alert": 99}),
        ("feedback", {}),
        ("feedback", {"alert": 1, "verdict": "maybe"}),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(browser, history, action, fields):
    before = contents(history)
    assert 'role="alert"' in follow(browser, browser.send("/story/1", f"/actions/{action}", **fields))
    assert contents(history) == before


def test_what_did_not_arrive_is_sent_again(browser, history):
    with closing(open_history(history)) as db:
        db.conn.execute("UPDATE deliveries SET state = 'dead' WHERE alert = 1")
        db.conn.commit()
    assert "1 delivery to send again" in follow(browser, browser.send("/story/1", "/actions/retry", alert=1))
    with closing(open_reader(history)) as db:
        assert [row["state"] for row in rows(db, "SELECT state FROM deliveries WHERE alert = 1")] == [
            "pending"
        ]


@pytest.mark.parametrize("address", sorted(ACTIONS))
def test_nothing_is_changed_without_the_token_of_a_page(browser, history, address):
    before = contents(history)
    fields = {"alert": 1, "story": 1, "into": 2, "silence": 1, "for": "1h", "reason": "x", "article-1": "on"}
    assert browser.post(address, fields).status_code == 403
    token = browser.token("/story/1")
    assert browser.post(address, fields | {"csrftoken": token[:-1]}).status_code == 403
    assert (
        browser.post(address, fields | {"csrftoken": token}, origin="https://evil.example").status_code == 403
    )
    assert browser.get(address, params=fields | {"csrftoken": token}).status_code == 405
    browser.cookies.clear()
    assert browser.post(address, fields | {"csrftoken": token}).status_code == 403
    assert contents(history) == before


@pytest.mark.parametrize("address", sorted(ACTIONS))
def test_with_a_password_only_who_gave_it_changes_anything(site, history, address):
    browser = Browser(replace(site, access=replace(site.access, password=PASSWORD)))
    before = contents(history)
    assert "Correct it" not in browser.get("/story/1").text
    token = browser.token("/login")
    assert browser.post(address, {"csrftoken": token, "alert": 1}).status_code == 403
    assert contents(history) == before


def test_with_the_password_it_is_done(site, history):
    browser = Browser(replace(site, access=replace(site.access, password=PASSWORD)))
    browser.send("/login", "/login", password=PASSWORD)
    assert "Kept that it is irrelevant" in follow(
        browser, browser.send("/story/1", "/actions/feedback", alert=1)
    )


def test_a_form_of_an_older_server_is_explained(browser, site):
    token = browser.token("/story/1")
    answer = Browser(site).post("/actions/retry", {"csrftoken": token})
    assert answer.status_code == 403
    assert "This page was older" in answer.text


@pytest.mark.parametrize("back", ["https://evil.example", "//evil.example", "javascript:alert(1)", "/a\nb"])
def test_after_a_form_nobody_is_led_elsewhere(browser, back):
    assert browser.send("/story/1", "/actions/retry", back=back).headers["location"] == "/"


def test_the_running_service_does_it_where_one_runs(browser, history):
    """It holds the lock, so nothing else could write."""
    heard = []

    async def answer(arguments):
        heard.append(arguments)
        if arguments["note"]:
            raise InputError("not that", remedy="something else")
        return {"id": 7}

    begun, ended = threading.Event(), threading.Event()

    async def listen():
        async with control.listening(history, {"feedback": answer}):
            begun.set()
            await asyncio.to_thread(ended.wait)

    service = threading.Thread(target=lambda: asyncio.run(listen()))
    with WriterLock(history):
        service.start()
        begun.wait()
        try:
            page = browser.send("/story/1", "/actions/feedback", alert=1)
            assert "Kept that it is irrelevant." in follow(browser, page)
            page = browser.send("/story/1", "/actions/feedback", alert=1, note="x")
            assert "not that – something else" in follow(browser, page)
        finally:
            ended.set()
            service.join()
    assert [one["alert"] for one in heard] == [1, 1]


def test_a_history_that_something_else_writes_is_left_alone(browser, history):
    with WriterLock(history):
        said = follow(browser, browser.send("/story/1", "/actions/feedback", alert=1))
    assert "is writing this history" in said
    assert judgements(history) == ()
