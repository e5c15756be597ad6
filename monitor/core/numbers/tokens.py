"""Where digits, words of number and East Asian numerals stand in a text, each by itself."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.core.numbers import eastern
from monitor.core.numbers.digits import MOST_DIGITS, PLAIN, is_no_number, plain_value, suffix
from monitor.core.numbers.lexicon import senses
from monitor.core.numbers.vocabulary import Part
from monitor.core.text import SPACED, UNSPACED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.core.numbers.vocabulary import Sense
    from monitor.core.text import Folded

MONEY = r"[a-z]{0,3}[$€£¥₩₽₴₫₹₺]|(?<![^\W_])(?:us|usd|eur|gbp|rub|krw|jpy|cny|chf)(?![^\W_])"
"""How money is written beside a number."""

_LETTER = rf"[^\W\d_{UNSPACED}]"
# Words first: they are most of a text, and nothing else begins with their letters.
_TOKEN = re.compile(
    rf"(?P<word>{_LETTER}+(?:'(?={_LETTER}{{2}}){_LETTER}+)*)"
    rf"|(?P<eastern>(?:(?<![\w.,:/+-])|(?<=[{UNSPACED}])){eastern.MIXED}"
    rf"|{eastern.HAN}|{eastern.HANGUL}|{eastern.NATIVE})"
    rf"|(?P<digits>{PLAIN})"
)
_MONEY_BEFORE = re.compile(rf"(?:{MONEY})\s?\Z")
_SHORTENED = frozenset(
    {"тыс", "тис", "tys", "tis", "tsd", "tukst", "млн", "mln", "mio", "mill", "milj", "mn", "млрд", "mlrd"}
    | {"mljrd", "mrd", "mld", "mia", "трлн"}
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word of number, or digits.

    Attributes:
        start: its first folded character.
        end: the one behind its last, the dot that shortens it included.
        value: of digits.
        senses: of a word, by language.
        factor: of a letter glued to digits: 1000 for `500K`.
        is_bare: whether it is digits without any mark.
    """

    start: int
    end: int
    value: float = 0
    senses: tuple[Sense, ...] = ()
    factor: float = 1
    is_bare: bool = False

    def sense(self, language: str) -> Sense | None:
        """What the word means in the language."""
        return next((sense for sense in self.senses if sense.language == language), None)


@dataclass(frozen=True, slots=True)
class Numeral:
    """An East Asian numeral: a whole number (see `eastern.Eastern`)."""

    start: int
    end: int
    value: float
    scale: float
    more: bool


def tokens(folded: Folded, start: int, end: int) -> Iterator[Token | Numeral]:
    """What stands between two places of a text, in order."""
    text = folded.text
    for match in _TOKEN.finditer(text, start, end):
        if match.lastgroup == "word":
            found = senses(match.group())
            if found and any(sense.written for sense in found):
                found = _as_written(folded, match, found)
            if found:
                dot = match.group() in _SHORTENED and text.startswith(". ", match.end())
                yield Token(match.start(), match.end() + dot, senses=found)
        elif match.lastgroup == "eastern":
            if numeral := _numeral(text, match):
                yield numeral
        elif token := _digits(folded, match):
            yield token


def _as_written(folded: Folded, match: re.Match[str], found: tuple[Sense, ...]) -> tuple[Sense, ...]:
    first, last = folded.span(*match.span())
    word = unicodedata.normalize("NFC", folded.original[first:last]).lower()
    return tuple(sense for sense in found if sense.written in {"", word})


def _numeral(text: str, match: re.Match[str]) -> Numeral | None:
    surface = match.group().rstrip()
    if sum(map(str.isdigit, surface)) > MOST_DIGITS:
        return None
    read = eastern.read(text, match.start(), match.start() + len(surface))
    return read and Numeral(match.start(), read.end, read.value, read.scale, read.more)


def _digits(folded: Folded, match: re.Match[str]) -> Token | None:
    text, surface = folded.text, match.group()
    start, end = match.span()
    if is_no_number(surface) or _is_below_zero(text, start):
        return None
    money = _MONEY_BEFORE.search(text, max(0, start - 6), start) is not None
    written = folded.original[slice(*folded.span(end, end + 1))] if end < len(text) else ""
    factor, after = suffix(text, written, end, money=money)
    if after == end and text[end : end + 1].isalpha() and text[end] < SPACED:
        # Glued to letters: 11th, 152mm, 4x4; but 10тыс.
        word = _TOKEN.match(text, end)
        if word is None or not any(sense.part is Part.SCALE for sense in senses(word.group())):
            return None
    return Token(start, after, plain_value(surface) * factor, (), factor, surface.isdigit() and after == end)


def _is_below_zero(text: str, start: int) -> bool:
    return text[start - 1 : start] == "-" and (start == 1 or text[start - 2] in " (")
