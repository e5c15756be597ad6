"""Certificates are checked: one that nobody vouches for, of another time or name, is not accepted."""

from __future__ import annotations

import contextlib
import datetime as dt
import ipaddress
import ssl
import threading
from http.server import HTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from spiders.items import Look, Outcome, WorkerOptions
from tests.crawl.site import Reply, Site, rss

DAY = dt.timedelta(days=1)
HERE = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))


def certificate(folder, name: x509.GeneralName, first: int = -1, last: int = 1):
    """A self-signed certificate and its key, as files; it holds from the first day to the last, counted from now."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tumen test")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + first * DAY)
        .not_valid_after(now + last * DAY)
        .add_extension(x509.SubjectAlternativeName([name]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return paths


@contextlib.contextmanager
def secured(site: Site, paths):
    """The same site over https: its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*paths)
    server = HTTPServer(("127.0.0.1", 0), site._handler())
    server.handle_error = lambda *_: None
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize(
    ("name", "days", "trusted", "reason"),
    [
        (HERE, (-1, 1), True, ""),
        (HERE, (-1, 1), False, "tls"),
        (HERE, (-9, -1), True, "tls"),
        (HERE, (1, 9), True, "tls"),
        (x509.DNSName("other.example"), (-1, 1), True, "tls"),
    ],
    ids=["good", "unknown", "expired", "not yet valid", "of another name"],
)
def test_only_a_certificate_that_is_trusted_and_names_the_host_is_accepted(
    here, tmp_path, crawl, monkeypatch, name, days, trusted, reason
):
    paths = certificate(tmp_path, name, *days)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(paths[0]))
    here.put("/robots.txt", Reply(b"", 404))
    here.put("/feed", Reply(rss(here, "a")))
    with secured(here, paths) as place:
        options = WorkerOptions(delay=0.01, timeout=5, allow_private=(place,))
        reports = crawl(options, Look("1", f"https://{place}/feed"))
    assert (reports["1"].outcome is Outcome.OK, reports["1"].reason) == (reason == "", reason)
    assert (here.hits == []) is (reason != "")
