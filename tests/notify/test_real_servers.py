"""Mail through OpenSMTPD and chat through ngIRCd: what other people's programs make of our messages."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from monitor.core.errors import DeliveryError, Fault
from monitor.notify.channels import Channel, Channels
from monitor.notify.message import render, render_bundle
from tests.notify.conftest import ARABIC, GERMAN, KOREAN, make_alert
from tests.notify.daemons import Reader, chat_server, mail_server


@pytest.fixture
def irc(tmp_path):
    with chat_server(tmp_path) as port:
        yield port


@pytest.fixture
def message(desk, german):
    return render(desk.update(), german)


def send(url, message, *, key="key-1", timeout=10.0):
    channel = Channel("team", (url,))
    asyncio.run(Channels([channel], timeout=timeout).send(channel.recipients[0], message, key=key))


def refused(url, message):
    with pytest.raises(DeliveryError) as caught:
        send(url, message)
    return caught.value


def test_a_mail_server_delivers_every_script_whole_and_in_its_thread(german):
    with mail_server() as mta:
        sent = [render(make_alert(article), german) for article in (GERMAN, KOREAN, ARABIC)]
        for number, one in enumerate(sent):
            send(mta.url(), one, key=f"key-{number}")
        mails = mta.mails(3)
        by_subject = {mail["Subject"]: mail for mail in mails}
        for one in sent:
            mail = by_subject[one.subject]
            assert mail.get_body(("plain",)).get_content().replace("\r\n", "\n") == one.text
            assert mail.get_body(("html",)).get_content().replace("\r\n", "\n") == one.html
            assert len(mail.get_all("Message-ID")) == 1
        assert len({mail["Message-ID"] for mail in mails}) == 3
        assert {mail["References"] for mail in mails} == {mails[0]["In-Reply-To"]}  # one story, one thread


def test_a_repeated_mail_keeps_its_id_on_the_way(message):
    with mail_server() as mta:
        send(mta.url(), message, key="same")
        send(mta.url(), message, key="same")
        first, again = mta.mails(2)
        assert first["Message-ID"] == again["Message-ID"]


@pytest.mark.parametrize("stranger", ["bob@example.net", "bob@example.com"])
def test_a_reader_whom_the_mail_server_does_not_know_is_a_dead_letter(message, stranger):
    with mail_server() as mta:
        error = refused(mta.url(stranger), message)
        assert error.fault is Fault.RECIPIENT
        assert error.reason.startswith("smtp_5")


def test_a_mail_that_is_too_big_may_do_in_a_plainer_form(german):
    alerts = [make_alert(GERMAN, id=number) for number in range(40)]
    with mail_server(limit="20K") as mta:
        error = refused(mta.url(), render_bundle(alerts, german))
        assert error.fault is Fault.MESSAGE
        send(mta.url(), render_bundle(alerts[:1], german))
        assert len(mta.mails(1)) == 1


def test_a_chat_server_shows_the_lines_in_order_and_the_link(irc, message):
    anna = Reader(irc, "#desk")
    send(f"irc://127.0.0.1:{irc}/%23desk", message)
    shown = [line.partition(" :")[2] for line in anna.until("QUIT") if " PRIVMSG #desk " in line]
    anna.close()
    assert shown[0].startswith("Update: Soldaten 10.000 → 12.000")
    assert "https://www.example-zeitung.de/politik/soldaten-kursk?id=17" in shown
    assert shown.index("• Soldaten: 10.000 → 12.000") > 0


def test_a_hostile_title_gives_the_chat_server_no_command(irc, german):
    title = "Truppen\r\nTOPIC #desk :owned\r\nQUIT :x\x00\x01ACTION waves\x01 \u2028KICK #desk anna"
    alert = make_alert(replace(GERMAN, title=title, text=f"{title}\n{GERMAN.text}"))
    anna = Reader(irc, "#desk")
    send(f"irc://127.0.0.1:{irc}/%23desk", render(alert, german))
    seen = anna.until("QUIT")
    anna.close()
    assert {line.split()[1] for line in seen} == {"JOIN", "PRIVMSG", "QUIT"}
    assert "\x01" not in "".join(seen)
    assert any(" :Truppen TOPIC #" in line for line in seen)  # as text
    assert "https://www.example-zeitung.de" in "".join(seen)  # and what comes after it is still said


@pytest.mark.parametrize("room", ["%23locked", "%23closed"])
def test_a_room_that_lets_nobody_in_is_no_receipt(irc, room, message):
    error = refused(f"irc://127.0.0.1:{irc}/{room}", message)
    assert (error.reason, error.fault) == ("failed", Fault.PASSING)


def test_a_chat_server_that_is_not_there_is_tried_again(message):
    assert refused("irc://127.0.0.1:1/%23desk", message).fault is Fault.PASSING
