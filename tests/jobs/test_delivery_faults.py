"""Receivers that misbehave, real ones, on the whole road from the ledger and back; only the time is virtual."""

from __future__ import annotations

import inspect
import json
import re
import socket
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from zoneinfo import ZoneInfo

import pytest

from monitor.core.alerting import Freshness, Route
from monitor.core.delivery.deliveries import DeliveryState
from monitor.core.matching import Matcher
from monitor.jobs.deliver import Deliver
from monitor.jobs.ingest import Ingestor
from monitor.notify.channels import Channel, Channels
from monitor.notify.voice import Voice
from monitor.store.history import History
from monitor.store.ledger import Ledger
from tests.jobs.test_deliver import settle, states
from tests.notify.conftest import Web
from tests.notify.smtp_script import CUT, GOOD, IDLE, ScriptedServer

TITLE = "North Korea sends 3,000 soldiers to Russia"


@pytest.fixture
def office(db, clock, pack, take):
    """An alert for these addresses, and what delivers it."""

    def make(*urls, timeout=5.0):
        channel = Channel("desk", urls)
        routes = (Route("desk", channel.recipients),)
        assert take(Ingestor(History(db), Matcher([pack]), routes, Freshness()), TITLE).stored.alerts
        voices = {"desk": Voice("en", ZoneInfo("UTC"), {pack.name: pack})}
        return Deliver(Ledger(db), Channels([channel], timeout=timeout), voices, clock=clock)

    return make


@pytest.fixture
def server():
    with ScriptedServer() as started:
        yield started


@pytest.fixture
def web():
    started = Web()
    yield started
    started.close()


def mailbox(server, to="anna@example.net"):
    return f"mailto://127.0.0.1:{server.port}/?from=tumen@example.org&to={to}"


def ids(mails):
    return [re.search(rb"^Message-ID: (.*)\r$", mail, re.MULTILINE)[1] for mail in mails]


def wait_for_next(db, clock):
    """Go to the time of the next attempt; how long that was."""
    (row,) = db.query("SELECT not_before FROM deliveries WHERE state = 'pending'")
    due = datetime.fromisoformat(row["not_before"]).replace(tzinfo=UTC)
    wait = due - clock.now
    clock.now = max(due, clock.now)
    return wait


def test_a_greylisted_mail_is_delivered_once_and_not_before_five_minutes(office, server, db, clock):
    server.script["RCPT"] = "451 4.7.1 greylisted, come back later"
    deliver = office(mailbox(server))
    settle(deliver)
    tried = server.steps.count("RCPT")
    assert (tried, states(db)) == (1, [DeliveryState.PENDING])
    clock.forward(minutes=4, seconds=59)
    settle(deliver)
    assert server.steps.count("RCPT") == tried  # a server that greylists would begin to count anew
    server.script["RCPT"] = GOOD["RCPT"]
    wait_for_next(db, clock)
    settle(deliver, 3)
    assert len(server.mails) == 1
    assert states(db) == [DeliveryState.SENT]


def test_of_three_recipients_a_bad_one_is_dead_and_the_others_hear_once(office, server, db, clock):
    with ScriptedServer(RCPT="550 5.1.1 no such user") as strict:
        deliver = office(
            mailbox(server, "anna@example.net"),
            mailbox(strict, "nobody@example.net"),
            mailbox(server, "chul@example.net"),
        )
        for _ in range(20):
            settle(deliver)
            clock.forward(hours=1)
        assert len(server.mails) == 2
        assert {re.search(rb"To: (\w+)", mail)[1] for mail in server.mails} == {b"anna", b"chul"}
        assert strict.steps.count("RCPT") == 1
    assert sorted(states(db)) == [DeliveryState.DEAD, DeliveryState.SENT, DeliveryState.SENT]


@pytest.mark.parametrize("behaviour", [CUT, IDLE])
def test_a_mail_whose_answer_is_lost_comes_again_as_the_same(office, server, db, clock, behaviour):
    server.script["CONTENT"] = behaviour
    deliver = office(mailbox(server), timeout=1.0)
    settle(deliver)
    assert (states(db), server.steps.count("CONTENT")) == ([DeliveryState.PENDING], 1)
    assert [row["unknown"] for row in db.query("SELECT unknown FROM deliveries")] == [1]
    server.script["CONTENT"] = GOOD["CONTENT"]
    wait_for_next(db, clock)
    settle(deliver)
    assert states(db) == [DeliveryState.SENT]
    first, again = ids(server.contents)
    assert first == again


def test_a_mail_that_was_taken_is_not_sent_again_however_the_connection_ends(office, server, db, clock):
    server.script["QUIT"] = CUT
    deliver = office(mailbox(server))
    for _ in range(5):
        settle(deliver)
        clock.forward(hours=1)
    assert len(server.mails) == 1
    assert states(db) == [DeliveryState.SENT]


@pytest.mark.parametrize("as_date", [False, True])
def test_a_receiver_that_wants_patience_for_two_hours_gets_it(office, web, db, clock, as_date):
    when = format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True).replace(" ", "%20")
    deliver = office(web.url(f"429/{when if as_date else 7200}", "webhook"))
    settle(deliver)
    for _ in range(11):
        clock.forward(minutes=10)
        settle(deliver)
    assert len(web.requests) == 1
    clock.forward(minutes=11)
    settle(deliver)
    assert len(web.requests) == 2


@pytest.mark.parametrize(
    ("behaviour", "unknown"), [("hang", 1), ("trickle", 1), ("drop", 1), ("302", 0), ("500", 0), ("403", 0)]
)
def test_what_is_no_receipt_is_tried_again_under_the_same_id(office, web, db, clock, behaviour, unknown):
    deliver = office(web.url(behaviour, "webhook"), timeout=0.7)
    settle(deliver)
    clock.forward(hours=1)
    settle(deliver)
    assert states(db) == [DeliveryState.PENDING]
    assert [row["unknown"] for row in db.query("SELECT unknown FROM deliveries")] == [unknown]
    assert len(web.requests) == 2
    assert len({headers["webhook-id"] for headers in web.headers}) == 1


def test_a_call_ends_after_ten_seconds():
    assert inspect.signature(Channels).parameters["timeout"].default == 10.0


def test_a_connection_that_is_only_half_open_leaves_it_open(office, db):
    with socket.create_server(("127.0.0.1", 0)) as deaf:  # the system connects, and nobody reads
        port = deaf.getsockname()[1]
        settle(office(f"webhook://127.0.0.1:{port}/in", timeout=0.7))
    (row,) = db.query("SELECT state, unknown, bundle FROM deliveries")
    assert (row["state"], row["unknown"]) == (DeliveryState.PENDING, 1)
    assert row["bundle"]


def test_a_webhook_that_remembers_ids_acts_once_however_often_it_is_told(office, web, db, clock):
    deliver = office(web.url("hang", "webhook"), timeout=0.7)
    for _ in range(3):
        settle(deliver)
        wait_for_next(db, clock)
        clock.forward(minutes=15)
    assert len(web.requests) == 3
    acted = {json.loads(body)["id"]: body for _, _, body in web.requests}
    assert len(acted) == 1


def test_a_message_that_is_refused_goes_once_more_in_plain_and_is_then_dead(office, web, db, clock):
    deliver = office(web.url("413", "webhook"))
    for _ in range(5):
        settle(deliver)
        clock.forward(hours=1)
    full, plain = [json.loads(body) for _, _, body in web.requests]
    assert len(plain["text"]) <= len(full["text"])
    assert states(db) == [DeliveryState.DEAD]


def test_a_channel_that_is_wrong_loses_nothing_while_it_waits_to_be_mended(office, db, clock):
    with ScriptedServer(MAIL="530 5.7.0 authenticate first") as server:
        deliver = office(mailbox(server))
        for _ in range(24):
            settle(deliver)
            clock.forward(hours=1)
        assert states(db) == [DeliveryState.PENDING]
        server.script["MAIL"] = GOOD["MAIL"]
        settle(deliver)
        assert len(server.mails) == 1
    assert states(db) == [DeliveryState.SENT]
