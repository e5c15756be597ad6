"""How things stand, on one screen."""

from __future__ import annotations

import asyncio
import fcntl
import io
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from rich.console import Console

from monitor import app, control
from monitor.cli.status_page import page
from monitor.core.delivery.notices import Notice, NoticeKind
from monitor.core.delivery.silencing import Silence
from monitor.store.database import open_history, transaction
from monitor.store.lock import WriterLock
from monitor.store.notices import Notices
from monitor.store.silences import Silences
from spiders.items import Article
from tests.cli.conftest import ROOT

URL = "https://herald.example/"
INTERRUPTIBLE = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"  # a background job is not
)
WATCHING = f"{INTERRUPTIBLE}; from monitor.cli import main; main()"


@pytest.fixture
def history(take_in, folder, write, now):
    told = Article(
        f"{URL}strike", "A strike stops the port of Norwick", "1,200 dockers walked out.", "en", now
    )
    take_in(told, Article(f"{URL}rain", "Rain in Hull", "Rain. " * 200, "en", now))
    write(
        "tumen.yaml",
        "packs: [../harbour]\nchannels: {desk: {url: 'json://127.0.0.1', canary: '08:00', report: monday 08:00, "
        "digest: ['07:00'], timezone: Europe/Berlin}}\n",
    )
    return folder / "tumen.db"


def test_a_program_gets_everything_as_one_object(tumen, history):
    (found,) = tumen("status", "--json").rows
    assert (found["articles"], found["relevant"], found["alerts"], found["running"]) == (2, 1, 1, False)
    assert found["deliveries"] == {"pending": 1}
    assert found["channels"]["desk"]["waiting"] == 1
    assert found["overdue"]["source"] == "herald"
    assert found["size"] > 0
    assert found["disk_free"] > 0
    assert found["next"][0]["what"] == "look at herald"
    assert {one["what"] for one in found["next"]} == {
        "look at herald",
        "digest for desk",
        "sign of life for desk",
        "report for desk",
        "backup",
    }
    times = [datetime.fromisoformat(one["at"]) for one in found["next"]]
    assert times == sorted(times)
    assert found["last_backup"] is None


def test_people_see_a_line_for_each_thing(tumen, history):
    with closing(open_history(history)) as db:
        for subject in ("first", "second"):
            notice = Notice(NoticeKind.NETWORK_DOWN, "", f"{subject} notice \x1b[31m")
            Notices(db).begin(subject, notice, (), app.utc_now(), lasts=timedelta(hours=1))
        moment = app.utc_now()
        Silences(db).add(
            Silence(0, "me", "we know", moment, moment + timedelta(days=1), channel="desk"), moment
        )
    answer = tumen("status")
    assert (answer.code, answer.controls) == (0, set())
    labels = [line.split("  ")[0].strip() for line in answer.out.splitlines() if not line.startswith(" ")]
    assert " ".join(labels) == (
        "service looks to read messages channels history disk backup next silences notices"
    )
    lines = [line.rstrip() for line in answer.out.splitlines()]
    assert "does not run" in lines[0]
    assert [line.rpartition("  ")[2] for line in lines[-2:]] == ["first notice [31m", "second notice [31m"]
    assert any(line.endswith(": we know") for line in lines)
    assert any("desk: took none yet, 1 waiting" in line for line in lines)


def test_the_running_service_says_since_when_and_which_version(tumen, history, now):
    async def status(_):
        return {"started": now.isoformat(), "version": "7.0", "sources": 1, "packs": {"harbour": "0123"}}

    async def ask():
        async with control.listening(history, {"status": status}):
            return await asyncio.to_thread(tumen, "status")

    out = asyncio.run(ask()).out
    assert "runs since 2026-11-25 06:30 UTC" in out
    assert "version 7.0" in out
    assert "watches 1 source with harbour 0123" in out


def test_whoever_holds_the_history_without_answering_is_named(tumen, history):
    with WriterLock(history):
        out = tumen("status").out
    assert f"process {os.getpid()} holds the history" in out
    assert "does not run" not in out


def test_a_service_that_fails_at_the_question_is_no_end_of_it(tumen, history):
    async def status(_):
        raise RuntimeError

    async def ask():
        async with control.listening(history, {"status": status}):
            return await asyncio.to_thread(tumen, "status")

    answer = asyncio.run(ask())
    assert answer.code == 0
    assert "the service failed at this command" in answer.out
    assert "2 articles" in answer.out


@pytest.mark.parametrize("width", [80, 40, 30])
def test_it_fits_a_desk_and_a_phone(tumen, history, width):
    (found,) = tumen("status", "--json").rows
    screen = Console(width=width, file=io.StringIO())
    screen.print(page(found, datetime.now(UTC)))
    lines = screen.file.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    assert len(lines) < (24 if width == 80 else 70)


def test_a_channel_that_takes_nothing_and_what_was_refused_stand_out(tumen, history, now):
    with closing(open_history(history)) as db, transaction(db):
        db.execute(
            "INSERT INTO recipients (channel, recipient, failures, parked_since, last_error) "
            "VALUES ('chat', 'x', 9, '2026-11-25T06:30:00.000000Z', 'the receiver answered 404')"
        )
    out = " ".join(tumen("status").out.split())
    assert "chat: takes nothing since 2026-11-25 06:30 UTC" in out
    assert "the receiver answered 404" in out


def test_watching_needs_a_terminal(tumen, history):
    answer = tumen("status", "--watch")
    assert answer.code == 2
    assert "--watch needs a terminal" in answer.err


def test_it_is_watched_until_ctrl_c(history, folder):
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 60, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-c", WATCHING, "status", "--watch"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=os.environ | {"PYTHONPATH": str(ROOT), "TERM": "xterm"},
    )
    os.close(theirs)
    said = b""
    until = time.monotonic() + 60
    while said.count(b"does not run") < 2:
        assert time.monotonic() < until, said
        said += os.read(ours, 65536)
    process.send_signal(signal.SIGINT)
    try:
        while more := os.read(ours, 65536):
            said += more
    except OSError:  # the other end is closed
        pass
    assert process.wait(30) == 130
    os.close(ours)
    assert b"\x1b[?1049h" in said, "a screen of its own"
    assert said.rstrip().endswith(b"\x1b[?25h\x1b[?1049l"), "and both cursor and screen are back"
    assert b"Traceback" not in said


def test_a_configuration_that_is_wrong_now_hides_neither_the_history_nor_its_mistake(tumen, history, write):
    moved = history.rename(history.with_name("elsewhere.db"))
    write("tumen.yaml", f"history: {moved.name}  # not the default\nhisstory: 3\n")
    said = tumen("status")
    assert said.code == 2
    assert "2 articles" in said.out
    assert "unknown key hisstory" in said.err
    assert str(moved) in tumen("doctor", "--offline").out
