"""What a mail server's behaviour means, step by step: nothing was sent, nobody can say, or it was taken."""

from __future__ import annotations

import asyncio
import smtplib
import threading
from email import message_from_bytes, policy
from email.generator import Generator

import pytest

from monitor.core.errors import DeliveryError, Fault
from monitor.notify.attempt import Attempt
from monitor.notify.channels import Channel, Channels
from monitor.notify.mail import _Dialogue
from monitor.notify.markup import Post
from monitor.notify.message import Message, render
from tests.notify.smtp_script import CUT, IDLE, TRICKLE, ScriptedServer

BEFORE = ("GREETING", "EHLO", "MAIL", "RCPT", "DATA")  # nothing of the message was handed over yet


@pytest.fixture
def message(desk, german):
    return render(desk.update(), german)


def attempt(server, message, *, options="", timeout=5.0):
    """How one attempt ended: None if it was taken."""
    url = f"mailto://127.0.0.1:{server.port}/?from=tumen@example.org&to=anna@example.net{options}"
    channel = Channel("team", (url,))
    try:
        asyncio.run(Channels([channel], timeout=timeout).send(channel.recipients[0], message, key="k"))
    except DeliveryError as error:
        return error
    return None


@pytest.mark.parametrize("behaviour", [CUT, IDLE, TRICKLE])
@pytest.mark.parametrize("step", BEFORE)
def test_a_server_that_fails_before_the_content_has_nothing(message, step, behaviour):
    with ScriptedServer(**{step: behaviour}) as server:
        error = attempt(server, message, timeout=1.0)
        assert "CONTENT" not in server.steps
    assert (error.reason, error.fault) == ("unreachable", Fault.PASSING), (error.message, server.steps)


@pytest.mark.parametrize("behaviour", [CUT, IDLE, TRICKLE])
def test_a_server_that_fails_after_the_content_may_have_it(message, behaviour):
    with ScriptedServer(CONTENT=behaviour) as server:
        error = attempt(server, message, timeout=1.0)
        assert (error.reason, error.fault) == ("unknown", Fault.PASSING)
        assert server.steps[-1] == "CONTENT"


def test_a_server_that_is_slow_at_every_step_gets_nothing_after_the_deadline(message):
    with ScriptedServer() as server:
        server.pace = 0.15  # no single answer is late, all together are
        assert attempt(server, message, timeout=0.4).reason == "unreachable"
    assert "CONTENT" not in server.steps


@pytest.mark.parametrize("behaviour", [CUT, IDLE, TRICKLE, "500 no goodbye"])
def test_once_it_was_taken_nothing_changes_that(message, behaviour):
    with ScriptedServer(QUIT=behaviour) as server:
        assert attempt(server, message, timeout=1.0) is None
        assert len(server.mails) == 1


@pytest.mark.parametrize("step", [*BEFORE, "CONTENT"])
def test_4yz_means_later_and_not_before_five_minutes(message, step):
    with ScriptedServer(**{"HELO": "421 4.3.2 closing", step: "421 4.3.2 closing"}) as server:
        error = attempt(server, message)
        assert (error.reason, error.fault, error.retry_after) == ("smtp_421", Fault.PASSING, 300.0)


@pytest.mark.parametrize(
    ("step", "answer", "fault"),
    [
        ("GREETING", "554 5.3.2 not for you", Fault.CHANNEL),
        ("EHLO", "550 5.7.1 not for you", Fault.CHANNEL),
        ("MAIL", "553 5.1.8 sender does not exist", Fault.CHANNEL),
        ("MAIL", "530 5.7.0 authenticate first", Fault.CHANNEL),
        ("RCPT", "550 5.1.1 no such user", Fault.RECIPIENT),
        ("RCPT", "552 5.2.2 mailbox full", Fault.RECIPIENT),
        ("RCPT", "554 5.7.1 relay access denied", Fault.CHANNEL),
        ("RCPT", "530 5.7.0 authenticate first", Fault.CHANNEL),
        ("DATA", "554 5.5.1 no valid recipients", Fault.MESSAGE),
        ("CONTENT", "552 5.3.4 too big", Fault.MESSAGE),
        ("CONTENT", "554 5.7.1 looks like spam", Fault.MESSAGE),
    ],
)
def test_whose_fault_5yz_is_depends_on_the_step(message, step, answer, fault):
    with ScriptedServer(**{"HELO": answer, step: answer}) as server:
        error = attempt(server, message)
        assert (error.reason, error.fault, error.retry_after) == (f"smtp_{answer[:3]}", fault, None)
        assert answer[4:] in error.message
        assert server.mails == []


@pytest.mark.parametrize("step", BEFORE)
def test_an_answer_that_is_none_before_the_content_has_nothing(message, step):
    with ScriptedServer(**{step: "HTTP/1.1 400 Bad Request", "HELO": "what"}) as server:
        assert attempt(server, message).reason == "unreachable"


def test_an_answer_that_is_none_to_the_content_leaves_it_open(message):
    with ScriptedServer(CONTENT="ok then") as server:
        assert attempt(server, message).reason == "unknown"


@pytest.mark.parametrize(
    ("answers", "reason", "fault"),
    [
        ({}, "tls", Fault.CHANNEL),  # not offered
        ({"STARTTLS": "502 5.5.1 not here"}, "smtp_502", Fault.CHANNEL),
        ({"STARTTLS": "454 4.7.0 not now"}, "smtp_454", Fault.PASSING),
        ({"STARTTLS": "220 go on, in clear"}, "unreachable", Fault.PASSING),  # and then no handshake
        ({"STARTTLS": CUT}, "unreachable", Fault.PASSING),
    ],
)
def test_without_encryption_that_was_asked_for_nothing_is_sent(message, answers, reason, fault):
    offer = {"EHLO": "250-script\r\n250 STARTTLS"} if answers else {}
    with ScriptedServer(**offer, **answers) as server:
        url = f"mailtos://127.0.0.1:{server.port}/?from=t@example.org&to=a@example.net&mode=starttls"
        channel = Channel("team", (url,))
        with pytest.raises(DeliveryError) as caught:
            asyncio.run(Channels([channel], timeout=2.0).send(channel.recipients[0], message, key="k"))
        assert (caught.value.reason, caught.value.fault) == (reason, fault)
        assert not {"MAIL", "AUTH", "CONTENT"} & set(server.steps)


@pytest.mark.parametrize("step", [*BEFORE, "CONTENT"])
def test_a_server_that_trickles_keeps_no_thread(message, step):
    others = set(threading.enumerate())
    with ScriptedServer(**{step: TRICKLE}) as server:
        attempt(server, message, timeout=0.4)
        for thread in set(threading.enumerate()) - others:
            if thread.name == "send":
                thread.join(timeout=20)
                assert not thread.is_alive()


def test_whoever_is_given_up_before_there_is_a_connection_waits_for_no_greeting():
    given_up = Attempt()
    given_up.give_up()
    with ScriptedServer(GREETING=TRICKLE) as server, pytest.raises(smtplib.SMTPServerDisconnected):
        _Dialogue(given_up, "127.0.0.1", server.port, timeout=5.0)


def test_lines_that_begin_with_a_dot_arrive_as_they_are():
    text = ".\n..\n.hidden\nend\n"
    with ScriptedServer() as server:
        assert attempt(server, Message("s", text, "<p>.</p>", Post("s"))) is None
        (mail,) = server.mails
    assert b"\r\n..\r\n...\r\n..hidden\r\nend\r\n" in mail  # as it travels: each dot has one before it


@pytest.mark.parametrize(
    "options",
    ["&+X=a%0d%0aBcc:%20e@example.org", "&+X%0d%0aBcc:e@example.org=1", "&+X Y=1"],
)
def test_a_header_that_would_make_another_is_refused_before_anything_starts(options):
    url = f"mailto://127.0.0.1:25/?from=t@example.org&to=a@example.net{options}"
    (error,) = Channels([Channel("team", (url,))]).validate()
    assert "no mail can carry" in error.message


def test_a_name_that_would_make_a_header_is_refused_before_anything_starts():
    url = "mailto://127.0.0.1:25/?from=x%0d%0aBcc: e@example.org <t@example.org>&to=a@example.net"
    (error,) = Channels([Channel("team", (url,))]).validate()
    assert "no mail can carry" in error.message


@pytest.mark.parametrize("schema", ["json", "webhook", "form"])
@pytest.mark.parametrize("header", ["+X=a%0d%0aY: 1", "+X=ü", "+X Y=1"])
def test_a_request_gets_no_such_header_either(schema, header):
    (error,) = Channels([Channel("team", (f"{schema}://example.org/?{header}",))]).validate()
    assert "no request can carry" in error.message


def test_headers_of_the_url_that_describe_the_content_change_nothing(message):
    with ScriptedServer() as server:
        options = "&+Content-Type=text/html&+Reply-To=x@example.org&reply=z@example.org&+Auto-Submitted=no"
        assert attempt(server, message, options=options) is None
        head = server.mails[0].partition(b"\r\n\r\n")[0].lower()
    for name in (b"content-type:", b"reply-to:", b"auto-submitted:", b"message-id:", b"mime-version:"):
        assert head.count(b"\r\n" + name) == 1
    assert b"z@example.org" in head


def test_a_letter_is_divided_by_what_nobody_can_guess_and_leaves_no_pattern_behind(message, monkeypatch):
    monkeypatch.setattr(Generator, "_compile_re", lambda *_: pytest.fail("it compiled a pattern of its own"))
    boundaries = set()
    with ScriptedServer() as server:
        for _ in range(2):
            assert attempt(server, message) is None
        for mail in server.mails:
            letter = message_from_bytes(mail, policy=policy.default)
            assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]
            boundaries.add(letter.get_boundary())
    assert len(boundaries) == 2
    assert all(len(boundary) == 32 for boundary in boundaries)
