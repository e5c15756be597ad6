"""How templates say things: other people's text and our own, the same on every page.

Everything that a template shows is escaped, and loses what could act on its surroundings: control characters, and
those that turn the direction of text.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from monitor.core.meanings import MEANS
from monitor.notify.excerpt import clean, one_line, shorten
from monitor.web import links
from monitor.web.words import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitor.core.models import Reason
    from monitor.web.answering import Page
    from monitor.web.asking import Ask

TEMPLATES = Path(__file__).with_name("templates")
_OPENED = ("http://", "https://")  # what a link of ours may lead to


def render(page: Page, ask: Ask, csrftoken: Callable[[], str]) -> str:
    """The page as HTML. Only a page that asks for the token gives this browser one."""
    shown = {**words(ask), **page.beside, "page": page.values, "ask": ask, "csrftoken": csrftoken}
    return _templates().get_template(page.template).render(shown)


def compile_templates() -> None:
    """Make all templates ready: the first look at each page would wait for it."""
    for name in _templates().list_templates():
        _templates().get_template(name)


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
    found.globals |= {name: getattr(links, name) for name in vars(links) if name.endswith("_link")}
    found.globals |= {"meaning": meaning}
    found.filters |= {
        "one_line": one_line,
        "shorten": lambda text, limit: shorten(one_line(text), limit),
        "foreign": foreign,
        "coded": coded,
        "outward": outward,
        "domain": domain,
        "part": lambda text: quote(str(text), safe=""),
    }
    return found


def _shown(value: object) -> object:
    """What an expression of a template becomes: text without anything that acts, nothing for None."""
    if value is None:
        return ""
    return clean(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def meaning(reason: Reason) -> str:
    """Why something was told or was not, in words that need no explanation."""
    return MEANS[reason].partition(": ")[2]


def foreign(text: str, language: str | None = None, tag: str = "bdi") -> Markup:
    """Somebody else's text on one line: in its own language and direction, whatever stands around it."""
    spoken = f' lang="{escape(language)}"' if language else ""
    # Each part is escaped here: `Markup.format` takes four times as long, and a page says hundreds of these.
    return Markup(f'<{escape(tag)} dir="auto"{spoken}>{escape(one_line(text))}</{escape(tag)}>')  # noqa: S704


def coded(text: str) -> Markup:
    """A sentence of ours in which `commands` stand."""
    pieces = one_line(text).split("`")
    return Markup().join(
        Markup("<code>{}</code>").format(piece) if number % 2 else piece
        for number, piece in enumerate(pieces)
    )


def outward(url: str) -> str:
    """The address for a link out of our pages; `#` for one that would do anything but open a page of the web."""
    return url if url.lower().startswith(_OPENED) else "#"


def domain(url: str) -> str:
    """The host that an address leads to, so that readers see where they go."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
