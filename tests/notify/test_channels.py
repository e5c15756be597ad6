"""Messages on their way: a real mail server and real web servers on loopback, in good and bad moods."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import smtplib
import ssl
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import requests
from apprise.plugins.custom_json import NotifyJSON

from monitor.core.delivery.deliveries import Recipient
from monitor.core.errors import DeliveryError, Fault
from monitor.core.topic import Severity
from monitor.notify import failures
from monitor.notify.attempt import Abandoned, Attempt
from monitor.notify.channels import Channel, Channels
from monitor.notify.message import render, render_notice
from tests.notify.sending import send

SECRET = "s3cr3t-t0ken"


@pytest.fixture
def message(desk, german):
    return render(desk.update(), german)


def mailbox(inbox, options="from=tumen@example.org&to=anna@example.net"):
    return f"mailto://127.0.0.1:{inbox.port}/?{options}"


def refused(url, message, **options):
    with pytest.raises(DeliveryError) as caught:
        send(url, message, **options)
    assert (
        SECRET not in f"{caught.value} {caught.value!r} {caught.value.__cause__} {caught.value.__context__}"
    )
    return caught.value


def test_a_mail_arrives_whole(inbox, message):
    send(mailbox(inbox), message)
    (letter,) = inbox.letters
    mail = letter.mail
    assert letter.recipients == ["anna@example.net"]
    assert letter.sender == "tumen@example.org"
    assert mail["From"] == "Tumen <tumen@example.org>"
    assert mail["Subject"] == message.subject
    for header in (
        "Subject",
        "Message-ID",
        "From",
        "To",
        "Date",
        "References",
        "In-Reply-To",
        "MIME-Version",
    ):
        assert len(mail.get_all(header)) == 1, header
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert mail.get_body(("plain",)).get_content().replace("\r\n", "\n") == message.text
    assert mail.get_body(("html",)).get_content().replace("\r\n", "\n") == message.html


def test_the_message_id_belongs_to_the_delivery_and_the_thread_to_the_story(inbox, desk, german, message):
    for key, sent in (("a", message), ("a", message), ("b", render(desk.alert(id=43), german))):
        send(mailbox(inbox), sent, key=key)
    ids = [letter.mail["Message-ID"] for letter in inbox.letters]
    assert ids[0] == ids[1] != ids[2]
    assert len({letter.mail["References"] for letter in inbox.letters}) == 1


def test_an_urgent_mail_is_marked_as_important_and_a_notice_has_no_thread(inbox, desk, german):
    send(mailbox(inbox), render(desk.alert(severity=Severity.URGENT), german))
    send(mailbox(inbox), render_notice("Test", ["Das ist ein Test."], german))
    urgent, notice = (letter.mail for letter in inbox.letters)
    assert urgent["Importance"] == "high"
    assert notice["References"] is None
    assert notice["Importance"] is None


@pytest.mark.parametrize("script", ["korean", "arabic"])
def test_every_script_survives_the_mail(inbox, desk, german, script):
    sent = render(desk.alert(getattr(desk, script), (("x", "x"),)), german)
    send(mailbox(inbox), sent)
    mail = inbox.letters[0].mail
    assert mail["Subject"] == sent.subject
    assert mail.get_body(("plain",)).get_content().replace("\r\n", "\n") == sent.text


def test_a_hostile_title_adds_no_header_and_no_recipient(inbox, desk, german):
    title = "Troops\r\nBcc: evil@example.org\r\nSubject: x\r\n\r\nbody \ud83d\x00" + "long " * 1000
    send(mailbox(inbox), render(desk.alert(replace(desk.german, title=title)), german))
    (letter,) = inbox.letters
    assert letter.recipients == ["anna@example.net"]
    assert letter.mail["Bcc"] is None
    assert len(letter.mail.get_all("Subject")) == 1


def test_headers_of_the_url_are_added_but_replace_none_of_ours(inbox, message):
    send(
        mailbox(inbox, "from=t@example.org&to=a@example.net&+X-Team=ops&+Message-ID=<x@y>&+Subject=z"),
        message,
    )
    mail = inbox.letters[0].mail
    assert mail["X-Team"] == "ops"
    assert mail.get_all("Subject") == [message.subject]
    assert "<x@y>" not in mail.get_all("Message-ID")


def test_greylisting_means_later(inbox, message):
    inbox.rcpt = "451 4.7.1 greylisted, try again"
    error = refused(mailbox(inbox), message)
    assert (error.reason, error.fault, error.retry_after) == ("smtp_451", Fault.PASSING, 300.0)
    assert "greylisted" in str(error)
    assert inbox.attempts == 1


def test_an_unknown_mailbox_means_never(inbox, message):
    inbox.rcpt = "550 5.1.1 no such user"
    error = refused(mailbox(inbox), message)
    assert (error.reason, error.fault, error.retry_after) == ("smtp_550", Fault.RECIPIENT, None)


def test_a_server_that_will_not_relay_is_for_a_person_to_mend(inbox, message):
    inbox.rcpt = "554 5.7.1 <anna@example.net>: Relay access denied"
    assert refused(mailbox(inbox), message).fault is Fault.CHANNEL


def test_a_server_that_refuses_the_sender_loses_no_alert(inbox, message):
    inbox.mail = "550 5.7.1 sender not allowed"
    error = refused(mailbox(inbox), message)
    assert (error.reason, error.fault) == ("smtp_550", Fault.CHANNEL)


def test_a_message_refused_after_its_content_is_judged_by_its_code(inbox, message):
    inbox.data = "554 5.7.1 looks like spam"
    assert refused(mailbox(inbox), message).fault is Fault.MESSAGE
    inbox.data = "452 4.3.1 mailbox full"
    assert refused(mailbox(inbox), message).fault is Fault.PASSING
    assert inbox.letters == []


def test_a_connection_that_breaks_before_the_answer_leaves_it_open(inbox, message):
    inbox.drop = True
    error = refused(mailbox(inbox), message)
    assert (error.reason, error.fault) == ("unknown", Fault.PASSING)


def test_a_mail_server_that_does_not_answer_leaves_it_open(inbox, message):
    inbox.pause = 1.0
    started = time.monotonic()
    error = refused(mailbox(inbox), message, timeout=0.5)
    assert error.reason == "unknown"
    assert time.monotonic() - started < 5


def test_a_mail_server_that_is_not_there_is_unreachable(message):
    assert (
        refused("mailto://127.0.0.1:1/?from=t@example.org&to=a@example.net", message).reason == "unreachable"
    )


def test_a_server_without_encryption_is_not_trusted_with_a_password(inbox, message):
    url = f"mailtos://user:{SECRET}@127.0.0.1:{inbox.port}/?from=t@example.org&to=a@example.net&mode=starttls"
    error = refused(url, message)
    assert (error.reason, error.fault) == ("tls", Fault.CHANNEL)
    assert inbox.letters == []


def test_a_refused_login_is_for_a_person_to_mend(locked_inbox, message):
    url = f"mailto://user:{SECRET}@127.0.0.1:{locked_inbox.port}/?from=t@example.org&to=a@example.net"
    error = refused(url, message)
    assert (error.reason, error.fault) == ("smtp_535", Fault.CHANNEL)
    assert "password" in error.remedy


@pytest.mark.parametrize("schema", ["json", "xml", "form"])
def test_a_webhook_gets_title_lines_and_an_id(web, message, schema):
    send(web.url("200", schema), message)
    ((_, _, body),) = web.requests
    assert web.headers[0]["Webhook-Id"]
    if schema == "json":
        said = json.loads(body)
        assert said["title"] == message.subject
        assert said["message"].replace("\r\n", "\n") == message.short


@pytest.mark.parametrize(
    ("path", "reason", "fault", "retry_after"),
    [
        ("302", "http_302", Fault.CHANNEL, None),
        ("400", "http_400", Fault.MESSAGE, None),
        ("401", "http_401", Fault.CHANNEL, None),
        ("404", "http_404", Fault.CHANNEL, None),
        ("410", "http_410", Fault.CHANNEL, None),
        ("413", "http_413", Fault.MESSAGE, None),
        ("422", "http_422", Fault.MESSAGE, None),
        ("429/7", "http_429", Fault.PASSING, 7.0),
        ("429/9999999", "http_429", Fault.PASSING, 9999999.0),
        ("429/soon", "http_429", Fault.PASSING, None),
        ("500", "http_500", Fault.PASSING, None),
        ("503/2", "http_503", Fault.PASSING, 2.0),
    ],
)
def test_a_webhooks_status_decides(web, message, path, reason, fault, retry_after):
    error = refused(web.url(path), message)
    assert (error.reason, error.fault, error.retry_after) == (reason, fault, retry_after)
    assert len(web.requests) == 1  # no redirect is followed, nothing is tried again


def test_redirects_retries_and_indifference_cannot_be_asked_for_in_the_url(web, message):
    assert refused(web.url("302?redirect=yes&retry=3&optional=yes"), message).reason == "http_302"
    assert len(web.requests) == 1


def test_retry_after_may_be_a_date(web, message):
    when = format_datetime(datetime.now(UTC) + timedelta(minutes=2), usegmt=True)
    error = refused(web.url(f"429/{when}".replace(" ", "%20")), message)
    assert error.retry_after is not None
    assert 60 < error.retry_after <= 120


@pytest.mark.parametrize(
    ("body", "seconds"),
    [
        (b'{"retry_after": 3}', 3.0),
        (b'{"parameters": {"retry_after": 3}}', 3.0),
        (b'{"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 3000}', 3.0),
        (b'{"retry_after": "soon"}', None),
        (b'{"retry_after_ms": null}', None),
        (b"[" * 100_000, None),
        (b"\xff", None),
    ],
)
def test_retry_after_may_stand_in_the_answer(web, message, body, seconds):
    web.body = body
    assert refused(web.url("429"), message).retry_after == seconds


@pytest.mark.parametrize("path", ["hang", "trickle", "drop"])
def test_a_webhook_that_does_not_answer_leaves_it_open(web, message, path):
    started = time.monotonic()
    error = refused(web.url(path), message, timeout=0.6)
    assert (error.reason, error.fault) == ("unknown", Fault.PASSING)
    assert time.monotonic() - started < 3


def test_a_webhook_that_is_not_there_is_unreachable(message):
    assert refused(f"json://127.0.0.1:1/{SECRET}", message).reason == "unreachable"


def test_a_webhook_with_a_wrong_certificate_is_not_trusted(inbox, message):
    # The mail server greets in clear where a TLS handshake is expected.
    assert refused(f"jsons://127.0.0.1:{inbox.port}/{SECRET}", message).reason in (
        "tls",
        "unreachable",
        "unknown",
    )


def test_after_giving_up_nothing_is_sent_any_more():
    attempt = Attempt()
    attempt.give_up()
    with pytest.raises(Abandoned):
        attempt.begin()
    assert isinstance(Abandoned(), requests.RequestException)


def test_a_cancelled_call_is_given_up(web, message):
    async def start_and_stop(channels, recipient):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await channels.send(recipient, message, key="k")

    channel = Channel("team", (web.url("hang"),))
    asyncio.run(start_and_stop(Channels([channel], timeout=0.6), channel.recipients[0]))


def test_messages_to_one_service_are_spaced_as_it_asks_and_others_do_not_wait(web, message, monkeypatch):
    monkeypatch.setattr(NotifyJSON, "request_rate_per_sec", 0.3)
    slow = Channel("slow", (web.url("200/1"),))
    other = Channel("other", (web.url("200/2"),))
    channels = Channels([slow, other])

    async def all_at_once():
        started = time.monotonic()

        async def one(channel):
            await channels.send(channel.recipients[0], message, key="k")
            return time.monotonic() - started

        return await asyncio.gather(one(slow), one(slow), one(slow), one(other))

    first, second, third, elsewhere = asyncio.run(all_at_once())
    assert second - first >= 0.29
    assert third - second >= 0.29
    assert elsewhere < second


def test_services_that_never_finish_hold_up_no_other(web, message):
    """Apprise's own threads would all be taken."""
    slow = [Channel(f"slow-{number}", (web.url("trickle"),)) for number in range(40)]
    good = Channel("good", (web.url("200"),))
    channels = Channels([*slow, good], timeout=2.0)

    async def all_at_once():
        sending = (
            channels.send(channel.recipients[0], message, key=channel.name) for channel in [*slow, good]
        )
        return await asyncio.gather(*sending, return_exceptions=True)

    *slow_ones, arrived = asyncio.run(all_at_once())
    assert {error.reason for error in slow_ones} == {"unknown"}
    assert arrived is None


def test_one_url_is_one_recipient():
    found = Channels(
        [
            Channel("none", ()),
            Channel("many", ("mailto://u:pw@example.org?to=a@example.org,b@example.org",)),
            Channel("copies", ("mailto://u:pw@example.org?to=a@example.org&cc=b@example.org",)),
            Channel("rooms", ("slack://TJ98N1J4C/B2938479/abcdefghijklmnopqrstuvwx/#one/#two",)),
            Channel("twice", ("json://example.org/a", "json://example.org/a")),
            Channel("odd", ("no url", "unknown://x", f"slack://{SECRET}")),
            Channel("sealed", ("mailto://u:pw@example.org?to=a@example.org&pgp=encrypt",)),
            Channel("good", ("mailto://u:pw@example.org?to=a@example.org", "json://example.org/a")),
        ]
    ).validate()
    said = "\n".join(map(str, found))
    assert [error.where.split()[1].strip(",") for error in found] == [
        "none",
        "many",
        "copies",
        "rooms",
        "twice",
        "odd",
        "odd",
        "odd",
        "sealed",
    ]
    assert "list them separately" in said
    assert SECRET not in said
    assert "pw@" not in said
    assert all(error.exit_code == 2 for error in found)


def test_sending_to_a_bad_address_names_the_remedy(message):
    error = refused("mailto://u:pw@example.org?to=a@example.org,b@example.org", message)
    assert (error.reason, error.fault) == ("address", Fault.CHANNEL)
    assert "separately" in error.remedy


def test_a_recipient_that_was_removed_is_dead(message):
    with pytest.raises(DeliveryError) as caught:
        asyncio.run(Channels([]).send(Recipient("team", "abc"), message, key="k"))
    assert (caught.value.reason, caught.value.fault) == ("no_channel", Fault.RECIPIENT)


def test_recipients_are_known_by_a_digest_and_described_without_secrets():
    urls = (
        f"mailto://user:{SECRET}@example.org?to=anna@example.net",
        f"json://user:{SECRET}@hooks.example.org:8080/{SECRET}",
        f"discord://123456789/{SECRET}",
        f"ntfy://{SECRET}",
        f"tgram://123456789:{SECRET}abcdefghijklmnopqrstu/12315544/",
        f"broken://{SECRET}",
    )
    channel = Channel("team", urls)
    channels = Channels([channel])
    said = [channels.describe(recipient) for recipient in channel.recipients]
    assert said[0] == "anna@example.net"
    assert said[1] == "JSON at hooks.example.org:8080"
    assert said[2].startswith("Discord (")
    assert SECRET not in f"{said} {channel!r} {channels!r} {channel.recipients!r}"
    assert len({recipient.key for recipient in channel.recipients}) == len(urls)
    assert all(len(recipient.key) == 12 for recipient in channel.recipients)


def test_no_secret_reaches_a_log(web, message, caplog):
    caplog.set_level(logging.DEBUG)
    for path in (f"404/{SECRET}", f"200/{SECRET}"):
        channel = Channel("team", (web.url(path), f"slack://{SECRET}", f"mailto://u:{SECRET}@[::1"))
        channels = Channels([channel])
        channels.validate()
        with contextlib.suppress(DeliveryError):
            asyncio.run(channels.send(channel.recipients[0], message, key="k"))
    assert SECRET not in caplog.text


def test_a_small_service_gets_title_and_link_within_its_limit(web, message, monkeypatch):
    monkeypatch.setattr(NotifyJSON, "body_maxlen", 150)
    monkeypatch.setattr(NotifyJSON, "title_maxlen", 40)
    send(web.url("200"), message)
    (said,) = (json.loads(body) for _, _, body in web.requests)
    assert said["title"].endswith("…")
    assert len(said["message"]) <= 150
    assert said["message"].endswith("id=17")


def test_a_service_without_titles_gets_it_in_the_body(web, message, monkeypatch):
    monkeypatch.setattr(NotifyJSON, "body_maxlen", 300)
    monkeypatch.setattr(NotifyJSON, "title_maxlen", 0)
    send(web.url("200"), message)
    (said,) = (json.loads(body) for _, _, body in web.requests)
    assert said["message"].startswith("Update: Soldaten")
    assert said["message"].endswith("id=17")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (requests.exceptions.SSLError(), "tls"),
        (requests.exceptions.ConnectTimeout(), "unreachable"),
        (requests.exceptions.ProxyError(), "unreachable"),
        (requests.exceptions.ReadTimeout(), "unknown"),
        (requests.exceptions.ConnectionError(f"https://host/{SECRET}"), "unknown"),
        (requests.exceptions.ChunkedEncodingError(), "unknown"),
        (requests.exceptions.InvalidURL(SECRET), "address"),
    ],
)
def test_each_exception_of_the_web_library_has_a_meaning(error, reason):
    attempt = Attempt()
    attempt.error = error
    verdict = failures.judge("team", attempt)
    assert verdict.reason == reason
    assert SECRET not in str(verdict)


def test_a_refusal_without_a_reason_may_be_tried_again():
    attempt = Attempt()
    assert failures.judge("team", attempt).reason == "failed"
    attempt.answered = True
    assert "in its answer" in str(failures.judge("team", attempt))


def test_a_mail_servers_certificate_that_fails_is_a_matter_of_trust():
    assert failures.by_connection("team", ssl.SSLCertVerificationError("self-signed")).reason == "tls"
    assert failures.by_connection("team", TimeoutError("timed out")).reason == "unreachable"
    assert (
        failures.by_connection("team", OSError(str(smtplib.SMTPServerDisconnected("closed")))).reason
        == "unreachable"
    )
