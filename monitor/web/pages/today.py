"""What happened lately: the first page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.store.stories import Stories
from monitor.web.answering import Page

if TYPE_CHECKING:
    from monitor.store.database import Database
    from monitor.store.stories import StoryLine
    from monitor.web.asking import Ask

_STORIES = 30


@dataclass(frozen=True, slots=True)
class Lately:
    """The latest developments, the latest first."""

    stories: tuple[StoryLine, ...]


def today(ask: Ask, db: Database) -> Page:  # noqa: ARG001  every page is asked so
    """The developments of the last days, the latest first."""
    return Page("today.html", Lately(Stories(db).lines(limit=_STORIES)))
