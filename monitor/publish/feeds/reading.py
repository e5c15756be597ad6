"""A feed of what the history holds about a topic, a rule or a story."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from monitor.core.errors import InputError
from monitor.publish.feeds.composing import Heading, compose
from monitor.store.search import Search
from monitor.store.views.feeds import items_of_articles, items_of_pack, items_of_rule, items_of_story

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.core.searching.names import Names
    from monitor.notify.voice import Voice
    from monitor.publish.feeds.composing import Links
    from monitor.publish.feeds.feed import Feed
    from monitor.store.database import Database
    from monitor.store.views.feeds import FeedItem

ENTRIES = 50  # of a feed; whoever looks once a day misses none of a busy topic


@dataclass(frozen=True, slots=True)
class Subject:
    """What a feed is of: a search; a story; a rule of a pack; a pack; or, with nothing said, all topics."""

    pack: str = ""
    rule: str = ""
    story: int | None = None
    query: str = ""

    @property
    def about(self) -> str:
        """In words that stay, which are a path: `story/12`, `rule/dprk-russia/troops`, `pack/dprk-russia`, `all`."""
        if self.query:
            return f"search/{self.query}"
        if self.story is not None:
            return f"story/{self.story}"
        if self.rule:
            return f"rule/{self.pack}/{self.rule}"
        return f"pack/{self.pack}" if self.pack else "all"


def feed_of(
    db: Database,
    subject: Subject,
    voice: Voice,
    *,
    links: Links,
    now: datetime,
    itself: str = "",
    names: Names | None = None,
) -> Feed:
    """The newest articles that brought something new about a subject, for a reader of `voice`.

    Of a search, the newest that answer it, whether or not they brought something new.

    Args:
        db: the history.
        subject: what the feed is of.
        voice: of the reader; its packs are those that can be asked for.
        links: where our pages stand.
        now: the time.
        itself: path of the feed, empty for a file.
        names: by which packs know things, for searches.

    Raises:
        InputError: there is no such pack, rule or story.
        RuleError: the search cannot be read.
        StorageError: or a subclass: the history cannot be read.
    """
    if subject.query:
        title, page = f"{subject.query} · Tumen", f"/search?{urlencode({'q': subject.query})}"
        answer = Search(db, names).find(subject.query, now, limit=ENTRIES)
        items = items_of_articles(db, [hit.article for hit in answer.hits])
    else:
        title, page, items = _found(db, subject, voice)
    return compose(items, Heading(title, subject.about, page, itself), voice, links=links, now=now)


def _found(db: Database, subject: Subject, voice: Voice) -> tuple[str, str, tuple[FeedItem, ...]]:
    """Title, page and articles."""
    if subject.story is not None:
        story, title, items = items_of_story(db, subject.story, limit=ENTRIES)
        return f"{title} · Tumen", f"/story/{story}", items
    if not subject.pack:
        return "Tumen", "/", items_of_pack(db, "", limit=ENTRIES)
    pack = voice.packs.get(subject.pack)
    if pack is None:
        raise InputError(
            f"there is no pack {subject.pack[:80]!r}", remedy=f"there are: {', '.join(voice.packs) or 'none'}"
        )
    topic = pack.label(voice.language)
    if not subject.rule:
        return f"{topic} · Tumen", f"/?pack={quote(pack.name)}", items_of_pack(db, pack.name, limit=ENTRIES)
    if pack.rule(subject.rule) is None:
        raise InputError(
            f"{pack.name} has no rule {subject.rule[:80]!r}", remedy="`tumen rules lint` lists them"
        )
    page = f"/rule/{quote(pack.name, safe='')}/{quote(subject.rule, safe='')}"
    title = f"{voice.rule(pack.name, subject.rule)} · {topic} · Tumen"
    return title, page, items_of_rule(db, pack.name, subject.rule, limit=ENTRIES)
