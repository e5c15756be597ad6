"""The words of one language that name days and periods, made ready for looking up.

Names of months and weekdays come from Unicode's common locale data, as Babel carries it; the rest from `words`. A
language that only Babel knows is read all the same, as far as its months and weekdays go.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from monitor.core.dates import words
from monitor.core.text import fold_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from babel import Locale

TOKEN = re.compile(r"\d+|[^\W\d_]+")

# For texts of unknown language: names that mean the same in all of these.
_USUAL = tuple(words.DAYS)
_MONTHS = 12
_ALIKE = 2  # letters at the beginning that the cases of a name share
_SHORTEST = 3  # letters; shorter abbreviations are words of other kinds
_MONTH_FIRST = frozenset({"en", "hu", "lt", "lv", "eu"})


class Meaning(NamedTuple):
    """What a phrase names.

    Attributes:
        kind: `named` (a month), `short` (a month, abbreviated), `weekday`, or a unit: `days`, `weeks`, `months`,
            `years`.
        number: of the month from 1, of the weekday from 0, or how many units away from the present one.
    """

    kind: str
    number: int


Phrase = tuple[str, ...]


@dataclass(slots=True)
class Lexicon:
    """What a language calls days and periods, as folded tokens.

    Attributes:
        language: its code, None for texts of unknown language.
        names: what names days and periods, by first token, longest first.
        which: words beside a weekday, with the week that they mean.
        within: what stands before a month without a day.
        by: the same, where the month is ahead.
        year_after: what a year stands behind.
        year_before: what a year stands before.
        ahead: what says that something is planned, by first token.
        month_first: whether the day may stand behind the month.
    """

    language: str | None
    names: dict[str, tuple[tuple[Phrase, Meaning], ...]] = field(default_factory=dict)
    which: dict[str, int] = field(default_factory=dict)
    within: frozenset[str] = frozenset()
    by: frozenset[str] = frozenset()
    year_after: frozenset[str] = frozenset()
    year_before: frozenset[str] = frozenset()
    ahead: dict[str, tuple[Phrase, ...]] = field(default_factory=dict)
    month_first: bool = False


def phrases(text: str) -> tuple[Phrase, ...]:
    """The phrases of a list with semicolons, as folded tokens."""
    return tuple(tuple(TOKEN.findall(fold_text(part))) for part in text.split(";") if part.strip())


def last_words(text: str) -> frozenset[str]:
    """The last token of each phrase: enough to know it by, right before what it introduces."""
    return frozenset(phrase[-1] for phrase in phrases(text) if phrase)


LINKS = last_words(words.LINKS)
RANGE = last_words(words.RANGE)
BEFORE_DAY = last_words(words.BEFORE_DAY)


@lru_cache(maxsize=64)  # a text may claim any language
def lexicon(language: str | None) -> Lexicon:
    """The lexicon of a language, or the common one for a text whose language is unknown."""
    spoken = (language,) if language else _USUAL
    found: dict[Phrase, Meaning | None] = {}
    for code in spoken:
        for phrase, meaning in _named(code):
            if language is None and (phrase[0] in words.UNSURE or (meaning.kind == "short" and code != "en")):
                continue
            # Month names of kindred languages may differ by a month: such a word says nothing alone.
            found[phrase] = meaning if found.get(phrase, meaning) == meaning else None
    within, by, year_after, year_before = (
        frozenset().union(*(last_words(table.get(code, "")) for code in spoken))
        for table in (words.IN, words.BY, words.YEAR_AFTER, words.YEAR_BEFORE)
    )
    return Lexicon(
        language,
        _by_first((phrase, meaning) for phrase, meaning in found.items() if meaning),
        {
            phrase[-1]: shift
            for code in spoken
            for shift, text in zip((-1, 0, 1), words.WHICH.get(code, ()), strict=False)
            for phrase in phrases(text)
        },
        within=within,
        by=by - within,
        year_after=year_after,
        year_before=year_before,
        ahead=_grouped(phrase for code in spoken for phrase in phrases(words.AHEAD.get(code, ""))),
        month_first=language is None or language in _MONTH_FIRST,
    )


def _grouped(found: Iterable[Phrase]) -> dict[str, tuple[Phrase, ...]]:
    groups: dict[str, tuple[Phrase, ...]] = {}
    for phrase in found:
        groups[phrase[0]] = (*groups.get(phrase[0], ()), phrase)
    return groups


def _by_first(
    found: Iterable[tuple[Phrase, Meaning]],
) -> dict[str, tuple[tuple[Phrase, Meaning], ...]]:
    groups: dict[str, list[tuple[Phrase, Meaning]]] = {}
    for phrase, meaning in found:
        groups.setdefault(phrase[0], []).append((phrase, meaning))
    return {
        first: tuple(sorted(group, key=lambda one: len(one[0]), reverse=True))
        for first, group in groups.items()
    }


def _named(code: str) -> Iterator[tuple[Phrase, Meaning]]:
    """Every phrase of a language with its meaning; the first meaning of a phrase holds."""
    seen: dict[Phrase, Meaning] = {}
    tables: tuple[tuple[str, Mapping[str, tuple[str, ...]], int], ...] = (
        ("day", words.DAYS, -2),
        ("week", words.WEEKS, -1),
        ("month", words.MONTHS, -1),
        ("year", words.YEARS, -1),
    )
    for unit, table, first in tables:
        for number, text in enumerate(table.get(code, ()), first):
            for phrase in phrases(text):
                seen.setdefault(phrase, Meaning(f"{unit}s", number))
    for meaning, name in _calendar(code):
        for phrase in phrases(name):
            if phrase and not phrase[0].isdigit():
                seen.setdefault(phrase, meaning)
    _forget_tables()
    yield from seen.items()


def _calendar(code: str) -> Iterator[tuple[Meaning, str]]:
    """Months and weekdays, full names before abbreviations."""
    locale = _locale(code)
    months, days = (locale.months["format"], locale.days["format"]) if locale else ({}, {})
    for number, name in months.get("wide", {}).items():
        yield Meaning("named", number), name
    for number, name in _alone(locale):
        yield Meaning("named", number), name
    for number, names in enumerate(words.MONTH_FORMS.get(code, "").split(";"), 1):
        for name in names.split("/"):
            yield Meaning("named", number), name
    for number, name in days.get("wide", {}).items():
        if name not in words.NO_DAYS:
            yield Meaning("weekday", number), name
    for number, name in enumerate(words.DAY_FORMS.get(code, "").split(";")):
        yield Meaning("weekday", number), name
    for number, name in months.get("abbreviated", {}).items():
        if len(name.strip(".")) >= _SHORTEST:
            yield Meaning("short", number), name


def _alone(locale: Locale | None) -> Iterable[tuple[int, str]]:
    """The names of months without a day, where they are the language's own.

    Babel 2.18 gives a language that has none the names of whatever language was loaded before; such names do not
    begin like those that stand with a day.
    """
    if locale is None:
        return ()
    dated, alone = locale.months["format"]["wide"], locale.months["stand-alone"]["wide"]
    is_own = all(fold_text(alone[number])[:_ALIKE] == fold_text(dated[number])[:_ALIKE] for number in dated)
    return tuple(alone.items()) if is_own else ()


def _locale(code: str) -> Locale | None:
    """What Babel knows about a language, None if it knows nothing."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415  its tables are loaded with the first text only

    try:
        return Locale.parse(code)
    except (UnknownLocaleError, ValueError):
        return None


def _forget_tables() -> None:
    """Let go of what Babel has read: it keeps a megabyte of each language, of which a few names were wanted."""
    from babel import localedata  # noqa: PLC0415  see `_locale`

    known: dict[str, object] = getattr(localedata, "_cache", {})  # there is no other way
    for name in [name for name in known if name != "root"]:  # which all others are built upon
        known.pop(name, None)
