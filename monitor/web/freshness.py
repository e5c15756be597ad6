"""Whether a browser or a reader of feeds has an answer already (RFC 9110, 13). Pure."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

_MOST = 4096  # characters of a list of tags


def is_known(asked: Mapping[str, str], answer: Mapping[str, str]) -> bool:
    """Whether the answer is what the asker said that it has: by its tag or, where it names none, by its time.

    Args:
        asked: the headers of the request, with names in small letters.
        answer: the headers of the answer; `ETag` and `Last-Modified` count.
    """
    given = {name.lower(): value for name, value in answer.items()}
    tags, tag = asked.get("if-none-match"), given.get("etag")
    if tags is not None:
        named = [each.strip().removeprefix("W/") for each in tags[:_MOST].split(",")]
        return tag is not None and (named == ["*"] or tag.removeprefix("W/") in named)
    since, changed = _time(asked.get("if-modified-since")), _time(given.get("last-modified"))
    return since is not None and changed is not None and changed <= since


def _time(text: str | None) -> datetime | None:
    try:
        when = parsedate_to_datetime(text) if text else None
    except ValueError:
        return None
    return when if when is None or when.tzinfo is not None else None
