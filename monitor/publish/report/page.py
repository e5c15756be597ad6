"""A report laid out: as one page with everything in it, and as a few sentences."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from monitor.notify.excerpt import clean
from monitor.publish.charts import style
from monitor.publish.markup import Markup
from monitor.publish.report.composing import compose
from monitor.publish.words import say

if TYPE_CHECKING:
    from monitor.notify.voice import Voice
    from monitor.publish.report.reading import Report

_NAMED = 5  # developments in a few sentences


def page(report: Report, voice: Voice) -> str:
    """The report as HTML for a reader of `voice`; nothing in it is loaded from elsewhere, and nothing runs."""

    def words(key: str, **filling: str) -> str:
        return say(voice, key, **filling)

    sheet = (files("monitor.publish") / "templates" / "report.css").read_text(encoding="utf-8")
    return (
        _templates()
        .get_template("report.html")
        .render(report=compose(report, voice), voice=voice, words=words, style=Markup(style() + sheet))
    )


def summary(report: Report, voice: Voice) -> tuple[str, tuple[str, ...]]:
    """A title of one line, and the report in a few sentences: its numbers and what weighed most."""
    made = compose(report, voice)
    title = " — ".join(filter(None, (made.heading, made.topics)))
    numbers = voice.listing([f"{tile.name}: {tile.number}" for tile in made.tiles])
    lines = [f"• {line.first.title} ({line.first.outlet})" for line in made.lines[:_NAMED]]
    rest = len(report.developments) + report.others - len(lines)
    ending = [voice.and_more(rest)] if rest else []
    return title, (numbers, *(lines or [say(voice, "nothing")]), *ending, made.sources, made.delivered)


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("monitor.publish"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _shown(value: Any) -> Any:
    """Texts lose what could act on their surroundings; charts and our own markup are shown as they are."""
    return clean(value) if isinstance(value, str) and not hasattr(value, "__html__") else value
