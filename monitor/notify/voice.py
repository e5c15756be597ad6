"""How one reader is spoken to: phrases, numbers, times and names of languages, all in the reader's own language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml
from babel import Locale, UnknownLocaleError, dates, numbers

from monitor.core.statements import Bound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from zoneinfo import ZoneInfo

    from monitor.core.statements import Fact, Period
    from monitor.core.topic import Pack

_HOME = (
    "en_GB"  # day before month, 24 hours: how English is read by most who do not live in the United States
)
_MONSTROUS = 1e15  # from here on nobody counts digits, and Babel soon refuses to


@dataclass(frozen=True, slots=True)
class Voice:
    """A reader's language and time zone, and the packs that give concepts and rules their names.

    `language` is a code such as `de` or `pt-BR`. Frame words of a language without a translation are English; numbers
    and dates follow the language all the same.
    """

    language: str
    zone: ZoneInfo
    packs: Mapping[str, Pack]

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`: how the frame of the message runs."""
        return str(_locale(self.frame).text_direction)

    @property
    def locale(self) -> Locale:
        """How the reader's language writes numbers and dates."""
        return _locale(self.language)

    @property
    def frame(self) -> str:
        """The language of the frame words: the reader's, or `en` where we have no translation."""
        code = _primary(self.language)
        return code if code in _phrases() else "en"

    def say(self, key: str, **filling: str) -> str:
        """The phrase `key`. Raises KeyError if there is none: a slip in a template, not a reader's fault."""
        return str(_phrases()[self.frame][key]).format(**filling)

    def count(self, key: str, number: int) -> str:
        """The phrase `key` in the plural form that the number asks for: `1 alert`, `7 alerts`."""
        forms = _phrases()[self.frame][key]
        form = _locale(self.frame).plural_form(number)
        return str(forms.get(form) or forms["other"]).format(count=self.number(number))

    def number(self, value: float) -> str:
        """A figure with the reader's separators and at most two decimals: 10,000 or 10.000; a monster as 1E38."""
        if abs(value) >= _MONSTROUS:
            return numbers.format_scientific(value, locale=_locale(self.language))
        return _decimal(self.language, round(value, 2) or 0)  # and never -0

    def compact(self, value: float) -> str:
        """A large number in few characters: 120K, 120 Tsd., 12万."""
        if abs(value) >= _MONSTROUS:
            return self.number(value)
        return numbers.format_compact_decimal(value, locale=self.locale, fraction_digits=1)

    def figure(self, fact: Fact) -> str:
        """A figure as its text limits it: `about 12,000`, `up to 12,000`, `10,000–12,000`; empty if it has none."""
        if fact.value is None:
            return ""
        number = self.number(fact.value)
        if fact.most is not None:
            number = self.say("range", number=number, most=self.number(fact.most))
        return number if fact.bound is Bound.EXACT else self.say(fact.bound.value, number=number)

    def period(self, period: Period) -> str:
        """The days from the first to the last: `25 Nov 2026`, `1–3 Dec 2026`."""
        locale = _locale(self.language)
        if period.first == period.last:
            return dates.format_skeleton("yMMMd", period.first, locale=locale)
        return dates.format_interval(period.first, period.last, skeleton="yMMMd", locale=locale)

    def and_more(self, number: int) -> str:
        """How many there are besides those named; empty if there are none."""
        return self.say("and_more", number=self.number(number)) if number > 0 else ""

    def moment(
        self, when: datetime, *, day_only: bool = False, beside: datetime | None = None, zone: bool = True
    ) -> str:
        """A time in the reader's zone, with the zone named if `zone`: `25 Nov 2026, 14:05 CET`.

        A date without a time of day is not moved between zones: `25 Nov 2026`. The year is left out if it is the same
        as that of `beside`, a time that the reader sees as well, or that is about now.
        """
        here = when if day_only else when.astimezone(self.zone)
        this_year = beside is not None and beside.astimezone(here.tzinfo).year == here.year
        day = _day(self.language, "MMMd" if this_year else "yMMMd", here.date())
        if day_only:
            return day
        said = (
            _glue(self.language)
            .replace("{1}", day)
            .replace("{0}", _clock(self.language, here.hour, here.minute))
        )
        return f"{said} {self._zone_name(here)}" if zone else said

    def concept(self, pack: str, name: str) -> str:
        """What the reader calls a concept of a pack; its name if the pack or the concept is gone."""
        found = self.packs.get(pack)
        concept = found.concepts.get(name) if found else None
        return concept.label(self.language) if concept else name

    def rule(self, pack: str, name: str) -> str:
        """What the reader calls a rule of a pack; its name if the pack or the rule is gone."""
        found = self.packs.get(pack)
        rule = found.rule(name) if found else None
        return rule.label(self.language) if rule else name

    @property
    def arrow(self) -> str:
        """From what was to what is. No program mirrors it: where lines run from right to left, it points left."""
        return "←" if self.direction == "rtl" else "→"

    def language_name(self, code: str | None) -> str:
        """What the reader calls a language; the code itself if nobody has a name for it, empty for None."""
        if not code:
            return ""
        names = _locale(self.language).languages
        return names.get(code.replace("-", "_")) or names.get(_primary(code)) or code

    def listing(self, words: Sequence[str]) -> str:
        """Words in a row, with the comma that the reader's script uses."""
        comma = {"ar": "، ", "fa": "، ", "ja": "、", "zh": "、"}.get(self.frame, ", ")
        return comma.join(words)

    def same_language(self, code: str | None) -> bool:
        """Whether a text in `code` is in the reader's language (an unknown language counts as the reader's)."""
        return not code or _primary(code) == _primary(self.language)

    def _zone_name(self, when: datetime) -> str:
        named = dates.get_timezone_name(when, "short", locale=_locale(self.language))
        for name in (named, when.tzname() or ""):
            if name and name[0].isalpha():
                return name
        return f"UTC{when:%z}"[:-2]


def languages() -> tuple[str, ...]:
    """The languages for which there are frame words."""
    return tuple(sorted(_phrases()))


def _primary(code: str) -> str:
    return code.replace("_", "-").partition("-")[0].lower()


@cache
def _locale(code: str) -> Locale:
    """The locale data of a language, British English where there is none."""
    try:
        locale = Locale.parse(code.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return Locale.parse(_HOME)
    return Locale.parse(_HOME) if str(locale) == "en" else locale


# A page has hundreds of times, of which many share their day; to word one anew takes a fifth of a millisecond.
@lru_cache(maxsize=4096)
def _day(code: str, skeleton: str, day: date) -> str:
    return str(dates.format_skeleton(skeleton, day, locale=_locale(code)))


@lru_cache(maxsize=4096)
def _clock(code: str, hour: int, minute: int) -> str:
    return str(
        dates.format_skeleton("Hm", datetime(2000, 1, 1, hour, minute, tzinfo=UTC), locale=_locale(code))
    )


@lru_cache(maxsize=4096)
def _decimal(code: str, value: float) -> str:
    return str(numbers.format_decimal(value, locale=_locale(code)))


@cache
def _glue(code: str) -> str:
    """How a day, `{1}`, and a time, `{0}`, are put together."""
    return str(dates.get_datetime_format("medium", _locale(code))).replace("'", "")


@cache
def _phrases() -> Mapping[str, Mapping[str, Any]]:
    text = (files("monitor.notify") / "phrases.yaml").read_text(encoding="utf-8")
    table: Mapping[str, Mapping[str, Any]] = yaml.safe_load(text)
    return table
