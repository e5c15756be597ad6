"""The pages, one module each, and the table of their addresses.

How a page is added:

1. Its values are a frozen dataclass, read by one function in `monitor/store/views/` (one file for each page) by
   indices: a page answers within 200 ms at a million articles.
2. Its handler is a function `(ask, db) -> Page` in a module here. It runs in a thread, with a read-only connection
   that sees one state of the history and is interrupted after some seconds. What the address names is read and
   checked by `ask.number("story")`, `ask.text("q")` and their like; an InputError becomes 404 if the address has
   parts, else 400.
3. Its template extends `base.html`, which has the blocks `title` and `main`, and shows `page`, the values. Everything
   is escaped; other people's text goes through `foreign` (`{{ title|foreign(language) }}`), times through
   `moment(…)`, numbers through `number(…)` or `count(…)`, links to the original through `outward`. There are no
   inline styles or scripts: the browser refuses them. Charts are SVG whose classes and variables `pages.css` colours.
4. One line in ROUTES. The same address with `.json` behind it gives the same values as JSON.
5. A form posts to an address of `monitor.web.actions` and holds `csrftoken` and `back`, where to go on; it is shown
   only if `ask.may_write`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.web.pages.alerts import alert, alerts
from monitor.web.pages.article import article
from monitor.web.pages.feeds import SUBJECTS, feed
from monitor.web.pages.rules import rule, rules
from monitor.web.pages.search import search
from monitor.web.pages.sources import source, sources
from monitor.web.pages.stories import stories
from monitor.web.pages.story import story
from monitor.web.pages.today import today

if TYPE_CHECKING:
    from monitor.store.database import Database
    from monitor.web.answering import Document, Page
    from monitor.web.asking import Ask

Handler = Callable[["Ask", "Database"], "Page | Document"]

_PARTS = {"form": "atom|json", "story": r"\d+", "article": r"\d+", "alert": r"\d+"}
_ANY = "[^/]+?"


@dataclass(frozen=True, slots=True)
class Route:
    """A page and where it stands: `/story/{story}`. What stands in braces reaches the handler as a part."""

    address: str
    handler: Handler

    @property
    def pattern(self) -> str:
        """The address as a regular expression; with `.json` behind it, the format is asked for."""
        if self.address == "/":
            return r"/(?:index(?P<format>\.json))?$"
        named = re.sub(
            r"\\\{(\w+)\\\}",
            lambda part: f"(?P<{part[1]}>{_PARTS.get(part[1], _ANY)})",
            re.escape(self.address),
        )
        return rf"{named}(?P<format>\.json)?$"


ROUTES = (
    Route("/", today),
    Route("/stories", stories),
    Route("/story/{story}", story),
    Route("/search", search),
    Route("/article/{article}", article),
    Route("/alerts", alerts),
    Route("/alert/{alert}", alert),
    Route("/sources", sources),
    Route("/source/{source}", source),
    Route("/rules", rules),
    Route("/rule/{pack}/{rule}", rule),
    *(Route(f"/feeds/{{form}}/{subject}", feed) for subject in SUBJECTS),
)
