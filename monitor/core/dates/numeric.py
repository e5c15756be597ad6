"""Dates in digits whose order is clear: 2024-10-31, 31.10.2024, 10/31/2024."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from monitor.core.dates.resolving import YEARS, days_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.core.statements import Period

_NUMERIC = re.compile(
    r"(?<![\w./-])(?<!\d[,:])(?:(?P<y>\d{4})(?P<s>[./-])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})"
    r"|(?P<a>\d{1,2})(?:(?P<t>[./-])|(?P<u>\.\s))(?P<b>\d{1,2})(?:(?P=t)|(?<=\d)(?=\.\s)(?P=u))(?P<z>\d{4}|\d\d))"
    r"(?![\w/]|[.,:-]\d)(?!t\d)"
)
_ISO_TIME = re.compile(r"(?<![\w./-])(\d{4})-(\d\d)-(\d\d)(?=t\d)")
_DIGITS = 4  # of a year in full
_RECENT = 3  # years around the publication that two digits may mean


def numeric(text: str, language: str | None, this_year: int | None) -> Iterator[tuple[int, int, Period]]:
    """Where such dates stand in a folded text of the language, and which days they are.

    Two digits name a year only near the one of publication.
    """
    for match in _ISO_TIME.finditer(text):
        if found := days_of(int(match[1]), int(match[2]), int(match[3])):
            yield match.start(), match.end(), found
    for match in _NUMERIC.finditer(text):
        if match["y"]:
            found = days_of(int(match["y"]), int(match["m"]), int(match["d"]))
        else:
            year = int(match["z"])
            if len(match["z"]) < _DIGITS:
                year += 2000
                if this_year is None or match["t"] == "-" or abs(year - this_year) > _RECENT:
                    continue
            found = _ordered(int(match["a"]), int(match["b"]), year, match["t"] or ".", language)
        if found and found.first.year in YEARS:
            yield match.start(), match.end(), found


def _ordered(one: int, other: int, year: int, mark: str, language: str | None) -> Period | None:
    """The day first, as nearly everywhere; with strokes, English also writes the month first."""
    day_first, month_first = days_of(year, other, one), days_of(year, one, other)
    if mark == "." or (language is not None and language != "en"):
        return day_first
    if one == other or month_first is None:
        return day_first
    return month_first if day_first is None else None
