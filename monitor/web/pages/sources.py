"""How the sources are, the worst first; and one source: when it publishes, its looks, its gaps and delays."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.core.sources.state import Condition
from monitor.publish.charts import Series, stacked_bars, week_heat
from monitor.store.views.sources import LATELY, LONG, SourceLine, SourcePage, source_lines, source_page
from monitor.web.answering import Page

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from monitor.notify.voice import Voice
    from monitor.publish.charts import Chart
    from monitor.store.database import Database
    from monitor.web.asking import Ask

_DAYS, _HOURS = 7, 24


@dataclass(frozen=True, slots=True)
class Listed:
    """A source of the list.

    Attributes:
        line: how it is, and what it brings.
        remedy: what to do about it, empty if nothing.
        next_look: None if it is not looked at any more.
    """

    line: SourceLine
    remedy: str
    next_look: datetime | None


@dataclass(frozen=True, slots=True)
class SourceList:
    """The sources that are asked for.

    Attributes:
        troubled: those that somebody should look after, the worst first; `others` by name.
        counts: of all sources, how many are in each condition.
        conditions, languages: what there is to choose from.
        days: over how many days delays are measured.
    """

    troubled: tuple[Listed, ...]
    others: tuple[Listed, ...]
    counts: Mapping[Condition, int]
    conditions: tuple[str, ...]
    languages: tuple[str, ...]
    days: int


@dataclass(frozen=True, slots=True)
class OneSource:
    """A source with its week: for each day from Monday on, how much it published in each hour, in the zone."""

    page: SourcePage
    remedy: str
    next_look: datetime | None
    week: tuple[tuple[int, ...], ...]
    zone: str
    days: int


def sources(ask: Ask, db: Database) -> Page:
    """All declared sources, or those of a condition or language."""
    lines = source_lines(db, ask.now)
    counts = Counter(_condition(line) for line in lines)
    languages = sorted({line.state.source.language or "" for line in lines} - {""})
    condition = ask.chosen("condition", [one.value for one in counts])
    language = ask.chosen("language", languages)
    found = [
        _listed(line)
        for line in lines
        if condition in ("", _condition(line).value) and language in ("", line.state.source.language)
    ]
    values = SourceList(
        troubled=tuple(one for one in found if _condition(one.line).is_trouble),
        others=tuple(one for one in found if not _condition(one.line).is_trouble),
        counts={one: counts[one] for one in Condition if one in counts},
        conditions=tuple(one.value for one in Condition if one in counts),
        languages=tuple(languages),
        days=LATELY.days,
    )
    beside = {
        "conditions": [(name, name.replace("_", " ")) for name in values.conditions],
        "languages": [(code, ask.voice.language_name(code)) for code in values.languages],
    }
    return Page("sources.html", values, beside=beside)


def source(ask: Ask, db: Database) -> Page:
    """One source by its name."""
    page = source_page(db, ask.parts["source"], ask.now)
    listed = _listed(page.line)
    zone = ask.site.zone
    values = OneSource(
        page=page,
        remedy=listed.remedy,
        next_look=None if page.retired_at else listed.next_look,
        week=_week(page.hours.items(), zone),
        zone=zone.key,
        days=LONG.days,
    )
    beside = {"heat": _heat(values, ask.voice), "looks": _looks(page, ask.voice) if page.days else None}
    return Page("source.html", values, beside=beside)


def _heat(found: OneSource, voice: Voice) -> Chart:
    """A field for each hour of the week."""
    hours = [[float(many) for many in day] for day in found.week]
    weeks = voice.number(found.days // 7)
    return week_heat(hours, voice, f"Published by hour of the week, {weeks} weeks, {found.zone}")


def _looks(page: SourcePage, voice: Voice) -> Chart:
    """A column for the looks of each day, by how they ended."""
    days = page.days[::-1]
    series = [
        Series(name, tuple(float(getattr(day, name)) for day in days))
        for name in ("ok", "unchanged", "failed")
    ]
    return stacked_bars([day.day for day in days], series, voice, "Looks by day")


def _condition(line: SourceLine) -> Condition:
    return line.state.health.diagnosis.condition


def _listed(line: SourceLine) -> Listed:
    state = line.state
    return Listed(
        line,
        state.health.diagnosis.condition.remedy(state.source.name),
        None if state.dropped_at else state.next_due,
    )


def _week(hours: Iterable[tuple[datetime, int]], zone: ZoneInfo) -> tuple[tuple[int, ...], ...]:
    """Counts by the hour of UTC, added up by day and hour of the week in a zone."""
    week = [[0] * _HOURS for _ in range(_DAYS)]
    for begin, many in hours:
        here = begin.astimezone(zone)
        week[here.weekday()][here.hour] += many
    return tuple(map(tuple, week))
