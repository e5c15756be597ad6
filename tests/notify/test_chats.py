"""Chat services, as far as their servers can be had on loopback: what they show, and what their refusals mean."""

from __future__ import annotations

import asyncio
import gc
from dataclasses import replace
from weakref import ref

import pytest
from apprise import Apprise

from monitor.core.errors import DeliveryError, Fault
from monitor.notify.channels import Channel, Channels
from monitor.notify.message import render, render_bundle
from monitor.notify.services import take_farewell
from tests.notify.chats import Answer, ChatServer, Matrix, Mattermost, Ntfy
from tests.notify.conftest import GERMAN, make_alert

SERVICES = [Ntfy, Matrix, Mattermost]


@pytest.fixture
def message(desk, german):
    return render(desk.update(), german)


def send(url, message, *, timeout=2.0):
    channel = Channel("team", (url,))
    asyncio.run(Channels([channel], timeout=timeout).send(channel.recipients[0], message, key="k"))


def refused(url, message, **options):
    with pytest.raises(DeliveryError) as caught:
        send(url, message, **options)
    return caught.value


@pytest.mark.parametrize("service", SERVICES)
def test_a_message_is_shown_once_with_its_link_and_nothing_from_elsewhere(service, message):
    with service() as chat:
        send(chat.url(), message)
        (shown,) = chat.shown
    assert "https://www.example-zeitung.de/politik/soldaten-kursk?id=17" in str(shown)
    assert "12.000" in str(shown)
    assert "github" not in str(shown)


@pytest.mark.parametrize("service", SERVICES)
def test_the_longest_messages_are_taken_whole(service, german):
    article = replace(GERMAN, title="긴 제목 — " + "북한군 파병 " * 80, text=GERMAN.text * 30)
    alerts = [make_alert(article, (), id=number) for number in range(40)]
    with service() as chat:
        channel = Channel("team", (chat.url(),))
        room = Channels([channel]).room(channel.recipients[0])
        send(chat.url(), render_bundle(alerts[:room], german))
        assert len(chat.shown) == 1


WRONG = [
    (Ntfy, "tk_" + "0" * 29, "http_403"),
    (Matrix, "wrong", "http_403"),
    (Mattermost, "0" * 26, "http_404"),
]


@pytest.mark.parametrize(("service", "secret", "reason"), WRONG)
def test_a_wrong_secret_is_for_a_person_to_mend(service, secret, reason, message):
    with service() as chat:
        error = refused(chat.url(secret), message)
        assert (error.reason, error.fault) == (reason, Fault.CHANNEL)
        assert chat.shown == []


IMPATIENT = [
    (Ntfy, {"code": 42901, "http": 429, "error": "limit reached: too many requests"}, {}, None),
    (Ntfy, {}, {"Retry-After": "90"}, 90.0),
    (
        Matrix,
        {"errcode": "M_LIMIT_EXCEEDED", "error": "Too many requests", "retry_after_ms": 90_000},
        {},
        90.0,
    ),
    (Mattermost, "", {"Retry-After": "90"}, 90.0),
]


@pytest.mark.parametrize(("service", "content", "headers", "wait"), IMPATIENT)
def test_a_service_that_wants_patience_says_for_how_long(service, content, headers, wait, message):
    with service(Answer(429, content, headers)) as chat:
        error = refused(chat.url(), message, timeout=2.5)
        assert (error.reason, error.fault, error.retry_after) == ("http_429", Fault.PASSING, wait)
        assert chat.shown == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_message_that_is_too_big_for_a_server_may_do_in_a_plainer_form(service, message):
    with service(Answer(413, {"errcode": "M_TOO_LARGE", "error": "event too large"})) as chat:
        error = refused(chat.url(), message)
        assert (error.reason, error.fault) == ("http_413", Fault.MESSAGE)
        send(chat.url(), replace(message, html=""))
        assert len(chat.shown) == 1


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_server_in_trouble_is_asked_again_later_and_not_at_once(service, status, message):
    with service(Answer(status)) as chat:
        assert refused(chat.url(), message).fault is Fault.PASSING
        assert chat.tried == 1
        send(chat.url(), message)
        assert len(chat.shown) == 1


@pytest.mark.parametrize("service", SERVICES)
def test_a_redirect_is_no_receipt(service, message):
    with service(Answer(302, "", {"Location": "/"})) as chat:
        error = refused(chat.url(), message)
        assert (error.reason, error.fault) == ("http_302", Fault.CHANNEL)
        assert chat.shown == []


def test_a_chat_that_was_logged_into_is_left_once_the_message_is_there(message):
    with Matrix() as chat:
        send(chat.url(), message)
        assert chat.logouts.get(timeout=10) == "Bearer abc"
        gc.collect()
        assert chat.logouts.empty()


def test_a_service_that_is_thrown_away_says_nothing_by_itself():
    """It would count as sent by whoever's thread collects it: a mail of which nothing went out "may have arrived"."""
    with Matrix() as chat:
        service = Apprise.instantiate(chat.url())
        farewell = take_farewell(service)
        assert service.notify("a message")
        thrown_away = ref(service)
        del service, farewell
        gc.collect()
        assert thrown_away() is None
        assert len(chat.shown) == 1
        assert chat.logouts.empty()


def test_every_service_here_is_one():
    assert {service.__base__ for service in SERVICES} == {ChatServer}
