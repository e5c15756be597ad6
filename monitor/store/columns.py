"""Values as columns keep them: times as text that sorts, texts that UTF-8 can hold."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime

_LONE_SURROGATES = re.compile("[\ud800-\udfff]")


def column(value: object) -> object:
    """The value as SQLite keeps it: times as text that sorts, texts without lone surrogates.

    A lone surrogate cannot be stored as UTF-8; it becomes U+FFFD, which is one character too, so offsets stay true.
    """
    if isinstance(value, datetime):
        return time_text(value)
    return storable(value) if isinstance(value, str) else value


def storable(text: str) -> str:
    """The text as it comes back from the history."""
    return text if text.isascii() else _LONE_SURROGATES.sub("\ufffd", text)


def time_text(moment: datetime) -> str:
    """`2026-11-25T06:30:00.000000Z`: ISO 8601 in UTC with a fixed width. Raises ValueError without a zone."""
    if moment.tzinfo is None:
        raise ValueError(f"a time without zone cannot be stored: {moment!r}")
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return utc.isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def read_time(text: str) -> datetime:
    """The aware UTC time that `time_text` wrote."""
    return datetime.fromisoformat(text)


def read_optional_time(text: str | None) -> datetime | None:
    """As `read_time`, None for no time."""
    return None if text is None else datetime.fromisoformat(text)


def content_hash(title: str, text: str) -> str:
    """SHA-256 of a title and text, in hexadecimal. Texts with the same hash are copies of each other."""
    return hashlib.sha256(f"{storable(title)}\0{storable(text)}".encode()).hexdigest()


def chain_hash(before: str, url: str, number: int, read_at: str, content: str) -> str:
    """What a revision is sealed with, in hexadecimal: SHA-256 of it and of the seal of the one before.

    Whoever kept one seal can tell later whether this revision, or an earlier one, was exchanged.

    Args:
        before: the seal of the former revision, empty for the first.
        url: the canonical address of the article.
        number: of the revision.
        read_at: when it was read, as the history writes times.
        content: its `content_hash`.
    """
    return hashlib.sha256(
        "\n".join((before, storable(url), str(number), read_at, content)).encode()
    ).hexdigest()
