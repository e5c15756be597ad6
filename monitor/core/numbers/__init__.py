"""Numbers as news writes them: `10.000`, `10 тыс.`, `1만2천여`, `1万2000`, `half a million`, `10–12 mil`.

The words are those of the languages that news on any topic comes in; nothing here depends on a topic, and nothing
says what a number counts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from monitor.core.numbers.bounds import bound_of, is_range, lowest
from monitor.core.numbers.others import names, refers_back
from monitor.core.numbers.sums import Sum, sums
from monitor.core.statements import Bound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.core.text import Folded

__all__ = ["Number", "numbers"]

_FEW = 10
_LONGEST_NAME = 100_000  # a bare number from here on is no part of a name


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a folded text.

    Attributes:
        value: what it amounts to; the lower end of a range.
        start: its first folded character.
        end: the one behind its last.
        bound: how the text limits it.
        most: the upper end of a range.
    """

    value: float
    start: int
    end: int
    bound: Bound = Bound.EXACT
    most: float | None = None


def numbers(
    folded: Folded, language: str | None = None, start: int = 0, stop: int | None = None
) -> Iterator[Number]:
    """Every number of a folded text that may count something; years and numbers in names are left out.

    Args:
        folded: the text.
        language: of the text, if it is known: it decides about words that several languages write.
        start: where to begin.
        stop: where to end.
    """
    text = folded.text
    spoken = _MACRO.get(language or "", language)
    low: Sum | None = None  # may be the lower end of a range
    for number in sums(folded, spoken, start, len(text) if stop is None else stop):
        if low is not None and not (low.year and number.year) and is_range(text, low, number):
            bound, end = bound_of(text, replace(number, start=low.start), spoken)
            bound = bound if bound is Bound.ABOUT else Bound.EXACT  # its ends say the rest
            yield Number(lowest(low, number), low.start, end, bound, number.value)
            low = None
            continue
        if low is not None:
            yield from _alone(text, low, spoken)
        low = number
    if low is not None:
        yield from _alone(text, low, spoken)


_MACRO = {"nb": "no", "nn": "no"}


def _alone(text: str, number: Sum, spoken: str | None) -> Iterator[Number]:
    if number.bare and number.value < _LONGEST_NAME and names(text, number.start, number.value):
        return
    if number.languages and number.value <= _FEW and refers_back(text, number.start):
        return
    bound, end = bound_of(text, number, spoken)
    if number.year and bound is Bound.EXACT and number.value % 100:
        return
    yield Number(number.value, number.start, end, bound)
