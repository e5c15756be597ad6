"""Rows as CSV for spreadsheets and as lines of JSON for programs. Pure: rows in, pieces of text out, one by one."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import math
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Any

from monitor.notify.excerpt import clean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

CSV = "text/csv; charset=utf-8"
JSON_LINES = "application/x-ndjson"
BOM = "\ufeff"
"""What some spreadsheets need at the begin of a file to read it as UTF-8."""

# With these a spreadsheet takes a cell for a formula; the wide ones are as good where they are typed.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_EXACT = 2**53  # from here on a float skips whole numbers
# What acts on a terminal or its surroundings is escaped, so that the reader loses nothing.
_UNFIT = (*range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x2028, 0x2029)
_ESCAPED = {code: f"\\u{code:04x}" for code in _UNFIT}


def csv_lines(rows: Iterable[Any], columns: type, *, without: Collection[str] = ()) -> Iterator[str]:
    """Rows as CSV by RFC 4180, each line ending in CR LF; the first names the columns.

    Lists are one cell, divided by "; "; times are ISO 8601 in UTC; nothing is an empty cell. A text that a
    spreadsheet would take for a formula begins with an apostrophe. Control characters but tabs and line ends are left
    out.

    Args:
        rows: values of one frozen dataclass.
        columns: that dataclass, whose fields are the columns.
        without: columns that are left out.
    """
    names = _names(columns, without)
    yield _line(names)
    for row in rows:
        yield _line([_cell(getattr(row, name)) for name in names])


def json_lines(rows: Iterable[Any], columns: type, *, without: Collection[str] = ()) -> Iterator[str]:
    """Rows as JSON, one object a line, with everything as it is; arguments as for `csv_lines`."""
    names = _names(columns, without)
    for row in rows:
        values = {name: _plain(getattr(row, name)) for name in names}
        yield json.dumps(values, ensure_ascii=False, allow_nan=False).translate(_ESCAPED) + "\n"


def _names(columns: type, without: Collection[str]) -> list[str]:
    return [field.name for field in dataclasses.fields(columns) if field.name not in without]


def _line(cells: list[str]) -> str:
    held = io.StringIO()
    csv.writer(held, lineterminator="\r\n").writerow(cells)
    return held.getvalue()


def _cell(value: Any) -> str:
    """The value as a cell; numbers stay numbers, negative ones too."""
    plain = _plain(value)
    if plain is None:
        return ""
    if isinstance(plain, bool):
        return "true" if plain else "false"
    if isinstance(plain, int | float):
        return str(plain)
    text = clean("; ".join(plain) if isinstance(plain, list) else plain)
    return inert(text)


def inert(text: str) -> str:
    """A text that no spreadsheet takes for a formula: it begins with an apostrophe if it could be one."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _plain(value: Any) -> Any:
    """A value as JSON has it: times as text, whole numbers without a point, what is no number as nothing."""
    match value:
        case Enum():
            return value.value
        case str():
            return value.encode("utf-8", "replace").decode()  # no file can hold half a surrogate pair
        case float():
            return _number(value)
        case date():
            return value.isoformat().replace("+00:00", "Z")
        case tuple():
            return [_plain(each) for each in value]
    return value


def _number(value: float) -> float | None:
    if not math.isfinite(value):
        return None
    return int(value) if value.is_integer() and abs(value) < _EXACT else value
