"""Addresses are secret: whatever goes wrong, nothing of them is said, logged or left in an exception."""

from __future__ import annotations

import asyncio
import contextlib
import io
import logging
import traceback
from base64 import b64encode
from urllib.parse import quote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.core.errors import DeliveryError
from monitor.notify.channels import Channel, Channels
from monitor.notify.message import render
from tests.notify.conftest import Web, german_update, voice_of
from tests.notify.smtp_script import CUT, GOOD, ScriptedServer

MARK = "KANARIE"  # a part of every secret
# What a reader could make the secret of: the mark as it is, and in base64 wherever it begins.
TRACES = (MARK.lower(), *(b64encode(b"x" * shift + MARK.encode()).decode()[4:8] for shift in (1, 2, 3)))
SECRETS = st.text(st.characters(exclude_categories=("Cs",)), max_size=12).map(lambda tail: f"{MARK}{tail}")

# {0} is the host and port of a web server, {1} the secret, {2} how the server behaves.
ON_THE_WEB = (
    "webhook://{0}/{2}/{1}?secret=whsec_{1}",
    "webhook://anna:{1}@{0}/{2}?-token={1}&+X-Token={1}",
    "webhooks://{0}/{2}/{1}",
    "json://{0}/{2}/{1}",
    "json://{1}:{1}@{0}/{2}?+X-Token={1}&:token={1}",
    "jsons://{0}/{2}/{1}",
    "xml://{0}/{2}/{1}",
    "form://{0}/{2}/{1}?-token={1}",
    "mmost://{0}/{2}/{1}",
    "ntfy://{1}@{0}/{2}",
    "ntfy://anna:{1}@{0}/{2}?mode=private",
    "slack://{1}",
    "webhook://[::1/{1}",
)
BY_MAIL = (
    "mailto://anna:{1}@{0}/?from=tumen@example.org&to=anna@example.net",
    "mailtos://anna:{1}@{0}/?from=tumen@example.org&to=anna@example.net&mode=starttls",
    "mailtos://anna:{1}@{0}/?from=tumen@example.org&to=anna@example.net&mode=ssl",
    "mailto://{0}/?from=tumen@example.org&to=anna@example.net&+X-Token={1}",
    "mailto://anna:{1}@{0}/?to=nobody",
)
MODES = ("200", "302", "400", "401", "404", "413", "429", "500", "drop", "hang", "closed")
STEPS = ("GREETING", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "CONTENT", "QUIT")
MESSAGE = render(german_update(), voice_of("de", "Europe/Berlin"))


@pytest.fixture(scope="module")
def web():
    server = Web()
    server.body = (
        f'{{"error": "{MARK} is wrong", "retry_after": "{MARK}"}}'.encode()
    )  # it repeats what it got
    yield server
    server.close()


def everything_said(url):
    """All that an attempt leaves behind: descriptions, errors with all that hangs on them, logs, standard error."""
    said, log = io.StringIO(), io.StringIO()
    handler = logging.StreamHandler(log)
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
            channel = Channel("team", (url,))
            channels = Channels([channel], timeout=0.15)
            print(channel, channels, channel.recipients, channels.describe(channel.recipients[0]))
            print(*channels.validate(), sep="\n")
            try:
                asyncio.run(channels.send(channel.recipients[0], MESSAGE, key="k"))
            except DeliveryError as error:
                print(repr(error), vars(error), *traceback.format_exception(error))
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
    return (said.getvalue() + log.getvalue()).casefold(), said.getvalue() + log.getvalue()


def assert_clean(url):
    folded, said = everything_said(url)
    assert TRACES[0] not in folded, said
    assert not [trace for trace in TRACES[1:] if trace in said], said


@settings(max_examples=80, deadline=None)
@given(SECRETS, st.sampled_from(ON_THE_WEB), st.sampled_from(MODES))
@example("KANARIE\n0", "json://{0}/{2}/{1}", "200")  # an answer whose head urllib3 wonders about
def test_nothing_that_goes_wrong_on_the_web_tells_the_secret(web, secret, address, mode):
    host = "127.0.0.1:1" if mode == "closed" else f"127.0.0.1:{web.port}"
    assert_clean(address.format(host, quote(secret, safe=""), mode))


@settings(max_examples=40, deadline=None)
@given(
    SECRETS, st.sampled_from(BY_MAIL), st.sampled_from(STEPS), st.sampled_from((CUT, "451 later", "554 no"))
)
def test_nothing_that_goes_wrong_with_mail_tells_the_secret(secret, address, step, answer):
    greeting = {"EHLO": "250-script\r\n250 AUTH PLAIN LOGIN", "AUTH": "235 OK"}
    with ScriptedServer(**{**GOOD, **greeting, step: answer}) as server:
        assert_clean(address.format(f"127.0.0.1:{server.port}", quote(secret, safe="")))


@pytest.mark.parametrize("address", [*ON_THE_WEB, *BY_MAIL])
def test_every_address_here_has_the_secret_in_it(address):
    assert MARK in address.format("host", MARK, "200")
