"""When in the week something happens: seven days by 24 hours."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from monitor.publish.charts import chart
from monitor.publish.charts.chart import ACCENT, Chart, Table
from monitor.publish.charts.scales import drawable
from monitor.publish.markup import element
from monitor.publish.words import say, weekdays

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from xml.etree import ElementTree as ET

    from monitor.notify.voice import Voice

HOURS, DAYS = 24, 7
_CELL, _LEFT, _TOP = 14.0, 44.0, 18.0
_WIDTH, _HEIGHT = _LEFT + HOURS * _CELL, _TOP + DAYS * _CELL + 2
_SHADES = (0.18, 0.36, 0.55, 0.77, 1.0)  # five can be told apart
_EVERY = 6  # hours between two that are named


def week_heat(hours: Sequence[Sequence[float]], voice: Voice, title: str) -> Chart:
    """A field for each hour of the week, the fuller the more there was; fields without anything are empty.

    Args:
        hours: for each day of the week from Monday on 24 numbers of at least 0, in the zone that `title` names.
        voice: of the reader, whose week may begin on another day.
        title: what is shown.

    Raises:
        ValueError: there are not seven times 24 numbers.
    """
    if len(hours) != DAYS or any(len(row) != HOURS for row in hours):
        raise ValueError("a week has seven days of 24 hours")
    known = [[max(0.0, drawable(value)) for value in row] for row in hours]
    days = weekdays(voice)
    table = Table(
        (say(voice, "weekday"), *(f"{hour:02}" for hour in range(HOURS))),
        tuple((name, *map(voice.number, known[number])) for number, name in days),
    )
    sums = [(name, voice.number(sum(known[number]))) for number, name in days]
    svg = chart.drawing(_WIDTH, _HEIGHT, title, chart.sentence(sums, voice), _shapes(known, days, voice))
    return Chart(title, svg, (), table, say(voice, "numbers"))


def _shapes(
    hours: Sequence[Sequence[float]], days: Sequence[tuple[int, str]], voice: Voice
) -> Iterator[ET.Element]:
    for hour in range(0, HOURS, _EVERY):
        yield chart.label(_LEFT + hour * _CELL, _TOP - 6, f"{hour:02}:00")
    most = max(map(max, hours))
    for line, (number, name) in enumerate(days):
        top = _TOP + line * _CELL
        yield chart.label(_LEFT - 6, top + 11, name, "end")
        for hour, value in enumerate(hours[number]):
            yield _field(
                _LEFT + hour * _CELL, top, value, most, f"{name} {hour:02}:00: {voice.number(value)}"
            )


def _field(x: float, y: float, value: float, most: float, hint: str) -> ET.Element:
    size = _CELL - 2
    title = element("title", hint)
    if not value or not most:
        empty = {"fill": "none", "stroke": "currentColor", "stroke_opacity": 0.2}
        return element(
            "rect",
            title,
            x=x + 0.5,
            y=y + 0.5,
            width=size - 1,
            height=size - 1,
            rx=2,
            class_="chart-none",
            **empty,
        )
    # The root lets a quiet hour be seen beside the busiest one.
    shade = _SHADES[min(len(_SHADES) - 1, math.ceil(math.sqrt(value / most) * len(_SHADES)) - 1)]
    return element(
        "rect",
        title,
        x=x,
        y=y,
        width=size,
        height=size,
        rx=2,
        class_="chart-cell",
        fill=ACCENT,
        fill_opacity=shade,
    )
