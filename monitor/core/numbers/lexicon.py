"""Which words are words of number, in any of the languages, and what they mean there."""

from __future__ import annotations

from functools import lru_cache

from monitor.core.numbers.further import FURTHER
from monitor.core.numbers.germanic import GERMANIC
from monitor.core.numbers.romance import ROMANCE
from monitor.core.numbers.slavic import SLAVIC
from monitor.core.numbers.vocabulary import Part, Sense
from monitor.core.text import fold_text

VOCABULARIES = {one.language: one for one in (*GERMANIC, *ROMANCE, *SLAVIC, *FURTHER)}
JOINTS = {language: one.joints for language, one in VOCABULARIES.items()}
ARTICLES = {
    language: frozenset(map(fold_text, filter(None, one.one.split("/"))))
    for language, one in VOCABULARIES.items()
}
ONE_MORE = {language: one.one_more for language, one in VOCABULARIES.items()}

_SHORTEST, _LONGEST = 5, 80  # letters of a compound


def _collect() -> dict[str, tuple[Sense, ...]]:
    found: dict[str, tuple[Sense, ...]] = {}
    for one in VOCABULARIES.values():
        for word, sense in one.words():
            known = found.get(word, ())
            if all(sense.language != other.language or sense.written != other.written for other in known):
                found[word] = (*known, sense)
            if one.attached:
                attached = Sense(one.language, sense.part, sense.value, doubtful=True, attached=True)
                found.setdefault(one.attached + word, (attached,))
    return found


_WORDS = _collect()
_PIECES = {one.language: pieces for one in VOCABULARIES.values() if (pieces := one.pieces())}
_LONGEST_PIECE = max(len(piece) for pieces in _PIECES.values() for piece in pieces)
_SHORT = 3  # letters by which nearly all words can be told to be no compound
_BEGINNINGS = frozenset(
    (piece + following)[:_SHORT]
    for pieces in _PIECES.values()
    for piece in pieces
    for following in (pieces if len(piece) < _SHORT else ("",))
)


@lru_cache(maxsize=8192)  # most words of a text, and of all texts, are the same few
def senses(word: str) -> tuple[Sense, ...]:
    """What a folded word means as a number, by language; nothing for all other words."""
    if (found := _WORDS.get(word)) is not None:
        return found
    if len(word) < _SHORTEST or word[:_SHORT] not in _BEGINNINGS or len(word) > _LONGEST:
        return ()
    return _compound(word)


def _compound(word: str) -> tuple[Sense, ...]:
    """`zehntausend`, `ottomila`, `kaksituhatta`, `десятитысячный`."""
    found = []
    for language, pieces in _PIECES.items():
        parts = _divide(word, pieces)
        if parts and (value := _worth(parts, teens=VOCABULARIES[language].teens)):
            large = parts[-1].part is Part.SCALE and value >= parts[-1].value
            found.append(Sense(language, Part.ADD, value, alone=large))
    return tuple(found)


def _divide(word: str, pieces: dict[str, Sense]) -> list[Sense]:
    """The pieces that the whole word is made of, or nothing."""
    dead: set[int] = set()  # places from which the rest cannot be divided
    path: list[tuple[int, int]] = []  # where each piece stands
    start, size = 0, _LONGEST_PIECE
    while True:
        for end in range(min(len(word), start + size), start, -1):
            if end not in dead and word[start:end] in pieces:
                path.append((start, end))
                break
        else:
            dead.add(start)
            if not path:
                return []
            start, last = path.pop()
            size = last - start - 1
            continue
        start, size = path[-1][1], _LONGEST_PIECE
        if start == len(word):
            return [pieces[word[begin:end]] for begin, end in path]


def _worth(parts: list[Sense], *, teens: bool) -> float:
    """What the pieces of a compound amount to, 0 if they make no number."""
    if sum(part.value > 0 for part in parts) < 2:  # noqa: PLR2004  a compound has two
        return 0
    total = current = 0.0
    for part in parts:
        if part.part is Part.TENFOLD:
            ones = current % 10
            current += ones * 9 if ones else 10
        elif part.part is Part.HUNDRED:
            if current >= 100:  # noqa: PLR2004  no two hundred hundred
                return 0
            current = (current or 1) * 100
        elif part.part is Part.SCALE:
            if total and total < part.value:
                return 0
            total, current = total + (current or 1) * part.value, 0.0
        elif _adds(current, part.value, teens=teens):
            current += part.value
        else:
            return 0
    return total + current


def _adds(number: float, part: float, *, teens: bool) -> bool:
    """Whether a compound may go on so: zwanzig-drei-hundert no, fünf-und-zwanzig yes."""
    if not part or fits(number, part):
        return True
    ones = number % 100
    return (part >= 10 and 0 < ones < 10) or (teens and ones == 10 and part < 10)  # noqa: PLR2004


def fits(number: float, smaller: float) -> bool:
    """Whether the smaller number may be added by naming it after the other: 20 and 5, 300 and 12."""
    if smaller < 10:  # noqa: PLR2004  ones
        return number % 10 == 0 and number % 100 != 10  # noqa: PLR2004  ten one is no eleven
    return number % (100 if smaller < 100 else 1000) == 0  # noqa: PLR2004
