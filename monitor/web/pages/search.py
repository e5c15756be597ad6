"""Searching the history: the language of docs/search.md, and a form for what is asked most."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from monitor.core.errors import RuleError
from monitor.store.search import Answer, Search
from monitor.store.views.choices import known_languages
from monitor.web.answering import Page
from monitor.web.wording import foreign

if TYPE_CHECKING:
    from markupsafe import Markup

    from monitor.core.searching.asking import Also
    from monitor.store.database import Database
    from monitor.web.asking import Ask

_MANY = 25
_NAMES = 12  # other names that are shown
_PATTERN = re.compile(r"[*{|}]")
_LIMIT = re.compile(r"\b(?:after|before|story):")  # what holds for the whole search stands in no parentheses


@dataclass(frozen=True, slots=True)
class Asked:
    """What is searched for: the words, and what the form adds to them. What is empty adds nothing."""

    words: str
    language: str = ""
    after: str = ""
    before: str = ""

    @property
    def whole(self) -> str:
        """All of it in the language of the search."""
        words = self.words
        if words and self.language and not _LIMIT.search(words):
            words = f"({words})"
        more = (("lang", self.language), ("after", self.after), ("before", self.before))
        return " ".join(filter(None, (words, *(f"{name}:{value}" for name, value in more if value))))


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found.

    Attributes:
        asked: for what; `whole` is all of it in the language of the search.
        best: whether the best stand first, not the newest.
        answer: what was found; None if nothing was asked, or it could not be read.
        mistake: what is wrong with the question, `remedy` what helps.
        languages: that can be chosen.
    """

    asked: Asked
    whole: str
    best: bool
    languages: tuple[str, ...]
    answer: Answer | None = None
    mistake: str = ""
    remedy: str = ""


def search(ask: Ask, db: Database) -> Page:
    """What is found, or what is wrong with the question."""
    languages = known_languages(db)
    asked = Asked(ask.text("q"), ask.language("language"), _day(ask.text("after")), _day(ask.text("before")))
    best = ask.chosen("sort", ("newest", "best")) == "best"
    values, status = Found(asked, asked.whole, best, languages), HTTPStatus.OK
    if asked.whole:
        try:
            answer = Search(db, ask.site.names).find(
                asked.whole, ask.now, limit=_MANY, best=best, older_than=ask.key("older")
            )
            values = Found(asked, asked.whole, best, languages, answer)
        except RuleError as error:
            said = f"{error.where}: {error.message}" if error.where else error.message
            values = Found(asked, asked.whole, best, languages, None, said, error.remedy)
            status = HTTPStatus.BAD_REQUEST
    beside = {
        "language_names": [(code, ask.voice.language_name(code)) for code in languages],
        "also_named": _also_named,
    }
    return Page("search.html", values, status, beside)


def _also_named(also: Also) -> list[Markup]:
    """Some of the other names as people write them: without the signs that packs write for endings."""
    whole = [name.rstrip("*") for name in also.names if not _PATTERN.search(name.rstrip("*"))]
    return [foreign(name) for name in dict.fromkeys(whole)][:_NAMES]


def _day(text: str) -> str:
    """What a field for days sends, in a form that cannot be anything else."""
    return re.sub(r"[^0-9TZ:d-]", "", text)
