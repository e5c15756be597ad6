"""Days and periods in languages that write spaces: "23 October", "Oct. 23", "31.10.2024", "next week"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from monitor.core.dates.lexicon import BEFORE_DAY, LINKS, RANGE, TOKEN
from monitor.core.dates.resolving import YEARS, days_of, month_of, year_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from monitor.core.dates.lexicon import Lexicon, Meaning
    from monitor.core.dates.resolving import Today
    from monitor.core.models import Period

    Found = tuple[int, int, Period]

_NUMERIC = re.compile(
    r"(?<![\w./-])(?<!\d[,:])(?:(?P<y>\d{4})(?P<s>[./-])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})"
    r"|(?P<a>\d{1,2})(?:(?P<t>[./-])|(?P<u>\.\s))(?P<b>\d{1,2})(?:(?P=t)|(?<=\d)(?=\.\s)(?P=u))(?P<z>\d{4}|\d\d))"
    r"(?![\w/]|[.,:-]\d)(?!t\d)"
)
_ISO_TIME = re.compile(r"(?<![\w./-])(\d{4})-(\d\d)-(\d\d)(?=t\d)")
_GAP = re.compile(r"[\s.'\u2019,/()-]{1,4}")  # between the parts of a name
_JOINED = re.compile(r"\s?[-/]\s?")  # 23-25 October
_DECIMAL = re.compile(r"[.,:]\d|\s?[%‰$€£°]|\s\d{3}(?!\d)")
_WITHIN_NUMBER = re.compile(r"\d[.,:]\Z|[$€£#№+]\Z")
_LONGEST_DAY, _LONGEST_YEAR = 2, 4
_MOST_LINKS = 3
_RECENT = 3  # years around the publication that two digits may mean
_CAPITAL = frozenset({"may", "march", "mars", "mai", "mart"})
"""Names of months that are ordinary words where they are written small."""


def numeric(text: str, lexicon: Lexicon, this_year: int | None) -> Iterator[Found]:
    """Dates in digits whose order is clear."""
    for match in _ISO_TIME.finditer(text):
        if found := days_of(int(match[1]), int(match[2]), int(match[3])):
            yield match.start(), match.end(), found
    for match in _NUMERIC.finditer(text):
        if match["y"]:
            found = days_of(int(match["y"]), int(match["m"]), int(match["d"]))
        else:
            year = int(match["z"])
            if len(match["z"]) < _LONGEST_YEAR:
                year += 2000
                if this_year is None or match["t"] == "-" or abs(year - this_year) > _RECENT:
                    continue
            found = _ordered(int(match["a"]), int(match["b"]), year, match["t"] or ".", lexicon.language)
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


class Spaced:
    """The tokens of a text, in which names of days and periods are looked up.

    Args:
        text: folded.
        original: whether the character at an offset of the folded text was written large.
        lexicon: of the text's language.
        today: the day of publication, None if unknown: then only what names its year is read.
        ahead: whether the sentence at an offset speaks of what is planned.
    """

    def __init__(
        self,
        text: str,
        original: Callable[[int], bool],
        lexicon: Lexicon,
        today: Today | None,
        ahead: Callable[[int], bool],
    ) -> None:
        self._text = text
        self._is_large = original
        self._lexicon = lexicon
        self._today = today
        self._ahead = ahead
        self._tokens = [(match.group(), match.start(), match.end()) for match in TOKEN.finditer(text)]

    def found(self) -> Iterator[Found]:
        """Every name of a day or period, from left to right; none overlaps another."""
        names, done = self._lexicon.names, 0
        vietnamese = self._lexicon.language in {"vi", None}
        for index, (word, start, _) in enumerate(self._tokens):
            if start < done:
                continue
            one: Found | None = None
            if word in names:
                one = self._name(index, done)
            if one is None and word.isdigit():
                one = self._year(index) or (self._stroke(index) if vietnamese else None)
            elif one is None and vietnamese and word == "thang":
                one = self._numbered_month(index, done)
            if one:
                yield one
                done = one[1]

    def _name(self, index: int, done: int) -> Found | None:
        for phrase, meaning in self._lexicon.names[self._tokens[index][0]]:
            if self._stands(phrase, index):
                last = index + len(phrase) - 1
                if meaning.kind in {"named", "short"}:
                    return self._month(index, last, meaning, done)
                if self._today is None:
                    return None
                start, end = self._tokens[index][1], self._tokens[last][2]
                if meaning.kind == "weekday":
                    return self._weekday(index, last, meaning.number)
                return start, end, self._today.shifted(meaning.kind[:-1], meaning.number)
        return None

    def _stands(self, phrase: tuple[str, ...], index: int) -> bool:
        if len(phrase) == 1:
            return True
        tokens = self._tokens[index : index + len(phrase)]
        return tuple(token for token, _, _ in tokens) == phrase and all(
            self._near(index + step) for step in range(len(phrase) - 1)
        )

    def _near(self, index: int) -> bool:
        """Whether the token and the next one belong together."""
        if index < 0 or index + 1 >= len(self._tokens):
            return False
        end, start = self._tokens[index][2], self._tokens[index + 1][1]
        return end == start or _GAP.fullmatch(self._text, end, start) is not None

    def _word(self, index: int) -> str:
        return self._tokens[index][0] if 0 <= index < len(self._tokens) else ""

    def _number(self, index: int, most: int) -> int | None:
        """The number there, if it has so few digits and no decimals."""
        word = self._word(index)
        if not (word.isdecimal() and len(word) <= most):
            return None
        return None if _DECIMAL.match(self._text, self._tokens[index][2]) else int(word)

    def _month(self, first: int, last: int, meaning: Meaning, done: int) -> Found | None:
        word = self._word(first)
        before, low, high = self._day_before(first, done)
        if low is None and word in _CAPITAL and not self._is_large(self._tokens[first][1]):
            return None
        after = last
        preceding = self._word(first - 1) if self._near(first - 1) else ""
        if low is None and self._lexicon.month_first and preceding != "in":
            after, low, high = self._day_after(last)
        year, ending = self._year_behind(after)
        if low is None and "," in self._between(last) and self._lexicon.language not in {"en", None}:
            year, ending = None, last
        start, end = self._tokens[before][1], self._tokens[ending][2]
        if meaning.kind == "short" and year is None and not self._is_shortened(last):
            return None
        if low is not None:
            return self._day(start, end, (year, meaning.number, low, high))
        found = month_of(year, meaning.number) if year else self._bare_month(meaning, start, preceding)
        return (start, end, found) if found else None

    def _bare_month(self, meaning: Meaning, start: int, preceding: str) -> Period | None:
        """A month without day and year, if what stands before it says that it is one."""
        words = self._lexicon
        is_ahead = preceding in words.by
        if meaning.kind == "short" or self._today is None:
            return None
        if not (is_ahead or preceding in words.within or not words.within):
            return None
        return self._today.month(meaning.number, ahead=is_ahead or self._ahead(start))

    def _is_shortened(self, index: int) -> bool:
        """Whether an abbreviation is marked as one: without a dot most of them are words ("set", "mar", "out")."""
        return self._lexicon.language == "en" or self._text.startswith(".", self._tokens[index][2])

    def _day(self, start: int, end: int, what: tuple[int | None, int, int, int | None]) -> Found | None:
        year, month, low, high = what
        if year is not None:
            found = days_of(year, month, low, high)
        elif self._today is not None:
            found = self._today.day_and_month(month, low, high, ahead=self._ahead(start))
        else:
            return None
        return (start, end, found) if found else None

    def _day_before(self, index: int, done: int) -> tuple[int, int | None, int | None]:
        """The day, or days, before the month: "23rd of October", "с 23 по 25 октября"."""
        at = index - 1
        while at > index - 1 - _MOST_LINKS and self._near(at) and self._word(at) in LINKS:
            at -= 1
        number = self._whole(at, done) if self._near(at) else None
        if number is None:
            return index, None, None
        first = at - 1
        joint = self._text[self._tokens[first][2] : self._tokens[at][1]] if first >= 0 else ""
        if first > 0 and self._word(first) in RANGE and self._near(first) and self._near(first - 1):
            first -= 1
        elif not _JOINED.fullmatch(joint):
            return at, number, None
        low = self._whole(first, done)
        return (at, number, None) if low is None or low >= number else (first, low, number)

    def _whole(self, index: int, done: int) -> int | None:
        """The day of a month that stands there, if it is no part of a longer number."""
        if not 0 <= index < len(self._tokens) or self._tokens[index][1] < done:
            return None
        word, start, _ = self._tokens[index]
        if (
            not word.isdecimal()
            or len(word) > _LONGEST_DAY
            or _WITHIN_NUMBER.search(self._text, max(0, start - 2), start)
        ):
            return None
        number = int(word)
        return number if 0 < number <= 31 else None  # noqa: PLR2004  days of a month

    def _day_after(self, index: int) -> tuple[int, int | None, int | None]:
        """The day, or days, behind the month: "October 23rd", "Oct. 23-25"."""
        at = index + 1
        low = self._number(at, _LONGEST_DAY) if self._near(index) else None
        if not low or low > 31 or "," in self._between(index):  # noqa: PLR2004  days of a month
            return index, None, None
        high = self._number(at + 1, _LONGEST_DAY)
        if high and high > low and _JOINED.fullmatch(self._between(at)):
            return at + 1, low, high
        return at, low, None

    def _between(self, index: int) -> str:
        if index + 1 >= len(self._tokens):
            return ""
        return self._text[self._tokens[index][2] : self._tokens[index + 1][1]]

    def _year_behind(self, index: int) -> tuple[int | None, int]:
        at = index + 1
        while at <= index + _MOST_LINKS and self._near(at - 1) and self._word(at) in LINKS:
            at += 1
        if not self._near(at - 1):
            return None, index
        year = self._number(at, _LONGEST_YEAR)
        return (year, at) if year in YEARS else (None, index)

    def _year(self, index: int) -> Found | None:
        """A year alone: "in 2026", "в 2026 году"."""
        word, start, end = self._tokens[index]
        if len(word) != _LONGEST_YEAR or self._number(index, _LONGEST_YEAR) not in YEARS:
            return None
        before = (
            self._word(index - 1) if self._near(index - 1) and "," not in self._between(index - 1) else ""
        )
        after = self._word(index + 1) if self._near(index) and "," not in self._between(index) else ""
        if before in self._lexicon.year_after or after in self._lexicon.year_before:
            return start, end, year_of(int(word))
        return None

    def _weekday(self, first: int, last: int, number: int) -> Found:
        assert self._today is not None  # noqa: S101  asked by the caller
        start, end = self._tokens[first][1], self._tokens[last][2]
        which, shift = self._lexicon.which, None
        if self._near(first - 1) and (shift := which.get(self._word(first - 1))) is not None:
            start = self._tokens[first - 1][1]
        elif self._near(last) and (shift := which.get(self._word(last + 1))) is not None:
            end = self._tokens[last + 1][2]
        return start, end, self._today.weekday(number, shift, ahead=shift is None and self._ahead(start))

    def _stroke(self, index: int) -> Found | None:
        """A day as Vietnamese writes it: "ngày 23/10"."""
        if self._word(index - 1) not in BEFORE_DAY or self._between(index) != "/":
            return None
        low, month = self._number(index, _LONGEST_DAY), self._number(index + 1, _LONGEST_DAY)
        if low is None or month is None or self._between(index + 1)[:1] == "/":
            return None
        return self._day(self._tokens[index][1], self._tokens[index + 1][2], (None, month, low, None))

    def _numbered_month(self, index: int, done: int) -> Found | None:
        """A month as Vietnamese writes it: "tháng 10"."""
        month = self._number(index + 1, _LONGEST_DAY) if self._near(index) else None
        if not month or month > 12:  # noqa: PLR2004  months of a year
            return None
        before, low, high = self._day_before(index, done)
        year, ending = self._year_behind(index + 1)
        start, end = self._tokens[before][1], self._tokens[ending][2]
        if low is not None:
            return self._day(start, end, (year, month, low, high))
        found = month_of(year, month) if year else None
        if year is None and self._today is not None:
            found = self._today.month(month, ahead=self._ahead(start))
        return (start, end, found) if found else None
