"""What was told lately, by day: the first page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from monitor.core.topic import Severity
from monitor.notify.news import tell
from monitor.publish.charts import Series, stacked_bars
from monitor.store.views.choices import known_languages
from monitor.store.views.developments import Chosen, Development, developments
from monitor.store.views.volume import Volume, volume
from monitor.web.answering import Page

if TYPE_CHECKING:
    from monitor.notify.news import News
    from monitor.notify.voice import Voice
    from monitor.publish.charts import Chart
    from monitor.store.database import Database
    from monitor.web.asking import Ask

_DAYS = 28  # of the chart
_LINES = 8  # of what was new in one development, the latest


@dataclass(frozen=True, slots=True)
class Day:
    """The developments of one day, the latest first."""

    day: date
    developments: tuple[Development, ...]


@dataclass(frozen=True, slots=True)
class Lately:
    """What was told lately.

    Attributes:
        chosen: of what.
        days: the latest first.
        earlier: where to go on.
        languages: that can be chosen.
        volume: how much was found on topic, by day.
    """

    chosen: Chosen
    days: tuple[Day, ...]
    earlier: int | None
    languages: tuple[str, ...]
    volume: Volume


def today(ask: Ask, db: Database) -> Page:
    """The developments of the last days, the latest first."""
    chosen = chosen_of(ask)
    found = developments(db, chosen, ask.site.zone, before=ask.key("before"))
    days = tuple(Day(day, tuple(those)) for day, those in groupby(found.found, key=lambda one: one.day))
    last = ask.now.astimezone(ask.site.zone).date()
    much = volume(db, last - timedelta(days=_DAYS - 1), last, ask.site.zone, pack=chosen.pack)
    values = Lately(chosen, days, found.earlier, known_languages(db), much)
    beside = {
        "chart": _chart(much, ask),
        "news_lines": lambda one: news_lines(one, ask.voice),
        "languages": [(code, ask.voice.language_name(code)) for code in values.languages],
    }
    return Page("today.html", values, beside=beside)


def chosen_of(ask: Ask) -> Chosen:
    """What the reader has chosen. Raises InputError if there is no such thing."""
    return Chosen(
        pack=ask.chosen("pack", ask.site.packs),
        language=ask.language("language"),
        at_least=Severity(ask.chosen("severity", list(Severity)) or Severity.LOW),
    )


def news_lines(one: Development, voice: Voice) -> tuple[News, ...]:
    """What was new in a development on a day, in the order in which it was told, each statement once."""
    told = (tell(new, one.pack, voice) for each in reversed(one.told) for new in each.new)
    once = {(news.label, news.value, news.by, news.old): news for news in told}
    return tuple(once.values())[-_LINES:]


def _chart(found: Volume, ask: Ask) -> Chart:
    series = [
        Series(ask.voice.language_name(language) or "?", counts)
        for language, counts in found.languages.items()
    ]
    return stacked_bars(found.days, series, ask.voice, "Articles on topic by day and language")
