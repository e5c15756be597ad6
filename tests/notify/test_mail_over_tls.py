"""Mail with a login: only over a connection that is encrypted, to a server that somebody vouches for."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl

import pytest
from aiosmtpd.smtp import AuthResult
from cryptography import x509

from monitor.core.errors import DeliveryError, Fault
from monitor.notify.channels import Channel, Channels
from monitor.notify.message import render
from tests.crawl.test_tls import certificate
from tests.mailbox import AnyPort, Inbox

PASSWORD = "s3cr3t-t0ken"


@pytest.fixture
def paths(tmp_path):
    return certificate(tmp_path, x509.IPAddress(ipaddress.ip_address("127.0.0.1")))


@pytest.fixture
def sealed(paths):
    """A mail server that takes nothing in clear, and nothing without a login."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*paths)

    def judge(server, session, envelope, mechanism, login):
        known = (login.login, login.password) == (b"tumen", PASSWORD.encode())
        return AuthResult(success=known, handled=known)

    box = Inbox()
    server = AnyPort(
        box,
        hostname="127.0.0.1",
        port=0,
        tls_context=context,
        require_starttls=True,
        authenticator=judge,
        auth_required=True,
    )
    server.start()
    box.port = server.port
    yield box
    server.stop()


@pytest.fixture
def message(desk, german):
    return render(desk.update(), german)


def attempt(box, message, *, password=PASSWORD, options="&mode=starttls"):
    login = f"tumen:{password}@" if password else ""
    schema = "mailtos" if options else "mailto"
    url = f"{schema}://{login}127.0.0.1:{box.port}/?from=tumen@example.org&to=anna@example.net{options}"
    channel = Channel("team", (url,))
    try:
        asyncio.run(Channels([channel]).send(channel.recipients[0], message, key="k"))
    except DeliveryError as error:
        return error.reason, error.fault
    return None


def test_with_a_certificate_that_is_trusted_mail_arrives(sealed, paths, message, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(paths[0]))
    assert attempt(sealed, message) is None
    assert [letter.mail["Subject"] for letter in sealed.letters] == [message.subject]


def test_a_certificate_that_nobody_vouches_for_gets_no_password(sealed, message):
    assert attempt(sealed, message) == ("tls", Fault.CHANNEL)
    assert sealed.attempts == 0


def test_a_wrong_password_is_for_a_person_to_mend(sealed, paths, message, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(paths[0]))
    assert attempt(sealed, message, password="wrong") == ("smtp_535", Fault.CHANNEL)


def test_a_missing_login_is_for_a_person_to_mend(sealed, paths, message, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(paths[0]))
    assert attempt(sealed, message, password="") == ("smtp_530", Fault.CHANNEL)


def test_a_server_that_wants_encryption_gets_nothing_in_clear(sealed, message):
    assert attempt(sealed, message, password="", options="") == ("smtp_530", Fault.CHANNEL)
    assert sealed.letters == []
