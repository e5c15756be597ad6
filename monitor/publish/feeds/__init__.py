"""Feeds of a topic, a rule, a story or a search, as Atom 1.0 and as JSON Feed 1.1."""

from __future__ import annotations

from monitor.publish.feeds.atom import ATOM, atom
from monitor.publish.feeds.composing import Heading, Links, compose
from monitor.publish.feeds.feed import Entry, Feed
from monitor.publish.feeds.jsonfeed import JSON_FEED, json_feed
from monitor.publish.feeds.reading import Subject, feed_of

__all__ = [
    "ATOM",
    "JSON_FEED",
    "Entry",
    "Feed",
    "Heading",
    "Links",
    "Subject",
    "atom",
    "compose",
    "feed_of",
    "json_feed",
]
