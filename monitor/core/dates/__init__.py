"""Which days and periods does a text name?

Names of months and weekdays come from Unicode's common locale data (through Babel); what is named without a year, or
by its distance from today, is reckoned from the time of publication.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from monitor.core.dates import words
from monitor.core.dates.eastern import eastern
from monitor.core.dates.lexicon import lexicon
from monitor.core.dates.numeric import numeric
from monitor.core.dates.resolving import YEARS, Today
from monitor.core.dates.spaced import Spaced
from monitor.core.text import Folded, is_unspaced

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from monitor.core.statements import Period

__all__ = ["Dated", "dates"]

_BESIDE = 8  # characters between a date and the weekday that says the same
_LONGEST = (
    300  # characters on each side of a day within which its sentence is asked whether it speaks of plans
)
_SPACELESS = frozenset({"ja", "zh", "ko"})


@dataclass(frozen=True, slots=True)
class Dated:
    """A place of a folded text that names days, and which."""

    start: int
    end: int
    period: Period


def dates(folded: Folded, language: str | None, published: datetime | None, upto: int) -> tuple[Dated, ...]:
    """The days and periods that a text names, in order of place.

    Args:
        folded: the text.
        language: its code, None if unknown.
        published: when it was published; without it only what names its year is read.
        upto: how many characters of it are read.
    """
    text = folded.text[:upto]
    today = _today(language, published)
    found = list(numeric(text, language, published.year if published else None))
    if is_unspaced(text):
        found += eastern(text, today, _sentence(folded))
    if language not in _SPACELESS:
        found += Spaced(text, _large(folded), lexicon(language), today).found()
    return _apart([Dated(*one) for one in found], text)


def _today(language: str | None, published: datetime | None) -> Today | None:
    if published is None or published.year not in YEARS:
        return None
    hours = words.HOURS.get(language or "")
    here = (published + timedelta(hours=hours or 0)).date()
    return Today(here, here if hours else (published + timedelta(hours=words.ANYWHERE)).date())


def _apart(found: list[Dated], text: str) -> tuple[Dated, ...]:
    """Those that do not overlap, earlier and longer ones first; a weekday beside a date says nothing more."""
    kept: list[Dated] = []
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if kept and one.start < kept[-1].end:
            continue
        kept.append(one)
    return tuple(
        one
        for index, one in enumerate(kept)
        if any(map(str.isdigit, text[one.start : one.end]))
        or one.period.first != one.period.last
        or not any(_says_more(one, other, text) for other in kept[max(0, index - 1) : index + 2])
    )


def _says_more(one: Dated, other: Dated, text: str) -> bool:
    gap = max(other.start - one.end, one.start - other.end)
    return (
        other is not one
        and gap <= _BESIDE
        and other.period.first == other.period.last
        and other.period.first.weekday() == one.period.first.weekday()
        and any(map(str.isdigit, text[other.start : other.end]))
    )


def _large(folded: Folded) -> Callable[[int], bool]:
    return lambda offset: folded.original[folded.span(offset, offset + 1)[0]].isupper()


def _sentence(folded: Folded) -> Callable[[int], str]:
    def sentence(offset: int) -> str:
        number, starts = folded.sentence_at(offset), folded.sentences
        end = starts[number + 1] if number + 1 < len(starts) else len(folded.text)
        return folded.text[max(starts[number], offset - _LONGEST) : min(end, offset + _LONGEST)]

    return sentence
