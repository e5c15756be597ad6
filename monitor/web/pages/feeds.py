"""Feeds of a topic, a rule, a story or a search, for readers of feeds: `/feeds/atom/pack/dprk-russia`."""

from __future__ import annotations

from email.utils import format_datetime
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from monitor.core.errors import InputError
from monitor.publish.feeds import ATOM, JSON_FEED, Links, Subject, atom, feed_of, json_feed
from monitor.web.answering import Document

if TYPE_CHECKING:
    from monitor.store.database import Database
    from monitor.web.asking import Ask

SUBJECTS = ("all", "pack/{pack}", "rule/{pack}/{rule}", "story/{story}", "search")
"""What there are feeds of, as it stands in their addresses."""


def feed(ask: Ask, db: Database) -> Document:
    """The feed that the address names; of a search, by the words that its query holds."""
    subject = Subject(
        pack=ask.parts.get("pack", ""),
        rule=ask.parts.get("rule", ""),
        story=ask.number("story") if "story" in ask.parts else None,
        query=ask.text("q"),
    )
    if ask.path.endswith("/search") and not subject.query:
        raise InputError("a feed of a search needs words", remedy="write them behind ?q=")
    made = feed_of(
        db,
        subject,
        ask.voice,
        links=Links(ask.origin, min(ask.site.access.hosts, default="localhost")),
        now=ask.now,
        itself=quote(ask.path) + (f"?{urlencode({'q': subject.query})}" if subject.query else ""),
        names=ask.site.names,
    )
    is_atom = ask.parts["form"] == "atom"
    body = atom(made) if is_atom else json_feed(made)
    headers = {
        "ETag": f'"{sha256(body).hexdigest()[:32]}"',
        "Last-Modified": format_datetime(made.updated.replace(microsecond=0), usegmt=True),
    }
    return Document(body, ATOM if is_atom else JSON_FEED, headers)
