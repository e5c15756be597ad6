"""Which articles belong together, where a person knows better."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from monitor.core.errors import InputError
from monitor.jobs import stories
from monitor.web.actions.fields import needed, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.web.asking import Ask

_ARTICLE = re.compile(r"article-([0-9]{1,18})", re.ASCII)


def merge(ask: Ask, form: Mapping[str, str]) -> str:
    """Have two stories be one."""
    story, into = needed(form, "story"), needed(form, "into")
    edit = stories.merge(ask.site.history, story, into, ask.now, note=text(form, "note"))
    if edit.again:
        return f"Story {edit.story} is part of story {edit.into} already."
    return f"Story {edit.story} is part of story {edit.into} now, with {_articles(len(edit.articles))}."


def split(ask: Ask, form: Mapping[str, str]) -> str:
    """Have the articles that were ticked be a story of their own."""
    ticked = [found[1] for name in form if (found := _ARTICLE.fullmatch(name))]
    if not ticked:
        raise InputError("no article was ticked", remedy="tick those that are another story")
    edit = stories.split(ask.site.history, needed(form, "story"), ticked, ask.now, note=text(form, "note"))
    return f"Story {edit.into} is new, with {_articles(len(edit.articles))} of story {edit.story}."


def _articles(many: int) -> str:
    return f"{many:,} {'article' if many == 1 else 'articles'}"
