"""What a page answers: values, and the template that shows them. Programs get the same values as JSON."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import Enum
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from monitor.core.errors import DatabaseBusy, InputError, MonitorError, RuleError, StorageError
from monitor.store.browsing import TooSlow

_AS_THEY_ARE = frozenset({str, int, bool, type(None)})


@dataclasses.dataclass(frozen=True, slots=True)
class Page:
    """What is shown.

    Attributes:
        template: the file in `templates` that shows it.
        values: a frozen dataclass with all that it shows; in the template it is called `page`.
        status: of HTTP.
        beside: what only people see, by name: charts of the values, most of all.
    """

    template: str
    values: object
    status: int = HTTPStatus.OK
    beside: Mapping[str, object] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, slots=True)
class Document:
    """A whole answer that is no page of ours: a feed, a file to keep.

    Attributes:
        body: its bytes.
        media_type: with the charset, for texts.
        headers: more of them, ETag and Content-Disposition for instance.
        status: of HTTP.
    """

    body: bytes
    media_type: str
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)
    status: int = HTTPStatus.OK


@dataclasses.dataclass(frozen=True, slots=True)
class Trouble:
    """Something that went wrong, for whoever asked for it."""

    title: str
    message: str
    remedy: str = ""


def troubled(error: MonitorError, *, named: bool) -> Page:
    """The page that says why there is no other.

    Args:
        error: what happened.
        named: whether the address itself names something, which then is not there.
    """
    if isinstance(error, InputError | RuleError):
        status = HTTPStatus.NOT_FOUND if named else HTTPStatus.BAD_REQUEST
        title = "There is nothing here" if named else "This cannot be answered"
    elif isinstance(error, TooSlow | DatabaseBusy):
        status, title = HTTPStatus.SERVICE_UNAVAILABLE, "This takes too long"
    elif isinstance(error, StorageError):
        status, title = HTTPStatus.SERVICE_UNAVAILABLE, "The history cannot be read"
    else:
        status, title = HTTPStatus.INTERNAL_SERVER_ERROR, "This did not work"
    # The place of the history is nobody's business but the keeper's, who finds it in the log.
    return Page("trouble.html", Trouble(title, error.message, error.remedy), status)


def as_json(values: object) -> str:
    """The values of a page as JSON: times in ISO 8601, members of an enumeration as their words."""
    # On one line: indented, json writes it in Python, which takes longer than all else that a long list needs.
    return json.dumps(plain(values), ensure_ascii=False, allow_nan=False)


def plain(value: object) -> Any:  # noqa: PLR0911  one for each kind of value
    """A value as dictionaries, lists, texts and numbers; what JSON has no number for is null."""
    kind = type(value)
    if kind in _AS_THEY_ARE:
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if (names := _fields(kind)) is not None:  # type: ignore[arg-type]  # classes can be hashed
        return {name: plain(getattr(value, name)) for name in names}
    match value:
        case str() | bool() | int() | None:
            return value.value if isinstance(value, Enum) else value
        case datetime() | date():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case Mapping():
            return {str(plain(key)): plain(item) for key, item in value.items()}
        case frozenset() | Sequence():
            return [plain(item) for item in (sorted(value) if isinstance(value, frozenset) else value)]
    return str(value)


# A list of hundreds of sources is ten thousands of values, of few kinds.
@lru_cache(maxsize=256)
def _fields(kind: type) -> tuple[str, ...] | None:
    """The names of what a dataclass holds; None for anything else."""
    return tuple(field.name for field in dataclasses.fields(kind)) if dataclasses.is_dataclass(kind) else None
