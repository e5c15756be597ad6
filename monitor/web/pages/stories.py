"""All stories, the one with the latest article first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.store.stories import Stories
from monitor.web.answering import Page

if TYPE_CHECKING:
    from monitor.store.database import Database
    from monitor.store.stories import StoryLine
    from monitor.web.asking import Ask

_MANY = 50


@dataclass(frozen=True, slots=True)
class StoryList:
    """Stories, of one pack if it is named; `earlier` is where to go on, None if there are no more."""

    pack: str
    stories: tuple[StoryLine, ...]
    earlier: int | None


def stories(ask: Ask, db: Database) -> Page:
    """A part of the list of stories."""
    pack = ask.chosen("pack", ask.site.packs)
    found = Stories(db).lines(limit=_MANY + 1, pack=pack, before=ask.key("before"))
    shown = found[:_MANY]
    return Page("stories.html", StoryList(pack, shown, shown[-1].id if len(found) > _MANY else None))
