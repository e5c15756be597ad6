"""How much there was, day by day: stacked columns."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date  # noqa: TC003  part of the public values
from typing import TYPE_CHECKING

from monitor.core.statements import Period
from monitor.publish.charts import chart
from monitor.publish.charts.chart import Chart, Colour, Table
from monitor.publish.charts.scales import Scale, drawable, numeric, spread
from monitor.publish.markup import element
from monitor.publish.words import day, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from xml.etree import ElementTree as ET

    from monitor.notify.voice import Voice

_WIDTH, _HEIGHT = 380.0, 190.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 44.0, 358.0, 12.0, 168.0  # of what the columns stand in
_COLUMNS = 92  # a quarter of a year by day
_LABEL = 56.0  # room that a day takes below the columns
_WIDEST = 26.0  # of a column


@dataclass(frozen=True, slots=True)
class Series:
    """One part of each day's column: its name, and a number of at least 0 for each day."""

    name: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _Stack:
    """What is drawn: the times below the columns, what they are called, and the parts of all columns."""

    periods: tuple[Period, ...]
    words: tuple[str, ...]
    parts: tuple[tuple[Series, Colour], ...]

    @property
    def totals(self) -> tuple[float, ...]:
        return tuple(sum(part.values[at] for part, _ in self.parts) for at in range(len(self.periods)))


def stacked_bars(days: Sequence[date], series: Sequence[Series], voice: Voice, title: str) -> Chart:
    """A column for each day, made of the series: the first at the bottom.

    Of more than six series, the five with the most stay, in their order, and the others are one. More than 92 days
    are summed over some days each, counted back from the last.

    Args:
        days: in ascending order.
        series: each with as many values as there are days.
        voice: of the reader.
        title: what is shown.
    """
    stack = _stack(days, series, voice)
    sums = [(part.name, voice.number(sum(part.values))) for part, _ in stack.parts]
    return Chart(
        title=title,
        svg=chart.drawing(_WIDTH, _HEIGHT, title, chart.sentence(sums, voice), _shapes(stack, voice)),
        key=tuple((shade, part.name) for part, shade in stack.parts) if len(stack.parts) > 1 else (),
        table=_table(stack, voice),
        numbers=say(voice, "numbers"),
    )


def _stack(days: Sequence[date], series: Sequence[Series], voice: Voice) -> _Stack:
    each = max(1, math.ceil(len(days) / _COLUMNS))
    cuts = [slice(max(0, end - each), end) for end in range(len(days), 0, -each)][::-1]
    periods = tuple(Period(days[cut][0], days[cut][-1]) for cut in cuts)
    parts = tuple(
        (Series(name, tuple(sum(map(_counted, values[cut])) for cut in cuts)), shade)
        for name, values, shade in _fewer(series, say(voice, "rest"))
    )
    words = tuple(day(voice, one.first) if one.first == one.last else voice.period(one) for one in periods)
    return _Stack(periods, words, parts)


def _fewer(series: Sequence[Series], rest: str) -> Iterator[tuple[str, Sequence[float], Colour]]:
    """The series in their order with their colours; those that find no colour as one."""
    if len(series) <= chart.SERIES:
        for place, part in enumerate(series):
            yield part.name, part.values, chart.COLOURS[place]
        return
    largest = sorted(series, key=lambda part: -sum(map(_counted, part.values)))[: chart.SERIES - 1]
    kept = [part for part in series if any(part is one for one in largest)]
    for place, part in enumerate(kept):
        yield part.name, part.values, chart.COLOURS[place]
    others = [part.values for part in series if not any(part is one for one in largest)]
    yield rest, [sum(map(_counted, values)) for values in zip(*others, strict=True)], chart.REST


def _counted(value: float) -> float:
    return max(0.0, drawable(value))


def _shapes(stack: _Stack, voice: Voice) -> Iterator[ET.Element]:
    scale = numeric(stack.totals, _BOTTOM, _TOP, zero=True)
    yield from chart.grid([(scale.at(tick), chart.short(tick, voice)) for tick in scale.ticks], _LEFT, _RIGHT)
    room = (_RIGHT - _LEFT) / max(len(stack.periods), 1)
    for at in range(len(stack.periods)):
        yield _column(stack, at, room, scale, voice)
    for at in spread(len(stack.periods), _RIGHT - _LEFT, _LABEL):
        middle, said = _LEFT + room * (at + 0.5), day(voice, stack.periods[at].first)
        ends = middle + _LABEL / 2 > _WIDTH  # centred, it would not fit
        yield chart.label(_WIDTH if ends else middle, _HEIGHT - 6, said, "end" if ends else "middle")
    if not any(stack.totals):
        yield chart.label((_LEFT + _RIGHT) / 2, (_TOP + _BOTTOM) / 2, say(voice, "empty"), "middle")


def _column(stack: _Stack, at: int, room: float, scale: Scale, voice: Voice) -> ET.Element:
    """The parts of one day, from the bottom; a title says them to who points at it."""
    left = _LEFT + room * at
    width = min(_WIDEST, room * 0.82)
    pieces, below = [], 0.0
    for part, shade in stack.parts:
        value = part.values[at]
        if value > 0:
            low, high = scale.at(below), scale.at(below + value)
            gap = 0.6 if low - high > 2 and below else 0.0  # noqa: PLR2004  a fine line between two parts
            pieces.append(
                element(
                    "rect",
                    x=left + (room - width) / 2,
                    y=high,
                    width=width,
                    height=max(low - high - gap, 0.3),
                    class_=shade.name,
                    fill=shade.value,
                )
            )
        below += value
    named = [(part.name, voice.number(part.values[at])) for part, _ in stack.parts if part.values[at]]
    detail = f" ({chart.sentence(named, voice)})" if named and len(stack.parts) > 1 else ""
    hint = element("title", f"{stack.words[at]}: {voice.number(below)}{detail}")
    return element("g", hint, chart.target(left, _TOP, room, _BOTTOM - _TOP), *pieces)


def _table(stack: _Stack, voice: Voice) -> Table:
    names = tuple(part.name for part, _ in stack.parts)
    several = len(names) > 1
    return Table(
        (say(voice, "day"), *names, *((say(voice, "total"),) if several else ())),
        tuple(
            (
                word,
                *(voice.number(part.values[at]) for part, _ in stack.parts),
                *((voice.number(stack.totals[at]),) if several else ()),
            )
            for at, word in enumerate(stack.words)
        ),
    )
