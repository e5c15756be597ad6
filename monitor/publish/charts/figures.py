"""How a figure changed: points in time, each as sure or as vague as who states it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta  # part of the public values
from typing import TYPE_CHECKING

from monitor.core.statements import Bound
from monitor.publish.charts import chart
from monitor.publish.charts.chart import ACCENT, Chart, Table
from monitor.publish.charts.scales import Scale, drawable, numeric
from monitor.publish.markup import element
from monitor.publish.words import day, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from xml.etree import ElementTree as ET

    from monitor.notify.voice import Voice

_WIDTH, _HEIGHT = 380.0, 190.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 52.0, 372.0, 12.0, 168.0
_RADIUS = 4.0
_ARROW = 13.0  # length of what says that it may be more, or less
_LABEL = 52.0  # room that a day takes below the line
_MORE, _LESS = frozenset({Bound.AT_LEAST, Bound.MORE_THAN}), frozenset({Bound.UP_TO, Bound.LESS_THAN})
_SHORTEST = timedelta(minutes=1)  # of what is drawn; a single moment stands in the middle


@dataclass(frozen=True, slots=True)
class Point:
    """A figure as somebody stated it.

    Attributes:
        at: when it was published.
        value: the number; of a range its lower end.
        said: the figure as the reader reads it, with its limits: `about 12,000`.
        who: the outlet, or who is quoted.
        bound: how it is limited.
        most: of a range its upper end.
    """

    at: datetime
    value: float
    said: str
    who: str = ""
    bound: Bound = Bound.EXACT
    most: float | None = None


def figure_line(points: Sequence[Point], voice: Voice, title: str) -> Chart:
    """The points in the order of time, joined by a line.

    A point that is not exact is hollow; a range is a bar from end to end; "at least" and "up to" have an arrow to
    where it may be. Times are shown in the reader's zone.
    """
    ordered = sorted(points, key=lambda point: point.at)
    told = [(voice.moment(point.at), point.said) for point in ordered]
    ends = [told[0], told[-1]] if len(told) > 1 else told
    table = Table(
        (say(voice, "time"), say(voice, "value"), say(voice, "who")),
        tuple((when, said, point.who) for point, (when, said) in zip(ordered, told, strict=True)),
    )
    description = chart.sentence(ends, voice)
    svg = chart.drawing(_WIDTH, _HEIGHT, title, description, _shapes(ordered, voice))
    return Chart(title, svg, (), table, say(voice, "numbers"))


def _shapes(points: Sequence[Point], voice: Voice) -> Iterator[ET.Element]:
    values = [drawable(end) for point in points for end in _ends(point)]
    scale = numeric(values, _BOTTOM, _TOP, zero=False, whole=all(value.is_integer() for value in values))
    yield from chart.grid([(scale.at(tick), chart.short(tick, voice)) for tick in scale.ticks], _LEFT, _RIGHT)
    if not points:
        yield chart.label((_LEFT + _RIGHT) / 2, (_TOP + _BOTTOM) / 2, say(voice, "empty"), "middle")
        return
    times = _times(points)
    places = [(times.at(point.at.timestamp()), scale.at(drawable(point.value))) for point in points]
    yield from _days(points, times, voice)
    if len(places) > 1:
        yield element(
            "polyline",
            points=" ".join(f"{x:.1f},{y:.1f}" for x, y in places),
            class_="chart-path",
            fill="none",
            stroke=ACCENT,
            stroke_width=1.8,
            stroke_linejoin="round",
        )
    for point, (x, y) in zip(points, places, strict=True):
        yield element("g", element("title", _hint(point, voice)), *_mark(point, x, y, scale))


def _ends(point: Point) -> tuple[float, ...]:
    return (point.value,) if point.most is None else (point.value, point.most)


def _times(points: Sequence[Point]) -> Scale:
    first, last = points[0].at.timestamp(), points[-1].at.timestamp()
    spare = max(0.0, (_SHORTEST.total_seconds() - (last - first)) / 2)
    return Scale(first - spare, last + spare, _LEFT + 10, _RIGHT - 10)


def _days(points: Sequence[Point], times: Scale, voice: Voice) -> Iterator[ET.Element]:
    """The days of the first and the last point, and of those between that have room."""
    named: dict[str, float] = {}
    for point in (points[0], points[-1], *points[1:-1]):
        x = min(times.at(point.at.timestamp()), _RIGHT - 18)
        word = day(voice, point.at.astimezone(voice.zone).date())
        if word not in named and all(abs(x - other) >= _LABEL for other in named.values()):
            named[word] = x
    for word, x in named.items():
        yield chart.label(x, _HEIGHT - 6, word, "middle")


def _mark(point: Point, x: float, y: float, scale: Scale) -> Iterator[ET.Element]:
    if point.most is not None:
        top = scale.at(drawable(point.most))
        for low, high, left, right in ((y, top, x, x), (y, y, x - 4, x + 4), (top, top, x - 4, x + 4)):
            yield _stroke(f"M{left:.1f},{low:.1f}L{right:.1f},{high:.1f}")
    elif point.bound in _MORE or point.bound in _LESS:
        way = -1.0 if point.bound in _MORE else 1.0
        tip = y + way * (_RADIUS + _ARROW)
        yield _stroke(f"M{x:.1f},{y:.1f}V{tip:.1f}m-3.5,{-way * 4:.1f}L{x:.1f},{tip:.1f}l3.5,{-way * 4:.1f}")
    exact = point.bound is Bound.EXACT and point.most is None
    yield element(
        "circle",
        cx=x,
        cy=y,
        r=_RADIUS,
        class_="chart-point" if exact else "chart-vague",
        fill=ACCENT if exact else "#ffffff",
        stroke="#ffffff" if exact else ACCENT,
        stroke_width=1.4,
    )
    yield chart.target(x - 9, y - 9, 18, 18)


def _stroke(path: str) -> ET.Element:
    return element("path", d=path, class_="chart-range", fill="none", stroke=ACCENT, stroke_width=1.6)


def _hint(point: Point, voice: Voice) -> str:
    return " · ".join(filter(None, (voice.moment(point.at), point.said, point.who)))
