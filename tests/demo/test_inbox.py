"""The inbox over real SMTP and HTTP, by hand and through Apprise."""

import json
import smtplib
import threading
import urllib.error
import urllib.request
import warnings
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from apprise import Apprise

from monitor.demo.inbox import Inbox, Via

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


@pytest.fixture
def arrived():
    return []


@pytest.fixture
def inbox(arrived):
    with Inbox(arrived.append, lambda: NOW) as inbox:
        yield inbox


def mail():
    mail = EmailMessage()
    mail["From"] = "alerts@tumen.example"
    mail["To"] = "reader@tumen.example"
    mail["Subject"] = "북한군 1만명 – Äußerung 🚀"
    mail["Message-ID"] = "<1@tumen.example>"
    mail.set_content("Zeile eins\nسطر\n.\nlast line\n")
    mail.add_alternative("<p>Zeile <b>eins</b></p>", subtype="html")
    return mail


def send(inbox, message, to=("reader@tumen.example",)):
    with smtplib.SMTP("127.0.0.1", inbox.mail_port, timeout=10) as client:
        client.send_message(message, to_addrs=list(to))


def through_apprise(url, **message):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Apprise still imports imghdr
        sender = Apprise()
        assert sender.add(url)
        return bool(sender.notify(**message))


def test_a_mail_is_kept_as_it_was_sent(inbox, arrived):
    send(inbox, mail())
    (kept,) = inbox.messages
    assert arrived == [kept]
    assert (kept.via, kept.to, kept.received) == (Via.MAIL, "reader@tumen.example", NOW)
    assert kept.subject == "북한군 1만명 – Äußerung 🚀"
    assert kept.text.splitlines() == ["Zeile eins", "سطر", ".", "last line"]
    assert kept.html.strip() == "<p>Zeile <b>eins</b></p>"
    assert kept.message_id == "<1@tumen.example>"


def test_each_receiver_gets_a_copy(inbox):
    send(inbox, mail(), to=("a@tumen.example", "b@tumen.example"))
    assert [message.to for message in inbox.messages] == ["a@tumen.example", "b@tumen.example"]


def test_apprise_delivers_mail_without_encryption_or_password(inbox):
    assert through_apprise(inbox.mail_url("reader"), title="Тест 題", body="<b>Text</b>", body_format="html")
    (kept,) = inbox.messages
    assert (kept.to, kept.subject) == ("reader@tumen.example", "Тест 題")
    assert "Text" in kept.text
    assert "<b>Text</b>" in kept.html
    assert dict(kept.headers)["From"] == "Tumen <alerts@tumen.example>"


def test_apprise_posts_to_the_chat(inbox):
    assert through_apprise(inbox.chat_url(), title="Тест 題", body="erste\nzweite 🚀")
    (kept,) = inbox.messages
    assert (kept.via, kept.to) == (Via.CHAT, "chat")
    assert (kept.subject, kept.text, kept.html) == ("Тест 題", "erste\nzweite 🚀", "")


def test_apprise_posts_html_to_the_chat(inbox):
    assert through_apprise(inbox.chat_url(), title="T", body="<p>x</p>", body_format="html")
    (kept,) = inbox.messages
    assert (kept.text, kept.html) == ("", "<p>x</p>")


@pytest.mark.parametrize("body", [b"", b"no json", b"[]", b"\xff\xfe", b"7"])
def test_a_post_that_is_no_json_object_is_refused(body, inbox):
    url = inbox.chat_url().replace("json://", "http://")
    with pytest.raises(urllib.error.HTTPError, match="400") as refused:
        urllib.request.urlopen(urllib.request.Request(url, data=body), timeout=10)
    refused.value.close()
    assert inbox.messages == ()


def test_messages_are_saved_as_files_that_open(inbox, tmp_path):
    send(inbox, mail())
    through_apprise(inbox.chat_url(), title="<T>", body="a & b")
    sent, post = inbox.messages
    eml, html = sent.save(tmp_path, "001")
    assert (eml.name, html.name) == ("001.eml", "001.html")
    assert eml.read_bytes() == sent.raw
    assert "<b>eins</b>" in html.read_text(encoding="utf-8")
    raw, page = post.save(tmp_path, "002")
    assert json.loads(raw.read_bytes())["title"] == "<T>"
    assert "a &amp; b" in page.read_text(encoding="utf-8")


def test_what_the_callback_raises_is_the_senders_failure():
    def refuse(_):
        raise ValueError("no room")

    with Inbox(refuse, lambda: NOW) as inbox, pytest.raises(smtplib.SMTPDataError):
        send(inbox, mail())


def test_leaving_ends_every_thread_even_with_a_client_on_the_line():
    before = set(threading.enumerate())
    with Inbox() as inbox:
        client = smtplib.SMTP("127.0.0.1", inbox.mail_port, timeout=10)
        port = inbox.mail_port
    client.close()
    assert set(threading.enumerate()) <= before
    with pytest.raises(OSError, match="refused"):
        smtplib.SMTP("127.0.0.1", port, timeout=2)
