"""What all charts share: the drawing, its key, and the same numbers as a table for those who do not see it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from monitor.notify.excerpt import shorten
from monitor.publish.markup import Markup, element, line, put, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from xml.etree import ElementTree as ET

    from monitor.notify.voice import Voice


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour by the name of its class, and by the value that stands in where no style sheet is at hand."""

    name: str
    value: str


COLOURS = tuple(
    Colour(f"chart-{number}", value)
    for number, value in enumerate(
        ("#0051af", "#bc6f08", "#5f1d64", "#209a88", "#ab1b3a", "#8e8cc4"), start=1
    )
)
REST = Colour("chart-rest", "#7d858d")
SERIES = len(COLOURS)  # that everybody can tell apart; what is more goes into the rest
ACCENT = COLOURS[0].value
_LONG = 100_000
_TITLE = 200  # characters


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers of a chart: `head` names the columns, the first cell of each row names it."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart, whole: where a template asks for its HTML, the `figure`.

    Attributes:
        title: what is shown.
        svg: the drawing alone, without script, style or address. Its classes are those of `charts.css`; without
            that, colours of its own and that of the text around it stand in.
        key: what the colours mean, in their order.
        table: the same numbers.
        numbers: what the table is called.
    """

    title: str
    svg: Markup
    key: tuple[tuple[Colour, str], ...]
    table: Table
    numbers: str

    @property
    def figure(self) -> Markup:
        """The drawing with its caption and key, and the numbers below, folded."""
        caption = written(element("figcaption", line(self.title)))
        folded = written(
            element("details", element("summary", line(self.numbers)), numbers_table(self.title, self.table))
        )
        key = written(_key(self.key)) if self.key else ""
        return Markup(f'<figure class="chart">{caption}{self.svg}{key}{folded}</figure>')

    def __html__(self) -> str:
        """For templates that escape."""
        return str(self.figure)


@cache
def style() -> str:
    """The style sheet of all charts: CSS custom properties, light and dark."""
    return (files("monitor.publish.charts") / "charts.css").read_text(encoding="utf-8")


def drawing(
    width: float, height: float, title: str, description: str, shapes: Iterable[ET.Element | None]
) -> Markup:
    """An SVG that scales with its surroundings and says what it is to who does not see it."""
    root = element(
        "svg",
        element("title", shorten(line(title), _TITLE)),
        element("desc", line(description)),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width:g} {height:g}",
        width=width,
        height=height,
        role="img",
        aria_label=". ".join(filter(None, (shorten(line(title), _TITLE), line(description)))),
        direction="ltr",  # time runs from left to right; each label finds its own direction
        preserveAspectRatio="xMinYMin meet",
    )
    return written(put(root, shapes))


def label(x: float, y: float, text: str, anchor: str = "start", **more: object) -> ET.Element:
    """A short text at a place, in the colour of the text around the drawing."""
    return element(
        "text",
        text,
        x=x,
        y=y,
        text_anchor=anchor,
        class_="chart-text",
        fill="currentColor",
        font_size=12,
        font_family="system-ui, sans-serif",
        **more,
    )


def rule(x1: float, y1: float, x2: float, y2: float) -> ET.Element:
    """A thin line of the frame."""
    return element(
        "line", x1=x1, y1=y1, x2=x2, y2=y2, class_="chart-line", stroke="currentColor", stroke_opacity=0.35
    )


def grid(ticks: Sequence[tuple[float, str]], left: float, right: float) -> list[ET.Element]:
    """Horizontal lines with their numbers, each at a height."""
    lines = [rule(left, y, right, y) for y, _ in ticks]
    return lines + [label(left - 5, y + 4, text, "end") for y, text in ticks]


def short(value: float, voice: Voice) -> str:
    """A number beside an axis, where there is room for some six characters."""
    return voice.number(value) if abs(value) < _LONG else voice.compact(value)


def numbers_table(title: str, table: Table) -> ET.Element:
    """The table as HTML, which scrolls within itself where it is wider than the page."""
    head = element("tr", *(element("th", cell, scope="col") for cell in table.head))
    body = (
        element("tr", element("th", name, scope="row"), *(element("td", cell) for cell in cells))
        for name, *cells in table.rows
    )
    whole = element("table", element("thead", head), element("tbody", *body))
    return element("div", whole, class_="chart-table", tabindex="0", role="region", aria_label=title)


def sentence(parts: Iterable[tuple[str, str]], voice: Voice) -> str:
    """`Korean: 12, Russian: 5`."""
    return voice.listing([f"{name}: {number}" for name, number in parts])


def target(x: float, y: float, width: float, height: float) -> ET.Element:
    """What a pointer meets: nothing to see, so that a thin shape is easy to point at."""
    return element(
        "rect", x=x, y=y, width=width, height=height, class_="chart-hit", fill="none", pointer_events="all"
    )


def _key(named: Sequence[tuple[Colour, str]]) -> ET.Element:
    return element("ul", *(_entry(shade, name) for shade, name in named), class_="chart-key")


def _entry(shade: Colour, name: str) -> ET.Element:
    square = element("rect", width=10, height=10, rx=2, class_=shade.name, fill=shade.value)
    sample = element("svg", square, viewBox="0 0 10 10", width=10, height=10, aria_hidden="true")
    return element("li", sample, element("bdi", line(name)))
