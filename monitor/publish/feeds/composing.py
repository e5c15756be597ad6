"""From articles of the history to the entries of a feed, in the reader's words. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from monitor.core.errors import InputError
from monitor.core.models import AlertKind
from monitor.notify.excerpt import ELLIPSIS, lead, one_line, shorten
from monitor.notify.news import tell
from monitor.publish.feeds.feed import Entry, Feed
from monitor.publish.markup import element, legal, line, written

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from monitor.notify.voice import Voice
    from monitor.store.views.feeds import FeedItem

_LEAD = 500  # characters of how a text begins
_LONGEST = 2048  # characters of an address; a longer one is no link
_OPENED = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class Links:
    """Where our own pages stand.

    Attributes:
        base: address of the web pages, without a slash at its end; empty if there are none: then entries have no
            page of ours.
        authority: the host (or mail address) in whose name addresses of entries are made; the host of `base`, and
            for files `localhost`, unless another is given.
    """

    base: str = ""
    authority: str = "localhost"

    @classmethod
    def of(cls, address: str) -> Links:
        """Those below an address of the web; without one, none. Raises InputError if it is none."""
        if not address:
            return cls()
        base = link(address).rstrip("/")
        host = urlsplit(base).hostname if base else None
        if not host or "?" in base or "#" in base:
            raise InputError(
                f"{address[:200]!r} is no address of pages", remedy="write https://host/ or the like"
            )
        return cls(base, host)

    def path(self, path: str) -> str:
        """The whole address of one of our pages; empty if there are none."""
        return f"{self.base}{path}" if self.base and path else ""


@dataclass(frozen=True, slots=True)
class Heading:
    """What a feed is of.

    Attributes:
        title: in the reader's words.
        about: in words that stay, since its address is made of them: `pack/dprk-russia`, `story/12`.
        page: path of our page that shows the same, from `/` on; empty if there is none.
        itself: path of the feed, from `/` on; empty for a file.
    """

    title: str
    about: str
    page: str = ""
    itself: str = ""


def compose(
    items: Sequence[FeedItem], heading: Heading, voice: Voice, *, links: Links, now: datetime
) -> Feed:
    """The feed of these articles, the newest first, for a reader of `voice`; `now` is the time of an empty one."""
    return Feed(
        id=f"tag:{links.authority},2026:tumen/{quote(heading.about, safe='/')}",
        title=line(heading.title) or "Tumen",
        language=voice.frame,
        updated=max((item.updated for item in items), default=now),
        entries=tuple(_entry(item, voice, links) for item in items),
        page=links.path(heading.page),
        itself=links.path(heading.itself),
    )


def entry_id(item: FeedItem, authority: str) -> str:
    """The address of an entry (RFC 4151): made of what never changes, the article's own address."""
    digest = sha256(item.url.encode(errors="replace")).hexdigest()[:20]
    return f"tag:{authority},{item.read_at:%Y-%m-%d}:tumen/article/{digest}"


def _entry(item: FeedItem, voice: Voice, links: Links) -> Entry:
    news = [_said(label, value, by) for label, value, by in _news(item, voice)]
    begin = _begin(item.lead)
    return Entry(
        id=entry_id(item, links.authority),
        title=line(item.title) or line(item.url),
        url=link(item.url),
        page=links.path(f"/article/{item.article}"),
        published=item.published or item.read_at,
        updated=item.updated,
        summary=_summary(item, news, voice),
        html=_html(item, news, begin, voice),
        text="\n\n".join(filter(None, ("\n".join(f"• {one}" for one in news), begin))),
        language=item.language,
        outlet=line(item.outlet),
        author=line(item.author),
        categories=_categories(item, voice),
    )


def link(url: str) -> str:
    """An address that a program may open, written in ASCII; empty if it is none."""
    plain = "".join(one_line(url).split())
    if not plain.lower().startswith(_OPENED) or len(plain) > _LONGEST:
        return ""
    return quote(plain, safe="%/:?#[]@!$&'()*+,;=-._~")


def _news(item: FeedItem, voice: Voice) -> list[tuple[str, str, str]]:
    told = (tell(one, item.pack, voice) for one in item.new)
    return [
        (one.label, " ".join(filter(None, (one.old and f"{one.old} {voice.arrow}", one.value))), one.by)
        for one in told
    ]


def _said(label: str, value: str, by: str) -> str:
    said = ": ".join(filter(None, (line(label), line(value))))
    return f"{said} ({line(by)})" if by else said


def _begin(text: str) -> str:
    """The first sentences of a text; a longer one is cut at a word."""
    paragraphs = ("".join(span.text for span in spans) for spans in lead(legal(text), (), _LEAD))
    said = "\n".join(paragraphs).strip()
    return (
        f"{said} {ELLIPSIS}"
        if said and len(said) < len(text.strip()) and not said.endswith(ELLIPSIS)
        else said
    )


def _summary(item: FeedItem, news: Sequence[str], voice: Voice) -> str:
    """What is new; of a first report, of what it is one."""
    kind = {AlertKind.NEW: "new", AlertKind.UPDATE: "update"}.get(item.kind) if item.kind else None
    head = voice.say(kind) if kind else ""
    said = "; ".join(news) or shorten(line(item.story_title), 200)
    return f"{head}: {said}" if head and said else head or said


def _html(item: FeedItem, news: Sequence[str], begin: str, voice: Voice) -> str:
    listed = element("ul", *(element("li", element("bdi", one)) for one in news)) if news else None
    paragraphs = [
        element("p", one, dir="auto", lang=item.language or None) for one in begin.split("\n") if one.strip()
    ]
    told = [line(item.outlet), voice.language_name(item.language)]
    end = element("p", element("small", " · ".join(filter(None, told))))
    return "".join(written(part) for part in (listed, *paragraphs, end) if part is not None)


def _categories(item: FeedItem, voice: Voice) -> tuple[tuple[str, str], ...]:
    """Names without what a reader's program could stumble over: a topic, its rules, a development."""
    if not item.pack:
        return ()
    pack = voice.packs.get(item.pack)
    topic = pack.label(voice.language) if pack else item.pack
    found = [(item.pack, line(topic))]
    found += [(f"{item.pack}/{rule}", line(voice.rule(item.pack, rule))) for rule in item.rules]
    if item.story is not None:
        found.append((f"story/{item.story}", shorten(line(item.story_title), 120)))
    return tuple(found)
