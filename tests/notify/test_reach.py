"""Channels are reached as far as their door, and nothing is sent."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from contextlib import closing

import pytest
from cryptography import x509

from monitor.core.errors import DeliveryError
from monitor.notify.channels import Channel, Channels
from monitor.notify.reach import _address, knock, reach
from tests.crawl.site import Site
from tests.crawl.test_tls import certificate, secured
from tests.mailbox import AnyPort, Inbox, open_inbox


def go(url):
    channel = Channel("team", (url,))
    return reach(Channels([channel]), channel.recipients[0], seconds=5)


@pytest.fixture
def paths(tmp_path):
    return certificate(tmp_path, x509.IPAddress(ipaddress.ip_address("127.0.0.1")), last=20)


@pytest.fixture
def sealed(paths):
    """A mail server that takes nothing in clear."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*paths)
    box = Inbox()
    server = AnyPort(box, hostname="127.0.0.1", port=0, tls_context=context, require_starttls=True)
    server.start()
    box.port = server.port
    yield box
    server.stop()


def _split(host):
    name, _, port = host.partition(":")
    return name, int(port)


def closed_port():
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def test_a_mail_server_is_greeted_and_gets_no_mail():
    with open_inbox() as box:
        found = go(f"mailto://127.0.0.1:{box.port}/?from=a@example.org&to=b@example.org")
        assert (found.where, found.open, found.until) == (f"127.0.0.1:{box.port}", True, None)
        assert "answered 250" in found.says
        assert (box.letters, box.attempts) == ([], 0)


def test_the_certificate_of_a_mail_server_is_looked_at(sealed, paths, monkeypatch):
    url = f"mailtos://127.0.0.1:{sealed.port}/?from=a@example.org&to=b@example.org&mode=starttls"
    with pytest.raises(DeliveryError, match="certificate") as caught:
        go(url)
    assert caught.value.remedy
    monkeypatch.setenv("SSL_CERT_FILE", str(paths[0]))
    found = go(url)
    assert (found.open, found.until is not None) == (False, True)
    assert "TLS" in found.says


@pytest.mark.parametrize(
    "url", ["mailto://127.0.0.1:{}/?from=a@example.org&to=b@example.org", "json://127.0.0.1:{}/x"]
)
def test_a_door_that_is_closed_is_said_with_its_place(url):
    port = closed_port()
    with pytest.raises(DeliveryError, match=f"127.0.0.1:{port}: cannot be reached"):
        go(url.format(port))


def test_a_web_service_is_reached_and_hears_nothing():
    with closing(Site()) as site:
        found = go(f"json://{site.host}/secret-path")
        assert (found.where, found.open) == (site.host, True)
        assert not site.counts


def test_the_certificate_of_a_web_server_is_looked_at(paths, monkeypatch):
    with closing(Site()) as site, secured(site, paths) as host:
        with pytest.raises(DeliveryError, match="certificate"):
            knock(*_split(host), tls=True, where="x", seconds=5)
        monkeypatch.setenv("SSL_CERT_FILE", str(paths[0]))
        assert knock(*_split(host), tls=True, where="x", seconds=5).until is not None


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js/", ("discord.com", 443, True)),
        ("tgram://123456789:abcdefg_hijklmnop/12315544/", ("api.telegram.org", 443, True)),
        ("ntfy://topic", ("ntfy.sh", 443, True)),
        ("jsons://hooks.example/x", ("hooks.example", 443, True)),
        ("json://hooks.example:81/x", ("hooks.example", 81, False)),
    ],
)
def test_the_server_of_a_service_is_known_without_asking_it(url, address):
    channel = Channel("team", (url,))
    assert _address(Channels([channel]).service(channel.recipients[0])) == address
