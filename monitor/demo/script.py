"""What the demonstration tells: invented outlets and the articles they publish, with what is expected of each.

The articles double as a labelled set: every one says which development it reports, if any, and what a reader
should hear of it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml

from spiders.items import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from importlib.resources.abc import Traversable


class Expect(StrEnum):
    """What a reader should hear of an article."""

    NEW = "new"  # the first report of a development
    UPDATE = "update"  # a known development, and something new is stated
    REPEAT = "repeat"  # a known development, nothing new
    BASELINE = "baseline"  # on topic, but days old when its source is first looked at: kept, not told
    NONE = "none"  # not on topic


class Mishap(StrEnum):
    """What goes wrong with an outlet once, to show that it does no harm."""

    UNAVAILABLE = "unavailable"  # the second look is answered with 503 and Retry-After
    SLOW = "slow"  # the second look takes two seconds


@dataclass(frozen=True, slots=True)
class Outlet:
    """An invented outlet: how it publishes and how its pages look.

    Attributes:
        name: its key, and the name of its source.
        title: what readers call it.
        language: ISO 639-1 code of its articles.
        country: ISO 3166 code.
        kind: how it announces its articles.
        listing: the template of the feed, sitemap or section page.
        address: path of the listing on its server.
        links: for sections, which links are articles.
        folder: path of its articles; the article's id and `.html` follow.
        layout: the template of its pages.
        charset: of pages and listing.
        utc_offset: hours between its wall clock and UTC.
        tags: as in `Source`.
        tracking: query that its feed hangs on every link.
        mishap: what goes wrong once.
        words: what stands around the articles, in its language.
    """

    name: str
    title: str
    language: str
    country: str
    kind: Kind
    listing: str
    address: str
    folder: str
    layout: str
    words: Mapping[str, Any]
    charset: str = "utf-8"
    utc_offset: float = 0.0
    tags: tuple[str, ...] = ()
    links: str | None = None
    tracking: str = ""
    mishap: Mishap | None = None


@dataclass(frozen=True, slots=True)
class DemoArticle:
    """An article written for the demonstration, with what is expected of it.

    Attributes:
        id: its key, also in its address.
        outlet: name of the outlet.
        language: ISO 639-1 code.
        title: the headline.
        summary: the teaser; it is also the page's lead paragraph.
        paragraphs: the text below the lead.
        after: whole seconds after the start at which it is published; negative: it is already there.
        development: the development it reports, None if it is not on topic.
        expect: what a reader should hear of it.
        what: one sentence on why.
        author: its byline.
    """

    id: str
    outlet: str
    language: str
    title: str
    summary: str
    paragraphs: tuple[str, ...]
    after: int
    development: str | None
    expect: Expect
    what: str
    author: str | None = None

    @property
    def text(self) -> str:
        """Lead and paragraphs, as a reader of the page should get them."""
        return "\n\n".join((self.summary, *self.paragraphs))


@cache
def outlets() -> tuple[Outlet, ...]:
    """All outlets, in the order of `outlets.yaml`."""
    return tuple(_outlet(raw) for raw in _read(files(__package__) / "outlets.yaml"))


@cache
def load() -> tuple[DemoArticle, ...]:
    """All articles, in order of publication."""
    language = {outlet.name: outlet.language for outlet in outlets()}
    folder = files(__package__) / "articles"
    found = [_article(raw, language[raw["outlet"]]) for file in _yaml_files(folder) for raw in _read(file)]
    return tuple(sorted(found, key=lambda article: (article.after, article.id)))


def as_lines(start: datetime) -> Iterator[str]:
    """The articles as `tumen replay` reads them, one JSON object a line, as if the demonstration began at `start`."""
    for article in load():
        line = {
            "id": article.id,
            "title": article.title,
            "text": article.text,
            "lang": article.language,
            "published": (start + timedelta(seconds=article.after)).isoformat(),
        }
        yield json.dumps(line, ensure_ascii=False)


def _outlet(raw: dict[str, Any]) -> Outlet:
    mishap = raw.pop("mishap", None)
    return Outlet(
        kind=Kind(raw.pop("kind")),
        tags=tuple(raw.pop("tags", ())),
        mishap=Mishap(mishap) if mishap else None,
        **raw,
    )


def _article(raw: dict[str, Any], language: str) -> DemoArticle:
    # Folded YAML text wraps where the file does: in a page, a paragraph is one line.
    paragraphs = tuple(" ".join(part.split()) for part in raw.pop("text").split("\n\n"))
    return DemoArticle(
        language=language,
        paragraphs=tuple(part for part in paragraphs if part),
        expect=Expect(raw.pop("expect")),
        development=raw.pop("development", None),
        summary=" ".join(raw.pop("summary").split()),
        **raw,
    )


def _yaml_files(folder: Traversable) -> Iterator[Traversable]:
    return (file for file in sorted(folder.iterdir(), key=lambda f: f.name) if file.name.endswith(".yaml"))


def _read(file: Traversable) -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return loaded
