"""How templates say things: times, numbers, languages and other people's text, the same on every page.

Everything that a template shows is escaped, and loses what could act on its surroundings: control characters, and
those that turn the direction of text.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from monitor.notify.excerpt import clean, one_line, shorten
from monitor.web.links import article_link, story_link

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from monitor.web.answering import Page
    from monitor.web.asking import Ask

TEMPLATES = Path(__file__).with_name("templates")
_OPENED = ("http://", "https://")  # what a link of ours may lead to


def render(page: Page, ask: Ask, *, csrftoken: str) -> str:
    """The page as HTML. An empty `csrftoken` is one that nothing can be changed with."""
    return (
        _templates()
        .get_template(page.template)
        .render(page=page.values, ask=ask, csrftoken=csrftoken, **_words(ask))
    )


@cache
def _templates() -> Environment:
    found = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals |= {"story_link": story_link, "article_link": article_link}
    found.filters |= {
        "one_line": one_line,
        "shorten": lambda text, limit: shorten(one_line(text), limit),
        "foreign": foreign,
        "outward": outward,
        "domain": domain,
        "part": lambda text: quote(str(text), safe=""),
    }
    return found


def _shown(value: object) -> object:
    """What an expression of a template becomes: text without anything that acts, nothing for None."""
    if value is None:
        return ""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _words(ask: Ask) -> Mapping[str, Any]:
    """What depends on the reader."""
    voice = ask.voice

    def moment(when: datetime | None, *, day_only: bool = False) -> Markup:
        if when is None:
            return Markup()
        said = voice.moment(when, day_only=day_only, beside=ask.now, zone=False)
        machine = when.date().isoformat() if day_only else when.isoformat(timespec="seconds")
        whole = voice.moment(when, day_only=day_only)
        return Markup('<time datetime="{}" title="{}">{}</time>').format(machine, whole, said)

    def count(number: float, one: str, many: str = "") -> str:
        return f"{voice.number(number)} {one if number == 1 else many or one + 's'}"

    return {
        "voice": voice,
        "moment": moment,
        "number": voice.number,
        "count": count,
        "language_name": voice.language_name,
        "concept": voice.concept,
        "rule_name": voice.rule,
        "pack_name": lambda name: (
            ask.site.packs[name].label(voice.language) if name in ask.site.packs else name
        ),
    }


def foreign(text: str, language: str | None = None, tag: str = "bdi") -> Markup:
    """Somebody else's text on one line: in its own language and direction, whatever stands around it."""
    if language:
        return Markup('<{0} dir="auto" lang="{1}">{2}</{0}>').format(tag, language, one_line(text))
    return Markup('<{0} dir="auto">{1}</{0}>').format(tag, one_line(text))


def outward(url: str) -> str:
    """The address for a link out of our pages; `#` for one that would do anything but open a page of the web."""
    return url if url.lower().startswith(_OPENED) else "#"


def domain(url: str) -> str:
    """The host that an address leads to, so that readers see where they go."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
