"""The steps of the road from a source to a reader, in order, and who may watch them pass."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum


class Step(StrEnum):
    """A moment at which the service could be interrupted."""

    LOOK_BEGUN = "look_begun"  # looks were handed to the crawler
    LOOKED = "looked"  # a look's report is here, nothing of it is stored
    ENTRIES_STORED = "entries_stored"  # new entries, validators and the next look are stored
    READ_BEGUN = "read_begun"  # pages were handed to the crawler
    PAGE_READ = "page_read"  # a page's report is here, nothing of it is stored
    DECIDED = "decided"  # it is known who hears of the article, nothing is stored
    ARTICLE_STORED = "article_stored"  # article, story, alerts and deliveries are stored
    CAPTURED = "captured"  # the page, as it was fetched, is where the history says
    CLAIMED = "claimed"  # a delivery is leased, nothing is sent
    SENT = "sent"  # the receiver took the message, that is not recorded yet
    RECORDED = "recorded"  # the delivery is done


Observer = Callable[[Step, str], None]
"""Is told each step, and which source, address or alert it concerns."""


def ignore(_step: Step, _subject: str) -> None:
    """Watch nothing."""
