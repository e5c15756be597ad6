"""The words and numbers of a text, as names of days are put together from them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from monitor.core.dates.lexicon import TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.core.dates.lexicon import Lexicon, Phrase

LONGEST_DAY, LONGEST_YEAR = 2, 4
"""Digits of a day or month, and of a year."""

_GAP = re.compile(r"[\s.'\u2019,/()-]{1,4}")  # between the parts of a name
_DECIMAL = re.compile(r"[.,:]\d|\s?[%‰$€£°]|\s\d{3}(?!\d)")
_WITHIN_NUMBER = re.compile(r"\d[.,:]\Z|[$€£#№+]\Z")
_CLAUSE_END = re.compile(r"[.,;:!?()\"“”„«»\n]")
_PLAN_BEFORE, _PLAN_BEHIND = 6, 5  # words around a name within which a plan is spoken of
_FIRST = 2  # words of a clause before a name that begins it


class Tokens:
    """The words and numbers of a folded text.

    A place is the number of a token; places outside the text have no word.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._all = [(match.group(), match.start(), match.end()) for match in TOKEN.finditer(text)]

    def __iter__(self) -> Iterator[tuple[str, int, int]]:
        return iter(self._all)

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The characters from one token to another."""
        return self._all[first][1], self._all[last][2]

    def stands(self, phrase: Phrase, index: int) -> bool:
        """Whether the phrase stands there, whose first word does."""
        if len(phrase) == 1:
            return True
        tokens = self._all[index : index + len(phrase)]
        return tuple(token for token, _, _ in tokens) == phrase and all(
            self.near(index + step) for step in range(len(phrase) - 1)
        )

    def near(self, index: int) -> bool:
        """Whether the token and the next one belong together."""
        if index < 0 or index + 1 >= len(self._all):
            return False
        end, start = self._all[index][2], self._all[index + 1][1]
        return end == start or _GAP.fullmatch(self._text, end, start) is not None

    def word(self, index: int) -> str:
        """The word there."""
        return self._all[index][0] if 0 <= index < len(self._all) else ""

    def number(self, index: int, most: int) -> int | None:
        """The number there, if it has so few digits and no decimals."""
        word = self.word(index)
        if not (word.isdecimal() and len(word) <= most):
            return None
        return None if _DECIMAL.match(self._text, self._all[index][2]) else int(word)

    def between(self, index: int) -> str:
        """What stands between the token and the next one."""
        if index + 1 >= len(self._all):
            return ""
        return self._text[self._all[index][2] : self._all[index + 1][1]]

    def day(self, index: int) -> int | None:
        """The day of a month that stands there, if it is no part of a longer number."""
        if not 0 <= index < len(self._all):
            return None
        word, start, _ = self._all[index]
        if (
            not word.isdecimal()
            or len(word) > LONGEST_DAY
            or _WITHIN_NUMBER.search(self._text, max(0, start - 2), start)
        ):
            return None
        number = int(word)
        return number if 0 < number <= 31 else None  # noqa: PLR2004  days of a month

    def is_planned(self, first: int, last: int, lexicon: Lexicon) -> bool:
        """Whether what stands around a name, in its clause, speaks of what is still ahead."""
        begin, end = first, last + 1
        while begin > 0 and first - begin < _PLAN_BEFORE and not _CLAUSE_END.search(self.between(begin - 1)):
            begin -= 1
        if first - begin <= _FIRST:  # "On Tuesday Kim will visit"
            while (
                end < len(self._all)
                and end - last <= _PLAN_BEHIND
                and not _CLAUSE_END.search(self.between(end - 1))
            ):
                end += 1
        return any(
            self.stands(phrase, index)
            for index in (*range(begin, first), *range(last + 1, end))
            for phrase in lexicon.ahead.get(self.word(index), ())
        )
