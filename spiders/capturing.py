"""Writing a page down as it was fetched: one small web archive (WARC 1.1) for each. The only door to warcio.

Each archive tells by itself what it is: how it was made, what was asked, what was answered, which redirects led
there, and what was left out. Its records are compressed one by one, as readers of archives expect, and carry the
SHA-256 of their blocks and bodies.
"""

from __future__ import annotations

import gzip
import hashlib
import logging
import re
import shutil
from functools import cache
from http import HTTPStatus
from importlib.metadata import version
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit
from uuid import uuid4

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from spiders.captures import UNFINISHED, Capture, CaptureFault, fault_of
from spiders.wording import line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from warcio.recordloader import ArcWarcRecord

    from spiders.captures import CaptureOptions
    from spiders.fetch import Exchange

logger = logging.getLogger(__name__)

# What is a secret in any request or answer; what else a source's own requests carry is withheld by its `Access`.
_SECRET = frozenset(
    {"authorization", "proxy-authorization", "cookie", "cookie2", "set-cookie", "set-cookie2"}
)
_LINE_ENDS = re.compile(r"[\r\n\0]+")
_LONGEST = 8000  # characters of a header's value
_NOTE = (
    "Fields that concern the connection alone (Connection, Transfer-Encoding and the like), the order and spelling "
    "of names, and the words after the status are not recorded. The body is as it was received, in its "
    "Content-Encoding, without the frames of a chunked transfer."
)


def capture(exchanges: Sequence[Exchange], options: CaptureOptions) -> Capture:
    """Write down how a page was fetched: all requests on the way to it, and the answer at its end.

    Never raises: what goes wrong is said by the capture, and the page is read all the same.
    """
    at = exchanges[-1].at
    try:
        return _write(exchanges, options)
    except OSError as error:
        return Capture(at, fault=fault_of(error), detail=line(error.strerror or str(error), 200))
    except Exception as error:
        logger.exception("a page could not be captured")
        return Capture(at, fault=CaptureFault.BUG, detail=line(f"{type(error).__name__}: {error}", 200))


def _write(exchanges: Sequence[Exchange], options: CaptureOptions) -> Capture:
    last, spool = exchanges[-1], Path(options.spool)
    name = f"{last.at:%Y%m%dT%H%M%SZ}-{uuid4().hex}.warc.gz"
    body = hashlib.sha256(last.body).hexdigest()
    content = archive(exchanges, name, body, options.level)
    free = shutil.disk_usage(spool).free
    if free < options.reserve + len(content):
        detail = f"only {free // 1024**2} MiB are free, which are left to the history"
        return Capture(last.at, fault=CaptureFault.DISK_FULL, detail=detail)
    unfinished = spool / f"{name}{UNFINISHED}"
    try:
        with unfinished.open("xb") as file:
            file.write(content)
        unfinished.replace(spool / name)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise
    return Capture(last.at, name, len(content), hashlib.sha256(content).hexdigest(), body)


def archive(exchanges: Sequence[Exchange], name: str, body: str, level: int) -> bytes:
    """The archive of a page: about itself, the request, the response, and what else is to be known.

    Args:
        exchanges: the redirects, and the answer at last.
        name: of its file.
        body: SHA-256 of the body of the answer.
        level: how hard it is compressed.
    """
    writer = _Writer(BytesIO(), gzip=False, warc_version="WARC/1.1")
    last = exchanges[-1]
    url, date = _clean(last.url), _date(last.at)
    about = {
        "software": f"Tumen, warcio {_version()}",
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "http-header-user-agent": dict(last.sent).get("User-Agent", ""),
    }
    info = writer.create_warcinfo_record(name, about)
    info.rec_headers.replace_header("WARC-Date", date)
    shared = {"WARC-Date": date, "WARC-Warcinfo-ID": info.rec_headers.get_header("WARC-Record-ID")}
    answered = shared | {"WARC-Payload-Digest": f"sha256:{body}"}
    if last.address:
        answered["WARC-IP-Address"] = last.address
    response = writer.create_warc_record(
        url,
        "response",
        payload=BytesIO(last.body),
        length=len(last.body),
        http_headers=_Head(f"{last.status} {_words(last.status)}", _fields(last.headers), last.protocol),
        warc_headers_dict=answered,
    )
    along = shared | {"WARC-Concurrent-To": response.rec_headers.get_header("WARC-Record-ID")}
    request = writer.create_warc_record(
        url,
        "request",
        payload=BytesIO(),
        length=0,
        http_headers=_Head(_asked(url), _fields(_with_host(last)), "GET"),
        warc_headers_dict=along,
    )
    said = _said(exchanges)
    metadata = writer.create_warc_record(
        url, "metadata", payload=BytesIO(said), length=len(said), warc_headers_dict=along
    )
    # A body that came compressed would only get larger.
    came_packed = any(name.lower() == "content-encoding" for name, _ in last.headers)
    levels = ((info, level), (request, level), (response, 0 if came_packed else level), (metadata, level))
    return b"".join(writer.packed(record, how_hard) for record, how_hard in levels)


class _Writer(WARCWriter):  # type: ignore[misc]  # warcio has no types
    """Writes records one at a time, with digests that people can compare: SHA-256, hexadecimal."""

    def packed(self, record: ArcWarcRecord, level: int) -> bytes:
        """The record as a member of a gzip file."""
        self.out = BytesIO()
        self.write_record(record)
        return gzip.compress(self.out.getvalue(), level, mtime=0)

    @staticmethod
    def _create_digester() -> _Digester:
        return _Digester()


class _Digester:
    def __init__(self) -> None:
        self._sha = hashlib.sha256()

    def update(self, piece: bytes) -> None:
        self._sha.update(piece)

    def __str__(self) -> str:
        return f"sha256:{self._sha.hexdigest()}"


class _Head(StatusAndHeaders):  # type: ignore[misc]  # warcio has no types
    """The head of a message as it was sent; warcio would write letters beyond ASCII in percent."""

    def compute_headers_buffer(self, header_filter: object = None) -> None:
        self.headers_buff = self.to_bytes(header_filter, "latin-1")


def _said(exchanges: Sequence[Exchange]) -> bytes:
    """What else is to be known, as fields of WARC."""
    last = exchanges[-1]
    fields = [
        ("redirect", f"{hop.status} {_clean(hop.url)} to {_clean(after.url)}")
        for hop, after in pairwise(exchanges)
    ]
    withheld = {"request": [*last.withheld, *_secret(last.sent)], "response": _secret(last.headers)}
    fields += [(f"withheld-from-{where}", ", ".join(names)) for where, names in withheld.items() if names]
    if last.proxied:
        fields.append(("proxy", "the request went by a proxy of the source's own"))
    if last.certificate:
        fields.append(("certificate-sha256", last.certificate))
    fields.append(("note", _NOTE))
    return "".join(f"{name}: {_value(value)}\r\n" for name, value in fields).encode()


def _fields(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Headers without secrets, each on one line."""
    return [(_value(name), _value(value)) for name, value in headers if name.lower() not in _SECRET]


def _secret(headers: Iterable[tuple[str, str]]) -> list[str]:
    return sorted({_value(name) for name, _ in headers if name.lower() in _SECRET})


def _with_host(exchange: Exchange) -> list[tuple[str, str]]:
    return [("Host", urlsplit(exchange.url).netloc), *exchange.sent]


def _asked(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query} HTTP/1.1"


def _words(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def _value(text: str) -> str:
    return _LINE_ENDS.sub(" ", text)[:_LONGEST]


def _clean(url: str) -> str:
    """An address in ASCII that ends no line: Scrapy's are so already, this is what we rely on."""
    return re.sub(r"[^\x21-\x7e]", lambda found: quote(found[0]), url)


@cache
def _version() -> str:
    return version("warcio")


def _date(at: datetime) -> str:
    return at.isoformat(timespec="microseconds").replace("+00:00", "Z")
