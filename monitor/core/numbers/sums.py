"""What the words and digits of one number amount to: `12 тысяч`, `two hundred and fifty`, `half a million`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.core.numbers.digits import is_year
from monitor.core.numbers.lexicon import ARTICLES, JOINTS, ONE_MORE, VOCABULARIES, fits
from monitor.core.numbers.others import VAGUE, measures
from monitor.core.numbers.tokens import Numeral, Token, tokens
from monitor.core.numbers.vocabulary import Part

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitor.core.numbers.vocabulary import Sense
    from monitor.core.text import Folded

_WORD_BEFORE = re.compile(r"([^\W\d_]+)[\s-]\Z")
_MOST_WORDS = 16  # of one number: Vietnamese needs fifteen for 7,353,838
_LONGEST_GAP = 8  # characters between two of them: " and a "
_NEAR = 24  # characters before a number in which the word before it stands
_SHORT = 4  # letters
_MOST = 1e15
_DOZEN = 12
_ENDLESS = float("inf")


@dataclass(frozen=True, slots=True)
class Sum:
    """A number of a text.

    Attributes:
        value: what it amounts to.
        start: its first folded character.
        end: the one behind its last.
        scale: what its last words multiply by: 1000 for "12 thousand".
        languages: those whose words it is made of; none for digits alone.
        more: whether it says "and a little more" (10여만, 一万多).
        rough: whether it is a round word: une vingtaine, сотня.
        bare: whether it is digits without any word or mark.
        year: whether these may be a year.
    """

    value: float
    start: int
    end: int
    scale: float = 1
    languages: frozenset[str] = frozenset()
    more: bool = False
    rough: bool = False
    bare: bool = False
    year: bool = False


def sums(folded: Folded, language: str | None, start: int, end: int) -> Iterator[Sum]:
    """The numbers between two places of a text, in order."""
    found = list(tokens(folded, start, end))
    at = 0
    while at < len(found):
        token, used = found[at], 1
        if isinstance(token, Numeral):
            number: Sum | None = Sum(token.value, token.start, token.end, token.scale, more=token.more)
        else:
            used, number = _longest(folded.text, _words(found, at), language)
        if number is not None and 0 < number.value < _MOST:
            yield number
        at += used


def _words(found: Sequence[Token | Numeral], at: int) -> list[Token]:
    """The words and digits from there on that stand close to each other."""
    words: list[Token] = []
    for token in found[at : at + _MOST_WORDS]:
        if isinstance(token, Numeral) or (words and token.start - words[-1].end > _LONGEST_GAP):
            break
        words.append(token)
    return words


def _longest(text: str, words: Sequence[Token], language: str | None) -> tuple[int, Sum | None]:
    """How many of the words make the first number, and the number, if it is one."""
    first = words[0]
    best: tuple[int, Sum | None] = (1, None)
    deciding = first
    if not first.senses:
        year = first.is_bare and is_year(text[first.start : first.end])
        best = (1, Sum(first.value, first.start, first.end, first.factor, bare=first.is_bare, year=year))
        if len(words) > 1 and words[1].start - first.end <= _LONGEST_GAP:
            deciding = words[1]
    for sense in sorted(deciding.senses, key=lambda sense: sense.language != language):
        used, number = _Adding(text, sense.language, language).read(words)
        if used > best[0] or (best[1] is None and number is not None):
            best = (used, number)
    return best


class _Adding:
    """Adds the words of one number up, in one language."""

    def __init__(self, text: str, language: str, spoken: str | None) -> None:
        self._text = text
        self._language = language
        self._is_spoken = language == spoken or (spoken is None and language == "en")
        self._total = self._current = 0.0
        self._least = _ENDLESS  # the last thousand, million …: what follows is smaller
        self._half = False  # a half waits for what it halves
        self._digits = False
        self._rough = False
        self._last: Part | None = None
        self._scale = 1.0

    def read(self, words: Sequence[Token]) -> tuple[int, Sum | None]:
        """How many of the words belong together, and what they amount to."""
        best: tuple[int, Sum | None] = (1, None)
        start, end = words[0].start, 0
        certain = 2 if self._is_spoken else 0  # a doubtful word is certain beside another one
        for count, token in enumerate(words, 1):
            sense = token.sense(self._language)
            if count == 1:
                opening = self._open(sense, token)
                if opening is None:
                    break
                start = opening
            elif not self._joins(self._text[end : token.start], sense) or not self._take(sense, token):
                break
            self._note(sense, token, first=count == 1)
            end = token.end + self._one_more(sense, token.end)
            certain += self._certainty(sense, token, first=count == 1)
            is_digits = count == 1 and sense is None
            is_article = count == 1 and self._text[start:end] in ARTICLES[self._language]
            if not self._half and not is_article and (is_digits or certain > 1):
                languages = frozenset() if is_digits else frozenset({self._language})
                value = self._total + self._current
                best = (count, Sum(value, start, end, self._scale, languages, rough=self._rough))
        return best

    @staticmethod
    def _certainty(sense: Sense | None, token: Token, *, first: bool) -> int:
        """How far the word says which language it is of: two are enough."""
        if sense is None:
            return 0
        is_short = first and sense.part in {Part.SCALE, Part.HUNDRED} and token.end - token.start <= _SHORT
        return 1 if sense.doubtful or is_short else 2  # bin, mil and sto alone are words of others, too

    def _one_more(self, sense: Sense | None, end: int) -> int:
        """Take in "and one", where one is the article, too: vingt et un. Gives its length."""
        if sense is None or self._current % 10 or self._current % 100 == 10 or not self._current:  # noqa: PLR2004
            return 0
        match = ONE_MORE[self._language].match(self._text, end)
        if match is None:
            return 0
        self._current += 1
        return match.end() - end

    def _note(self, sense: Sense | None, token: Token, *, first: bool) -> None:
        if sense is not None and sense.part in {Part.SCALE, Part.SET, Part.HUNDRED}:
            self._scale *= sense.value
        else:
            self._scale = token.factor if first else 1.0
        self._last = sense.part if sense else None

    def _joins(self, gap: str, sense: Sense | None) -> bool:
        """Whether what stands between two words keeps them together."""
        if gap == " " or (gap in {"", "-"} and sense is not None):
            return True
        return len(gap) <= _LONGEST_GAP and gap in JOINTS[self._language] and sense is not None

    def _open(self, sense: Sense | None, token: Token) -> int | None:
        """Begin with a word: where the number begins, its article included; None if it begins none."""
        if sense is None:
            self._current, self._digits = token.value, True
            return token.start
        if sense.attached:
            return None
        if sense.part is Part.ADD and not sense.alone:
            return token.start if self._add(sense) else None
        self._current = sense.value
        before = _WORD_BEFORE.search(self._text, max(0, token.start - _NEAR), token.start)
        word = before.group(1) if before else ""
        article = before.start() if before and word in ARTICLES[self._language] else None
        if word in VAGUE or (article is None and not sense.alone and sense.part not in _OPENING):
            return None
        self._half = sense.part is Part.HALF
        self._rough = sense.part is Part.SET and sense.value != _DOZEN
        if sense.part is Part.SCALE:
            self._total, self._current, self._least = sense.value, 0.0, sense.value
        if sense.part is Part.ADD:
            self._current = 0.0
            self._add(sense)
        return token.start if article is None else article

    def _take(self, sense: Sense | None, token: Token) -> bool:
        """Take in a further word; no if it belongs to another number."""
        if sense is None:
            return not token.senses and self._take_digits(token)
        if self._half:
            if sense.part not in {Part.SCALE, Part.SET}:
                return False
            self._half = False
        return _TAKING[sense.part](self, sense)

    def _take_digits(self, token: Token) -> bool:
        """Digits may follow a thousand: `1 тысяча 200`."""
        if self._current or self._least == _ENDLESS or not token.is_bare or token.value >= self._least:
            return False
        if measures(self._text, token.end) or is_year(self._text[token.start : token.end]):
            return False
        self._current = token.value
        return True

    def _add(self, sense: Sense) -> bool:
        value, ones = sense.value, self._current % 100
        if (self._digits and self._least == _ENDLESS) or value >= self._least:
            return False  # 10 twenty
        if self._language == "fr" and ones == 4 and value == 20:  # noqa: PLR2004  quatre-vingt
            value = 76
        elif not (sense.attached or fits(self._current, value) or self._is_odd(ones, value)):
            return False
        if value >= 1000:  # noqa: PLR2004  zehntausend, ألفان: further thousands are not added to it
            self._total, self._least = self._total + value, 1e6 if value >= 1e6 else 1e3  # noqa: PLR2004
        else:
            self._current += value
        return True

    def _is_odd(self, ones: float, value: float) -> bool:
        """Whether the language joins the two in a way of its own: soixante-dix, on iki, خمسة عشر."""
        if self._language == "fr":
            return (ones in {60, 80} and value < 20) or (ones == 10 and 7 <= value < 10)  # noqa: PLR2004
        if self._language == "ar":
            return value >= 10 and 0 < ones < 10  # noqa: PLR2004
        return VOCABULARIES[self._language].teens and ones == 10 and value < 10  # noqa: PLR2004

    def _add_half(self, sense: Sense) -> bool:
        if self._last is Part.SCALE and not self._current:
            self._total += self._least * sense.value  # dos millones y medio
            return True
        if not self._current:
            return False
        self._current += sense.value
        self._half = True  # two and a half *million*
        return True

    def _make_tens(self, sense: Sense) -> bool:
        ones = self._current % 100
        if not (ones == 0 or 1 < ones < 10):  # noqa: PLR2004  ten, or two to nine tens
            return False
        self._current += ones * (sense.value - 1) if ones else sense.value
        return True

    def _make_many(self, sense: Sense) -> bool:
        if not self._current and sense.part is Part.HUNDRED:
            self._current = 1  # тысяча сто
        if not 0 < self._current < 100:  # noqa: PLR2004  hundreds and dozens
            return False
        self._current *= sense.value
        self._rough = self._rough or (sense.part is Part.SET and sense.value != _DOZEN)
        return True

    def _multiply(self, sense: Sense) -> bool:
        if not self._current:
            if self._last is not Part.SCALE or self._least >= sense.value:
                return False
            self._total *= sense.value  # mil millones
        elif sense.value < self._least:
            self._total += self._current * sense.value
        else:
            self._total = (self._total + self._current) * sense.value
        self._current, self._least = 0.0, sense.value
        return True


_OPENING = frozenset({Part.HALF, Part.TENFOLD})
_TAKING = {
    Part.ADD: _Adding._add,  # noqa: SLF001  a table of its own ways
    Part.HALF: _Adding._add_half,  # noqa: SLF001
    Part.TENFOLD: _Adding._make_tens,  # noqa: SLF001
    Part.HUNDRED: _Adding._make_many,  # noqa: SLF001
    Part.SET: _Adding._make_many,  # noqa: SLF001
    Part.SCALE: _Adding._multiply,  # noqa: SLF001
}
