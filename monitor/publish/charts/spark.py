"""A line of the size of a word, for a table or a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.publish.charts.chart import ACCENT
from monitor.publish.charts.scales import Scale, drawable
from monitor.publish.markup import element, line, written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.publish.markup import Markup

_WIDTH, _HEIGHT, _EDGE = 120.0, 28.0, 4.0


def spark(values: Sequence[float], said: str) -> Markup:
    """A small line over the values, with a dot at the last; `said` tells the same to who does not see it.

    It begins at nothing, so that lines below each other can be compared by their form. Without values it is empty.
    """
    known = [drawable(value) for value in values]
    high = max((*known, 0.0)) or 1.0
    across = Scale(0.0, max(len(known) - 1, 1), _EDGE, _WIDTH - _EDGE)
    up = Scale(min((*known, 0.0)), high, _HEIGHT - _EDGE, _EDGE)
    places = [(across.at(at), up.at(value)) for at, value in enumerate(known)]
    way = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    shapes = []
    if len(places) > 1:
        floor = up.at(0.0)
        area = f"{places[0][0]:.1f},{floor:.1f} {way} {places[-1][0]:.1f},{floor:.1f}"
        shapes = [
            element("polygon", points=area, class_="chart-area", fill=ACCENT, fill_opacity=0.14),
            element(
                "polyline", points=way, class_="chart-path", fill="none", stroke=ACCENT, stroke_width=1.6
            ),
        ]
    if places:
        x, y = places[-1]
        shapes.append(element("circle", cx=x, cy=y, r=2.6, class_="chart-1", fill=ACCENT))
    return written(
        element(
            "svg",
            element("title", line(said)),
            *shapes,
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {_WIDTH:g} {_HEIGHT:g}",
            width=_WIDTH,
            height=_HEIGHT,
            role="img",
            aria_label=line(said),
            class_="chart-spark",
        )
    )
