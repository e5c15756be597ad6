"""What is written down of an exchange, without a network."""

from __future__ import annotations

import gzip
import resource
import signal
from datetime import UTC, datetime
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as some
from warcio.archiveiterator import ArchiveIterator

from spiders.captures import CaptureFault, CaptureOptions
from spiders.capturing import archive, capture
from spiders.fetch import Exchange

AT = datetime(2026, 11, 26, 7, 12, 3, 4, tzinfo=UTC)
NAME = "20261126T071203Z-" + "0" * 32 + ".warc.gz"


def exchange(**changes) -> Exchange:
    values = {
        "at": AT,
        "url": "https://a.example/1?q=%ED%95%9C",
        "sent": (("User-Agent", "Tumen"),),
        "withheld": (),
        "status": 200,
        "protocol": "HTTP/1.1",
        "headers": (("Content-Type", "text/html"),),
        "body": b"<p>",
    }
    return Exchange(**(values | changes))


def written(*exchanges: Exchange) -> list[tuple[str, object, bytes]]:
    content = archive(exchanges, NAME, "0" * 64, 6)
    return [
        (record.rec_type, record.http_headers, record.raw_stream.read())
        for record in ArchiveIterator(BytesIO(content))
    ]


anything = some.text(max_size=30).map(lambda text: text.encode("utf-8", "replace").decode("latin-1"))


@given(
    headers=some.lists(some.tuples(anything, anything), max_size=5),
    body=some.binary(max_size=200),
    url=anything,
    status=some.integers(100, 999),
)
def test_whatever_a_server_says_there_are_four_records_and_its_body_among_them(headers, body, url, status):
    strange = exchange(headers=tuple(headers), body=body, url=f"https://a.example/{url}", status=status)
    found = written(exchange(url=f"https://a.example/{url}", status=302), strange)
    assert [kind for kind, _, _ in found] == ["warcinfo", "request", "response", "metadata"]
    assert found[2][2] == body
    for _, head, _ in found[1:3]:
        lines = head.to_bytes(None, "utf-8").split(b"\r\n")
        assert len(lines) == len(head.headers) + 3
        assert not any(b"\r" in line or b"\n" in line for line in lines)


def test_headers_are_kept_letter_by_letter():
    ((_, head, _),) = [
        one for one in written(exchange(headers=(("X-Name", "caf\xe9"),))) if one[0] == "response"
    ]
    assert head.get_header("X-Name") == "caf\xe9"
    content = gzip.decompress(archive([exchange(headers=(("X-Name", "caf\xe9"),))], NAME, "0" * 64, 6))
    assert b"X-Name: caf\xe9\r\n" in content


def test_the_same_exchange_gives_the_same_but_for_the_keys_of_records():
    one, other = (gzip.decompress(archive([exchange()], NAME, "0" * 64, level)) for level in (1, 9))
    assert len(one) == len(other)


@pytest.mark.parametrize(("name", "is_packed"), [("content-encoding", True), ("Content-Type", False)])
def test_a_body_that_came_compressed_is_not_compressed_again(name, is_packed):
    body = b"<p>the same again and again" * 99
    packed = archive([exchange(headers=((name, "br"),), body=body)], NAME, "0" * 64, 6)
    assert (body in packed) is is_packed
    assert body in gzip.decompress(packed)


def test_a_certificate_is_named_by_its_digest():
    (said,) = [content for kind, _, content in written(exchange(certificate="ab" * 32)) if kind == "metadata"]
    assert f"certificate-sha256: {'ab' * 32}\r\n".encode() in said


@pytest.fixture
def small_files():
    """As if the disk were full after a few bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, ignored)


def test_a_disk_that_is_full_in_the_midst_of_a_file_leaves_nothing_of_it(tmp_path, small_files):
    found = capture([exchange()], CaptureOptions(str(tmp_path), reserve=0))
    assert (found.at, found.name, found.fault) == (AT, "", CaptureFault.DISK_FULL)
    assert list(tmp_path.iterdir()) == []
