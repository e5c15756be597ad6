"""Days and periods in languages that write spaces: "23 October", "Oct. 23", "в октябре 2024 года", "next week"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from monitor.core.dates.lexicon import BEFORE_DAY, LINKS, RANGE
from monitor.core.dates.resolving import MONTHS, YEARS, days_of, month_of, year_of
from monitor.core.dates.tokens import LONGEST_DAY, LONGEST_YEAR, Tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from monitor.core.dates.lexicon import Lexicon, Meaning
    from monitor.core.dates.resolving import Today
    from monitor.core.statements import Period

    Found = tuple[int, int, Period]  # the first token, the last one, and the days they name

_JOINED = re.compile(r"\s?[-/]\s?")  # 23-25 October
_MOST_LINKS = 3
_CAPITAL = frozenset({"may", "march", "mars", "mai", "mart"})
"""Names of months that are ordinary words where they are written small."""


class Spaced:
    """The words of a text, in which names of days and periods are looked up.

    Args:
        text: folded.
        is_large: whether the character at an offset was written large.
        lexicon: of the text's language.
        today: the day of publication, None if unknown: then only what names its year is read.
    """

    def __init__(
        self, text: str, is_large: Callable[[int], bool], lexicon: Lexicon, today: Today | None
    ) -> None:
        self._text = text
        self._is_large = is_large
        self._lexicon = lexicon
        self._today = today
        self._tokens = Tokens(text)

    def found(self) -> Iterator[tuple[int, int, Period]]:
        """Where such names stand and which days they are, from left to right; none overlaps another."""
        names, done = self._lexicon.names, 0
        is_vietnamese = self._lexicon.language in {"vi", None}
        for index, (word, _, _) in enumerate(self._tokens):
            if index < done:
                continue
            one: Found | None = None
            if word in names:
                one = self._name(index, done)
            elif word.isdecimal():
                one = self._year(index) or (self._stroke(index) if is_vietnamese else None)
            elif is_vietnamese and word == "thang":
                one = self._numbered_month(index, done)
            if one:
                first, last, period = one
                yield *self._tokens.span(first, last), period
                done = last + 1

    def _name(self, index: int, done: int) -> Found | None:
        for phrase, meaning in self._lexicon.names[self._tokens.word(index)]:
            if not self._tokens.stands(phrase, index):
                continue
            last = index + len(phrase) - 1
            if meaning.kind in {"named", "short"}:
                return self._month(index, last, meaning, done)
            if self._today is None:
                return None
            if meaning.kind == "weekday":
                return self._weekday(index, last, meaning.number, self._today)
            return index, last, self._today.shifted(meaning.kind[:-1], meaning.number)
        return None

    def _month(self, first: int, last: int, meaning: Meaning, done: int) -> Found | None:
        """A month with what stands around it: its day, or days, and its year."""
        tokens, words = self._tokens, self._lexicon
        begin, low, high = self._day_before(first, done)
        if low is None and tokens.word(first) in _CAPITAL and not self._is_large(tokens.span(first, last)[0]):
            return None
        preceding = tokens.word(first - 1) if tokens.near(first - 1) else ""
        end = last
        if low is None and words.month_first and preceding != "in":
            end, low, high = self._day_after(last)
        year, end = self._year_behind(end)
        if low is None and "," in tokens.between(last) and words.language not in {"en", None}:
            year, end = None, last
        if meaning.kind == "short" and year is None and not self._is_shortened(last):
            return None
        if low is not None:
            return self._day(begin, end, (year, meaning.number, low, high))
        found = month_of(year, meaning.number) if year else self._bare_month(first, last, meaning, preceding)
        return (begin, end, found) if found else None

    def _bare_month(self, first: int, last: int, meaning: Meaning, preceding: str) -> Period | None:
        """A month without day and year, if what stands before it says that it is one."""
        words = self._lexicon
        is_ahead = preceding in words.by
        if meaning.kind == "short" or self._today is None:
            return None
        if not (is_ahead or preceding in words.within or not words.within):
            return None
        return self._today.month(meaning.number, ahead=is_ahead or self._is_planned(first, last))

    def _is_shortened(self, index: int) -> bool:
        """Whether an abbreviation is marked as one: without a dot most of them are words ("set", "mar", "out")."""
        return self._lexicon.language == "en" or self._text.startswith(
            ".", self._tokens.span(index, index)[1]
        )

    def _is_planned(self, first: int, last: int) -> bool:
        return self._tokens.is_planned(first, last, self._lexicon)

    def _day(self, first: int, last: int, what: tuple[int | None, int, int, int | None]) -> Found | None:
        year, month, low, high = what
        if year is not None:
            found = days_of(year, month, low, high)
        elif self._today is not None:
            found = self._today.day_and_month(month, low, high, ahead=self._is_planned(first, last))
        else:
            return None
        return (first, last, found) if found else None

    def _day_before(self, index: int, done: int) -> tuple[int, int | None, int | None]:
        """The day, or days, before the month: "23rd of October", "с 23 по 25 октября"."""
        tokens, at = self._tokens, index - 1
        while at > index - 1 - _MOST_LINKS and tokens.near(at) and tokens.word(at) in LINKS:
            at -= 1
        number = tokens.day(at) if at >= done and tokens.near(at) else None
        if number is None:
            return index, None, None
        first = at - 1
        if tokens.word(first) in RANGE and tokens.near(first) and tokens.near(first - 1):
            first -= 1
        elif first < 0 or not _JOINED.fullmatch(tokens.between(first)):
            return at, number, None
        low = tokens.day(first) if first >= done else None
        return (at, number, None) if low is None or low >= number else (first, low, number)

    def _day_after(self, index: int) -> tuple[int, int | None, int | None]:
        """The day, or days, behind the month: "October 23rd", "Oct. 23-25"."""
        tokens, at = self._tokens, index + 1
        low = tokens.day(at) if tokens.near(index) and tokens.number(at, LONGEST_DAY) else None
        if low is None or "," in tokens.between(index):
            return index, None, None
        high = tokens.number(at + 1, LONGEST_DAY)
        if high and high > low and _JOINED.fullmatch(tokens.between(at)):
            return at + 1, low, high
        return at, low, None

    def _year_behind(self, index: int) -> tuple[int | None, int]:
        """The year behind a day or month, in digits or as the last, this or the next one."""
        tokens, at = self._tokens, index + 1
        while at <= index + _MOST_LINKS and tokens.near(at - 1) and tokens.word(at) in LINKS:
            at += 1
        if not tokens.near(at - 1):
            return None, index
        if (year := tokens.number(at, LONGEST_YEAR)) in YEARS:
            return year, at
        for phrase, meaning in self._lexicon.names.get(tokens.word(at), ()):
            if meaning.kind == "years" and self._today is not None and tokens.stands(phrase, at):
                return self._today.shifted("year", meaning.number).first.year, at + len(phrase) - 1
        return None, index

    def _year(self, index: int) -> Found | None:
        """A year alone: "in 2026", "в 2026 году"."""
        tokens = self._tokens
        year = tokens.number(index, LONGEST_YEAR)
        if year is None or year not in YEARS:
            return None
        before, after = (
            tokens.word(beside) if tokens.near(gap) and "," not in tokens.between(gap) else ""
            for beside, gap in ((index - 1, index - 1), (index + 1, index))
        )
        if before in self._lexicon.year_after or after in self._lexicon.year_before:
            return index, index, year_of(year)
        return None

    def _weekday(self, first: int, last: int, number: int, today: Today) -> Found:
        tokens, which, shift = self._tokens, self._lexicon.which, None
        if tokens.near(first - 1) and (shift := which.get(tokens.word(first - 1))) is not None:
            first -= 1
        elif tokens.near(last) and (shift := which.get(tokens.word(last + 1))) is not None:
            last += 1
        is_ahead = shift is None and self._is_planned(first, last)
        return first, last, today.weekday(number, shift, ahead=is_ahead)

    def _stroke(self, index: int) -> Found | None:
        """A day as Vietnamese writes it: "ngày 23/10"."""
        tokens = self._tokens
        if tokens.word(index - 1) not in BEFORE_DAY or tokens.between(index) != "/":
            return None
        low, month = tokens.number(index, LONGEST_DAY), tokens.number(index + 1, LONGEST_DAY)
        if low is None or month is None or tokens.between(index + 1)[:1] == "/":
            return None
        return self._day(index, index + 1, (None, month, low, None))

    def _numbered_month(self, index: int, done: int) -> Found | None:
        """A month as Vietnamese writes it: "tháng 10"."""
        month = self._tokens.number(index + 1, LONGEST_DAY) if self._tokens.near(index) else None
        if month is None or month not in MONTHS:
            return None
        begin, low, high = self._day_before(index, done)
        year, end = self._year_behind(index + 1)
        if low is not None:
            return self._day(begin, end, (year, month, low, high))
        found = month_of(year, month) if year else None
        if year is None and self._today is not None:
            found = self._today.month(month, ahead=self._is_planned(begin, end))
        return (begin, end, found) if found else None
