"""From the bytes of a reply to its characters."""

from __future__ import annotations

import codecs
import zlib
from functools import lru_cache
from typing import TYPE_CHECKING

import cchardet
from w3lib.encoding import (
    html_body_declared_encoding,
    http_content_type_encoding,
    read_bom,
    resolve_encoding,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_UNPACKED = 15 * 1024 * 1024
_GZIP = b"\x1f\x8b\x08"
_MAX_MEMBERS = 100
# Servers name these by default, for whatever bytes they serve.
_DEFAULTS = {"cp1252", "utf-8"}
# A document that is UTF-8 but for a few broken characters (cut by a length limit, pasted from elsewhere) is still
# UTF-8: at most one in so many characters beyond ASCII may be broken.
_BROKEN = 20
_ISO_2022_JP = b"\x1b$B"
_DETECTED = 1024 * 1024  # bytes that are looked at to detect a charset
# With how `utf-7`, `unicode_escape` and `idna` write other characters.
_ASCII = "".join(map(chr, range(32, 127))).replace("\\", "") + "+ADw-\\u003c.xn--e1a."
_WIDE = 64  # bytes at the start in which the first tag of a page stands
_XML_START = (("utf-16-be", b"\x00<\x00"), ("utf-16-le", b"<\x00?\x00"), ("utf-16-le", b"<\x00r\x00"))


def unpack(body: bytes, limit: int = MAX_UNPACKED) -> bytes:
    """The body without its gzip wrapping, cut at `limit` bytes; a truncated one gives what could be read."""
    if not body.startswith(_GZIP):
        return body
    out = bytearray()
    rest = body
    for _ in range(_MAX_MEMBERS):
        inflater = zlib.decompressobj(wbits=31)
        try:
            out += inflater.decompress(rest, limit - len(out))
        except zlib.error:
            break
        rest = inflater.unused_data
        if len(out) >= limit or not rest.startswith(_GZIP):
            break
    return bytes(out)


def decode(body: bytes, content_type: str = "") -> str:
    """The characters of an HTML or XML document, whatever its charset and however it is labelled.

    Valid UTF-8 is UTF-8, because no other encoding looks like it by chance. Else the first label that fits the bytes
    wins: byte order mark, HTTP header, the document's own declaration; then detection. Broken bytes become U+FFFD.
    """
    bom_encoding, bom = read_bom(body)
    if bom_encoding and bom is not None:
        return body[len(bom) :].decode(bom_encoding, "replace")
    declared = _labels(body, content_type)
    certain = _certain(body, declared)
    if certain:
        return body.decode(certain, "replace")
    text = _as_utf8(body)
    if text is not None:
        return text
    for encoding in _fitting(body, declared):
        try:
            return body.decode(encoding)
        except (UnicodeError, LookupError):
            continue
    return _best_effort(body, declared)


def _certain(body: bytes, declared: tuple[str, ...]) -> str:
    """A charset that the bytes themselves leave no doubt about, empty if there is none."""
    for encoding, start in _XML_START:
        if body.startswith(start):
            return encoding
    if _ISO_2022_JP in body:  # it is ASCII to the eye
        return "iso2022_jp"
    return declared[0] if declared and declared[0].startswith("utf-16") else ""


def _labels(body: bytes, content_type: str) -> tuple[str, ...]:
    """The charsets that the reply is said to have, most trustworthy first."""
    header = http_content_type_encoding(content_type)
    own = html_body_declared_encoding(body[:4096])
    order = (own, header) if header in _DEFAULTS else (header, own)
    # A page in UTF-16 has a zero in every other byte of its markup; others that say so have copied it from somewhere.
    wide = b"\x00" in body[:_WIDE]
    return tuple(
        encoding
        for encoding in order
        if encoding
        and encoding != "utf-8"
        and (_holds_ascii(encoding) or (wide and encoding.startswith("utf-16")))
    )


@lru_cache(maxsize=256)
def _holds_ascii(encoding: str) -> bool:
    """Whether a codec of Python reads ASCII as such, like all charsets of the web but UTF-16.

    Others are no charsets (`hex`, `idna`, `punycode`), or change what the markup says (`utf-7`, `unicode_escape`).
    """
    try:
        return _ASCII.encode().decode(encoding) == _ASCII
    except (UnicodeError, LookupError):
        return False


def _as_utf8(body: bytes) -> str | None:
    """The characters of a body that is UTF-8, cut off somewhere or broken in few places; None if it is not."""
    try:
        return codecs.utf_8_decode(body, "strict", False)[0]  # noqa: FBT003  more may follow: an end inside a character is fine
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
    return text if text.count("\ufffd") * _BROKEN <= _beyond_ascii(text) else None


def _fitting(body: bytes, declared: tuple[str, ...]) -> Iterator[str]:
    """What the bytes may be in, best first; detection takes as long as reading the page does, so it comes last."""
    yield from declared
    yield _detected(body)


def _detected(body: bytes) -> str:
    """The charset that the bytes look like; UTF-8 if they look like none."""
    guess = cchardet.detect(body[:_DETECTED])["encoding"] or "utf-8"
    if guess.upper() == "KOI8-R":
        return "koi8_u"  # the same but for Ukrainian letters in place of lines and boxes
    return resolve_encoding(guess) or guess


def _best_effort(body: bytes, declared: tuple[str, ...]) -> str:
    for encoding in _fitting(body, declared):
        if encoding != "utf-8" and (encoding in declared or _holds_ascii(encoding)):
            return body.decode(encoding, "replace")
    text = body.decode("utf-8", "replace")
    # A few accents or dashes look like nothing to the detection: then it is what Western servers write.
    return text if text.count("\ufffd") * 2 < _beyond_ascii(text) else body.decode("cp1252", "replace")


def _beyond_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))
