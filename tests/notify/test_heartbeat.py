"""Pings arrive in order, and whatever becomes of them is nobody's trouble."""

from __future__ import annotations

import logging
import threading
from uuid import UUID

import pytest

from monitor.notify.heartbeat import Pinger, Signal
from tests.pings import Checks

RUN = UUID("12345678-1234-5678-1234-567812345678")


@pytest.fixture
def checks():
    with Checks() as one:
        yield one


def settle(pinger):
    """Wait until the last ping has its answer, or none."""
    pinger._latest.join(30)
    assert not pinger._latest.is_alive()


@pytest.mark.parametrize(
    ("given", "signal", "path", "query"),
    [
        ("/uuid", Signal.START, "/uuid/start", {}),
        ("/uuid", Signal.GOOD, "/uuid", {}),
        ("/uuid/", Signal.BAD, "/uuid/fail", {}),
        ("/key/my-check?create=1", Signal.START, "/key/my-check/start", {"create": ["1"]}),
        ("", Signal.GOOD, "/", {}),
    ],
)
def test_a_ping_is_what_healthchecks_asks_for(checks, given, signal, path, query):
    Pinger(checks.url(given)).ping(signal, RUN, "한 줄\nand another")
    heard = checks.next()
    assert (heard.path, heard.query) == (path, {**query, "rid": [str(RUN)]})
    assert heard.text == "한 줄\nand another"
    assert heard.headers["Content-Type"].startswith("text/plain")
    assert heard.headers["User-Agent"].startswith("Tumen/")


def test_a_long_text_is_cut_between_two_letters(checks):
    Pinger(checks.url()).ping(Signal.BAD, RUN, "a" + "가" * 5000 + "\ud800")
    text = checks.next().text
    assert text == "a" + "가" * 3333
    assert len(text.encode()) == 10_000


def test_the_end_of_a_cycle_does_not_overtake_its_begin(checks):
    pinger = Pinger(checks.url())
    checks.open.clear()
    pinger.ping(Signal.START, RUN)
    pinger.ping(Signal.GOOD, RUN)
    assert checks.next().path == "/uuid/start"
    assert checks.is_silent
    checks.open.set()
    assert checks.next().path == "/uuid"


def test_pings_that_nobody_answers_do_not_pile_up(checks, caplog):
    pinger = Pinger(checks.url("/s3cret"))
    checks.open.clear()
    for _ in range(50):
        pinger.ping(Signal.START, RUN)
    assert sum(thread.name == "heartbeat" for thread in threading.enumerate()) <= 4
    assert len(caplog.messages) == 1
    assert "s3cret" not in caplog.text
    checks.open.set()
    settle(pinger)


@pytest.mark.parametrize("status", [302, 307, 404, 429, 500])
def test_a_refusal_is_said_once_and_so_is_its_end(checks, caplog, status):
    pinger = Pinger(checks.url("/s3cret"))
    checks.status = status
    with caplog.at_level(logging.DEBUG):
        for _ in range(3):
            pinger.ping(Signal.GOOD, RUN)
            settle(pinger)
            assert checks.next().path == "/s3cret"
        assert checks.is_silent, "a redirect is not followed"
        checks.status = 200
        pinger.ping(Signal.GOOD, RUN)
        settle(pinger)
    refused, taken = [record.message for record in caplog.records if record.name == "tumen.heartbeat"]
    assert refused == f"the heartbeat does not arrive: {checks.host} answers with status {status}"
    assert taken == f"{checks.host} takes heartbeats again"
    assert "s3cret" not in caplog.text


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/s3cret", "http://u:s3cret@127.0.0.1:1/", "http://a..b/s3cret"]
)
def test_a_server_that_is_not_there_is_said_without_the_address(url, caplog, capfd):
    with caplog.at_level(logging.DEBUG):
        pinger = Pinger(url)
        pinger.ping(Signal.START, RUN)
        settle(pinger)
    (line,) = [record.message for record in caplog.records if record.name == "tumen.heartbeat"]
    assert "cannot be reached" in line
    assert "s3cret" not in caplog.text
    assert "s3cret" not in "".join(capfd.readouterr())


def test_a_server_that_is_silent_is_given_up(checks, caplog):
    checks.open.clear()
    pinger = Pinger(checks.url(), timeout=0.05)
    pinger.ping(Signal.START, RUN)
    settle(pinger)
    assert "ReadTimeout" in caplog.text
