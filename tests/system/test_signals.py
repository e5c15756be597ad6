"""Whoever asks the service to end does not wait: whatever hangs, and without losing or repeating anything."""

from __future__ import annotations

import signal
import threading

import pytest

from monitor.demo.inbox import Inbox
from tests.crawl.site import Reply
from tests.system import processes
from tests.system.desk import PATIENCE, mails, repeated, told
from tests.system.processes import wait_until
from tests.system.town import page


def hang(paper, path):
    """Let this address take every question and answer none; the event that is set by the first one."""
    asked = threading.Event()

    def answer(_):
        asked.set()
        return Reply(b"at last", wait=3600)

    paper.site.put(path, answer)
    return asked


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_ends_it_although_a_source_hangs(number, code, desk, small, inbox):
    hanging = small.paper("sleeper")
    asked = hang(hanging, "/feed")
    desk.watch(small, inbox, crawl={"timeout": "60s", "deadline": "120s"})
    service = desk.serve()
    desk.wait_for(lambda: asked.is_set() and desk.has_read(len(small.pieces)), service)

    assert desk.stop(service, number) == code
    assert processes.are_gone(desk.mark)

    before = told(inbox)
    service = desk.serve()
    asked.clear()
    asked_before = small.asked()
    desk.wait_for(lambda: asked.is_set() and small.asked() >= asked_before + 6, service, "it looks again")
    assert desk.stop(service, number) == code
    assert told(inbox) == before
    assert not repeated(inbox)


def test_sigterm_ends_it_although_a_page_hangs_and_the_page_is_read_later(desk, small, inbox):
    paper = small.papers[0]
    url, piece = paper.url(paper.pieces[0]), paper.pieces[0]
    asked = hang(paper, f"/{piece.name}.html")
    desk.watch(small, inbox, crawl={"timeout": "60s", "deadline": "120s"})
    service = desk.serve()
    desk.wait_for(asked.is_set, service)
    assert desk.stop(service) == 143

    paper.site.put(f"/{piece.name}.html", Reply(page(piece), headers={"Content-Type": "text/html"}))
    service = desk.serve()
    desk.wait_for(lambda: desk.has_read(len(small.pieces)), service)
    assert desk.stop(service) == 143
    assert {row["url"] for row in desk.rows("SELECT url FROM articles")} >= {url}
    assert not repeated(inbox)


def test_sigterm_ends_it_although_a_mail_server_says_nothing(desk, small):
    inbox = Inbox()  # its port takes calls from now on, and nobody answers them until it is entered
    desk.watch(small, inbox)
    service = desk.serve()
    desk.wait_for(desk.in_flight, service, "a mail is on its way")
    assert desk.stop(service) == 143

    with inbox:
        service = desk.serve()
        desk.wait_for(lambda: desk.has_read(len(small.pieces)), service)
        assert desk.stop(service) == 143
        assert set(told(inbox)) == set(desk.alerts().values())
        assert not repeated(inbox), "what never went out must not be sent twice"


def test_sigterm_ends_it_although_a_mail_server_does_not_confirm(desk, small):
    came, answers = threading.Event(), threading.Event()

    def keep_waiting(_):
        came.set()
        answers.wait(PATIENCE)

    with Inbox(on_message=keep_waiting) as inbox:
        try:
            desk.watch(small, inbox)
            service = desk.serve()
            desk.wait_for(came.is_set, service)
            assert desk.stop(service) == 143
            in_flight = desk.in_flight()
        finally:
            answers.set()
        wait_until(lambda: len(mails(inbox)) == 1, 5)
        service = desk.serve()
        desk.wait_for(lambda: desk.has_read(len(small.pieces)), service)
        assert desk.stop(service) == 143
        assert set(told(inbox)) == set(desk.alerts().values())
        assert repeated(inbox) == in_flight, (
            "nobody knows whether it arrived, so it is sent again, as the same mail"
        )
