"""A feed before it is written: what both formats say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003  part of the public values


@dataclass(frozen=True, slots=True)
class Entry:
    """One article of a feed.

    Attributes:
        id: a `tag:` address that stays the same wherever and however often it is published.
        title: of the article, in its own language.
        url: of the original.
        page: of our page about it; empty if there is none.
        published: when it was published, or first read if that is unknown.
        updated: when what the entry tells of was read.
        summary: what is new in it, in the reader's words; of one line.
        html: what is new and how its text begins, as markup.
        text: the same without markup.
        language: of the article, None if it is unknown.
        outlet: who published it.
        author: who wrote it, empty if nobody is named.
        categories: its topic, its rules and its development: for each a stable name and what a reader calls it.
    """

    id: str
    title: str
    url: str
    page: str
    published: datetime
    updated: datetime
    summary: str
    html: str
    text: str
    language: str | None
    outlet: str
    author: str
    categories: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed of articles, newest first.

    Attributes:
        id: a `tag:` address of it that stays the same.
        title: of the feed, in the reader's language; `language` says which that is.
        updated: of its newest entry; the time that `compose` was given if it has none.
        page: of ours that shows the same, empty if there is none.
        itself: where this feed stands, empty if it is a file.
    """

    id: str
    title: str
    language: str
    updated: datetime
    entries: tuple[Entry, ...]
    page: str = ""
    itself: str = ""
