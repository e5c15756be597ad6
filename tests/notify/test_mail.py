"""A letter says in its headers what the message says."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from urllib.parse import quote

import pytest
from aiosmtpd.smtp import AuthResult
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.errors import DeliveryError, Fault
from monitor.notify.channels import Channel, Channels
from monitor.notify.mail import _POLICY
from monitor.notify.message import render
from tests.mailbox import AnyPort, Inbox

WORDS = [
    "Kriegsgefangene",
    "—",
    "солдатів",
    "узято",
    "в",
    "полон",
    "북한군",
    "300여",
    "명,",
    "🇰🇵",
    "e\u0301",
    "كوريا",
]


# aiosmtpd warns of passwords in clear, which are the point here.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning")


def sent(subject):
    letter = EmailMessage(policy=_POLICY)
    letter["Subject"] = subject
    return letter.as_bytes()


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=40).map(" ".join))
def test_a_subject_keeps_every_sign_and_space(subject):
    raw = sent(subject)
    assert message_from_bytes(raw, policy=policy.default)["Subject"] == subject
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 76


def test_a_space_at_the_end_of_a_line_is_kept():
    subject = "Kriegsgefangene — Двох північнокорейських солдатів узято в полон на Курщині"
    assert message_from_bytes(sent(subject), policy=policy.default)["Subject"] == subject


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_subject_adds_no_header(end):
    with pytest.raises(ValueError, match="linefeed"):
        sent(f"Мир{end}Bcc: all@example.org")


class Guard:
    """Lets in whoever has this password, and answers others as told."""

    def __init__(self, password, answer=""):
        self.password, self.answer = password, answer

    def __call__(self, server, session, envelope, mechanism, login):
        said = self.answer.format(
            login.password.decode(),
            b64encode(login.password).decode(),
            b64encode(b"\0" + login.login + b"\0" + login.password).decode(),
        )
        good = login.password.decode() == self.password
        return AuthResult(success=good, handled=False, message=said or None)


@contextmanager
def guarded(guard):
    box = Inbox()
    controller = AnyPort(box, "127.0.0.1", 0, authenticator=guard, auth_required=True, auth_require_tls=False)
    controller.start()
    box.port = controller.port
    yield box
    controller.stop()


def deliver(box, password, alert, voice):
    login = f"kim:{quote(password, safe='')}"
    url = f"mailto://{login}@127.0.0.1:{box.port}/?from=a@b.example&to=c@d.example&mode=insecure"
    channel = Channel("desk", (url,))
    asyncio.run(Channels([channel]).send(channel.recipients[0], render(alert, voice), key="1"))


@pytest.mark.parametrize("password", ["plain", "geh@eim/é:%41", "비밀번호 🔑"])
def test_any_password_opens_a_mail_server(password, desk, english):
    with guarded(Guard(password)) as box:
        deliver(box, password, desk.alert(), english)
        assert len(box.letters) == 1
        with pytest.raises(DeliveryError) as refused:
            deliver(box, password + "é", desk.alert(), english)
        assert (refused.value.reason, refused.value.fault) == ("smtp_535", Fault.CHANNEL)


@pytest.mark.parametrize("form", range(3))
@pytest.mark.parametrize("password", ["hunter2", "geheim-é"])
def test_a_server_that_repeats_the_password_is_not_repeated(password, form, desk, english):
    guard = Guard("another", f"535 5.7.8 unknown: {{{form}}}")
    with guarded(guard) as box, pytest.raises(DeliveryError) as refused:
        deliver(box, password, desk.alert(), english)
    assert refused.value.message == "the mail server answered 535"
    with (
        guarded(Guard("another", "535 5.7.8 try an app password")) as box,
        pytest.raises(DeliveryError) as said,
    ):
        deliver(box, password, desk.alert(), english)
    assert said.value.message == "the mail server answered 535 5.7.8 try an app password"
