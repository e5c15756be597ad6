"""What the outlets of the peers' newsroom publish: articles in seven languages, on whole pages with their furniture.

Every tenth article is one of the demonstration's with more text below it, the others say nothing, with the words of
their language as often as people use them (`tests.bench.generated_words`). The same numbers give the same press.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from monitor.demo.script import load
from tests.bench.generated_words import Vocabulary

if TYPE_CHECKING:
    from monitor.demo.script import DemoArticle

LANGUAGES = ("en", "de", "ru", "fr", "es", "pl", "uk")
"""Those that every peer reads as it is installed: for others some ask for libraries or models of their own."""

FEED, LISTED = "/feed.xml", 30
_SECTIONS, _TEASERS, _BLURBS = 9, 24, 40
SUBJECTS = ("strike", "fire", "flood", "theft", "siege")
_SYLLABLES = (
    "bar",
    "den",
    "fol",
    "gim",
    "hus",
    "kep",
    "lon",
    "mir",
    "nat",
    "ros",
    "sul",
    "tev",
    "vak",
    "wim",
)
_EVERY = 10  # articles, one is about the topic
_WEALTH = 0.1
_APART = timedelta(minutes=20)
_PARAGRAPHS, _LENGTH = (7, 13), (220, 520)  # of an article; characters of a paragraph


@dataclass(frozen=True)
class Paper:
    """An article as it is published. `text` is what a reader of the page should get."""

    path: str
    title: str
    paragraphs: tuple[str, ...]
    published: datetime
    on_topic: bool

    @property
    def text(self) -> str:
        """The paragraphs, an empty line between them."""
        return "\n\n".join(self.paragraphs)


@dataclass(frozen=True)
class Teaser:
    """A few lines that lead to a section, as they fill a page."""

    section: str
    title: str
    text: str


class Outlet:
    """One outlet: its articles, newest first, and its pages as bytes. It is at `base`, with nothing at the end."""

    def __init__(self, number: int, base: str, articles: int, now: datetime) -> None:
        self.base = base
        self.language = LANGUAGES[number % len(LANGUAGES)]
        self._number, self._chance = number, random.Random(f"outlet {number}")
        words = _words(self.language)
        self.title = words.title(self._chance)
        self.sections = tuple(words.between(self._chance)[0] for _ in range(_SECTIONS))
        self.articles = [
            self._write(at, now - _APART * (articles - at), on_topic=at % _EVERY == number % _EVERY)
            for at in range(articles)
        ][::-1]

    def publish(self, number: int, now: datetime) -> Paper:
        """One more: that something began at a place, which no other number tells."""
        place, what = placed(number), SUBJECTS[number % len(SUBJECTS)]
        begin = f"A {what} began in {place} this morning, and nobody in {place} knows why it began."
        filled = (_words("en").text(self._chance, 300) for _ in range(_PARAGRAPHS[0]))
        path = f"/{now:%Y/%m/%d}/report-{self._number}-{number + 50_000}.html"
        paper = Paper(path, f"Great {what} in {place}", (begin, *filled), now, on_topic=True)
        self.articles.insert(0, paper)
        return paper

    fronts = ("/", *(f"/rubrik/{number}/" for number in range(_SECTIONS)))

    def front(self) -> bytes:
        """The page that stands at each of `fronts`."""
        return self._render("front.html", items=self.articles[:LISTED])

    def feed(self) -> bytes:
        """RSS over the newest."""
        return self._render("feed.xml", items=self.articles[:LISTED], mail_date=format_datetime)

    def page(self, article: Paper) -> bytes:
        """The page of an article."""
        data = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "mainEntityOfPage": self.base + article.path,
            "headline": article.title,
            "datePublished": article.published.isoformat(),
            "inLanguage": self.language,
            "publisher": {"@type": "NewsMediaOrganization", "name": self.title},
        }
        return self._render("page.html", item=article, linked_data=json.dumps(data, ensure_ascii=False))

    def _write(self, at: int, published: datetime, *, on_topic: bool) -> Paper:
        words, chance = _words(self.language), self._chance
        title, begin = words.title(chance), ()
        told = _told(self.language) if on_topic else ()
        if told:
            reported = told[(at + self._number) % len(told)]
            title, begin = reported.title, (reported.summary, *reported.paragraphs)
        filled = (words.text(chance, chance.randint(*_LENGTH)) for _ in range(chance.randint(*_PARAGRAPHS)))
        path = f"/{published:%Y/%m/%d}/report-{self._number}-{at + 10_000}.html"
        return Paper(path, title, (*begin, *filled), published, on_topic=bool(told))

    @cached_property
    def furniture(self) -> tuple[Teaser, ...]:
        """What stands around every article: the same on all pages of an outlet."""
        words, chance = _words(self.language), random.Random(f"furniture {self._number}")
        return tuple(
            Teaser(self.sections[at % _SECTIONS], words.title(chance), words.text(chance, _BLURBS))
            for at in range(_TEASERS)
        )

    def _render(self, template: str, **values: object) -> bytes:
        return _environment().get_template(template).render(outlet=self, **values).encode()


def placed(number: int) -> str:
    """A name of a place that no other number below 2,744 has."""
    found = ""
    for _ in range(3):
        number, rest = divmod(number, len(_SYLLABLES))
        found += _SYLLABLES[rest]
    return found.capitalize()


@cache
def _words(language: str) -> Vocabulary:
    return Vocabulary(language, wealth=_WEALTH)


@cache
def _told(language: str) -> tuple[DemoArticle, ...]:
    """The demonstration's articles on topic in this language."""
    return tuple(each for each in load() if each.language == language and each.development)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
    )
