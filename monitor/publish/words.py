"""Words of documents and charts that are ours, in the reader's language; names and numbers are the voice's."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml
from babel import Locale, dates

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from monitor.notify.voice import Voice


def say(voice: Voice, key: str, **filling: str) -> str:
    """The phrase `key`, in English where the voice's language has no translation.

    Raises KeyError if there is none: a slip of ours.
    """
    return str(_phrases()[voice.frame][key]).format(**filling)


def count(voice: Voice, key: str, number: int) -> str:
    """The phrase `key` in the plural form that the number asks for: `1 article`, `7 articles`."""
    forms = _phrases()[voice.frame][key]
    form = Locale.parse(voice.frame).plural_form(number)
    return str(forms.get(form) or forms["other"]).format(count=voice.number(number))


def day(voice: Voice, when: date) -> str:
    """A day as it stands below a column: `25 Nov`."""
    return dates.format_skeleton("MMMd", when, locale=voice.locale)


def weekdays(voice: Voice) -> Sequence[tuple[int, str]]:
    """The days of the week in the reader's order, each with its number (Monday is 0) and its short name."""
    names = voice.locale.days["stand-alone"]["abbreviated"]
    first = voice.locale.first_week_day
    return [(number % 7, str(names[number % 7])) for number in range(first, first + 7)]


@cache
def _phrases() -> Mapping[str, Mapping[str, Any]]:
    text = (files("monitor.publish") / "phrases.yaml").read_text(encoding="utf-8")
    table: Mapping[str, Mapping[str, Any]] = yaml.safe_load(text)
    return table
