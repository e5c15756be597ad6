"""What benches found as drawings: bars and lines in SVG, on a ground of their own, for light and dark pages."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from monitor.notify.voice import Voice
from monitor.publish.charts import chart
from monitor.publish.charts.chart import COLOURS, Colour, drawing, label
from monitor.publish.charts.scales import Scale, numeric, spread
from monitor.publish.markup import element
from tests.bench.figures import told

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree import ElementTree as ET

    from tests.bench.figures import Plot

_WIDTH, _LEFT, _RIGHT = 560.0, 56.0, 546.0
_TOP, _LINE = 36.0, 18.0  # of the title, and of each line of the key
_HEIGHT, _BELOW = 180.0, 20.0  # of the drawing, and of a line of words below it
_LABEL = 70.0  # room that a place takes below the drawing
_LETTER = 6.6  # width of one, about
_WIDEST = 46.0  # of a bar
_VOICE = Voice("en", UTC, {})
_STYLE = (
    f"{chart.style()}.plot-ground {{ fill: var(--chart-ground); }} svg {{ color: var(--chart-soft); }}\n"
    ".plot-over { paint-order: stroke; stroke: var(--chart-ground); stroke-width: 3px; }\n"
)


def svg(plot: Plot) -> str:
    """The drawing as a file of its own."""
    keys = list(_keys(plot))
    top = _TOP + _LINE * (1 + max((line for *_, line in keys), default=-1))
    bottom = top + _HEIGHT
    height = bottom + _BELOW * (2 if plot.below else 1)
    scale = _scale(plot, bottom, top + 6)
    sums = [(name, ", ".join(told(value) or "-" for value in series)) for name, series in plot.series.items()]
    return drawing(
        _WIDTH,
        height,
        plot.title,
        chart.sentence(sums, _VOICE),
        [
            element("style", _STYLE),
            element("rect", width=_WIDTH, height=height, rx=6, class_="plot-ground", fill="#ffffff"),
            label(8, 20, f"{plot.title}, {plot.unit}" if plot.unit else plot.title),
            *(part for key in keys for part in _entry(*key)),
            *chart.grid([(scale.at(tick), told(tick)) for tick in scale.ticks], _LEFT, _RIGHT),
            *(_bars if plot.shape == "bars" else _lines)(plot, scale),
            *_limit(plot, scale),
            *_places(plot, bottom),
            label((_LEFT + _RIGHT) / 2, height - 6, plot.below, "middle") if plot.below else None,
        ],
    )


def _scale(plot: Plot, bottom: float, top: float) -> Scale:
    values = [value for series in plot.series.values() for value in series if value is not None]
    values += [] if plot.limit is None else [plot.limit]
    return numeric(values, bottom, top, zero=True, whole=max(values, default=0) > 4)


def _keys(plot: Plot) -> Iterator[tuple[Colour, str, float, int]]:
    """Colour and name of each series, where it stands, and in which line; nothing for a single series."""
    line, x = 0, 8.0
    for shade, name in zip(COLOURS, plot.series, strict=False):
        width = 30 + _LETTER * len(name)
        if x > 8 and x + width > _RIGHT:
            line, x = line + 1, 8.0
        if len(plot.series) > 1:
            yield shade, name, x, line
        x += width


def _entry(shade: Colour, name: str, x: float, line: int) -> Iterator[ET.Element]:
    y = _TOP + _LINE * line
    yield element("rect", x=x, y=y - 5, width=10, height=10, rx=2, class_=shade.name, fill=shade.value)
    yield label(x + 15, y + 4, name)


def _bars(plot: Plot, scale: Scale) -> Iterator[ET.Element]:
    room = (_RIGHT - _LEFT) / len(plot.places)
    width = min(_WIDEST, room * 0.8 / len(plot.series))
    for place in range(len(plot.places)):
        left = _LEFT + room * (place + 0.5) - width * len(plot.series) / 2
        for number, (shade, (name, values)) in enumerate(zip(COLOURS, plot.series.items(), strict=False)):
            value = values[place]
            if value is None:
                continue
            x, y = left + width * number, scale.at(value)
            hint = element("title", f"{told(plot.places[place])}, {name}: {told(value)} {plot.unit}".strip())
            bar = {"x": x + 1, "y": y, "width": width - 2, "height": max(scale.at(0) - y, 0.5)}
            yield element("g", hint, element("rect", **bar, class_=shade.name, fill=shade.value))
            yield _over(label(x + width / 2, y - 3, told(value), "middle"))


def _lines(plot: Plot, scale: Scale) -> Iterator[ET.Element]:
    for shade, (name, values) in zip(COLOURS, plot.series.items(), strict=False):
        spots = [
            (x, scale.at(value), at, value)
            for x, at, value in zip(_across(plot), plot.places, values, strict=True)
            if value is not None
        ]
        yield element(
            "polyline",
            points=" ".join(f"{x:.1f},{y:.1f}" for x, y, *_ in spots),
            fill="none",
            stroke=shade.value,
            style=f"stroke: var(--{shade.name})",
            stroke_width=1.8,
            stroke_linejoin="round",
        )
        if len(spots) <= (_RIGHT - _LEFT) / 16:
            for x, y, at, value in spots:
                hint = element("title", f"{told(at)}, {name}: {told(value)} {plot.unit}".strip())
                yield element(
                    "g", hint, element("circle", cx=x, cy=y, r=3.2, class_=shade.name, fill=shade.value)
                )


def _limit(plot: Plot, scale: Scale) -> Iterator[ET.Element]:
    if plot.limit is None:
        return
    y = scale.at(plot.limit)
    shade = COLOURS[4]
    yield element(
        "line",
        x1=_LEFT,
        x2=_RIGHT,
        y1=y,
        y2=y,
        stroke=shade.value,
        style=f"stroke: var(--{shade.name})",
        stroke_dasharray="5 4",
    )
    yield _over(label(_RIGHT, y - 4, f"wanted: {told(plot.limit)}", "end"))


def _over(text: ET.Element) -> ET.Element:
    """A text that can be read where it stands before something else."""
    text.set("class", "chart-text plot-over")
    return text


def _across(plot: Plot) -> list[float]:
    """Where each place stands: numbers by their size, words side by side."""
    numbers = [place for place in plot.places if isinstance(place, int | float)]
    if len(numbers) == len(plot.places) > 1 and plot.shape == "lines":
        scale = Scale(numbers[0], numbers[-1], _LEFT + 12, _RIGHT - 12)
        return [scale.at(number) for number in numbers]
    room = (_RIGHT - _LEFT) / len(plot.places)
    return [_LEFT + room * (place + 0.5) for place in range(len(plot.places))]


def _places(plot: Plot, bottom: float) -> Iterator[ET.Element]:
    """What the places are called, as far as there is room: words of bars all of them."""
    across = _across(plot)
    few = range(len(across)) if plot.shape == "bars" else spread(len(across), _RIGHT - _LEFT, _LABEL)
    for place in few:
        yield label(across[place], bottom + 15, told(plot.places[place]), "middle")
