"""How long is what kept, and what goes when the history has grown too large?

Only what is old goes, and never what is still needed: each class has an age below which nothing of it goes, whatever
the configuration or a full disk wants.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from monitor.core.sources.wellness.habits import HABIT
from monitor.core.stories import WINDOW

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

_LOW = 0.95  # of the size that is allowed: pruning ends there, so that it need not begin again at once
_AT_REST = 2 * WINDOW  # after which nobody has a story open, with room for a book that closes it late


class RetentionClass(StrEnum):
    """What is kept, by what it is worth."""

    UNMATCHED = "unmatched"  # articles that no rule matched
    MATCHED = "matched"  # articles on topic that nobody was told of
    ALERTS = "alerts"  # what was told, with its deliveries and attempts
    CAPTURES = "captures"  # pages that were kept as evidence
    LOOKS = "looks"  # what Tumen did: looks, visits, gaps, notices
    ENTRIES = "entries"  # titles and teasers of addresses that were read; the addresses stay

    @property
    def text(self) -> str:
        """As a reader calls it, in the plural."""
        return _TEXTS[self]


_TEXTS = {
    RetentionClass.UNMATCHED: "articles that no rule matched",
    RetentionClass.MATCHED: "articles on topic that nobody was told of",
    RetentionClass.ALERTS: "alerts with their deliveries",
    RetentionClass.CAPTURES: "captured pages",
    RetentionClass.LOOKS: "looks, visits, gaps and notices",
    RetentionClass.ENTRIES: "titles and teasers of entries",
}


class PruneReason(StrEnum):
    """Why something was pruned."""

    AGE = "age"  # it had been kept for long enough
    SIZE = "size"  # the file was larger than it may be


FLOORS: Mapping[RetentionClass, timedelta] = {
    RetentionClass.UNMATCHED: timedelta(days=7),  # reports count what was read in a week
    RetentionClass.MATCHED: timedelta(days=30),
    RetentionClass.ALERTS: timedelta(days=30),
    RetentionClass.CAPTURES: timedelta(days=30),
    RetentionClass.LOOKS: HABIT,  # sources are judged by what they did in that time
    RetentionClass.ENTRIES: timedelta(days=30),  # pages are visited again by what their entries said
}
"""Nothing that is younger goes."""


@dataclass(frozen=True, slots=True)
class Retention:
    """For how long each class is kept, None for ever; and how many bytes the file may have, None for any number."""

    unmatched: timedelta | None = timedelta(days=90)
    matched: timedelta | None = None
    alerts: timedelta | None = None
    captures: timedelta | None = None
    looks: timedelta | None = timedelta(days=60)
    entries: timedelta | None = timedelta(days=90)
    size: int | None = None

    def of(self, what: RetentionClass) -> timedelta | None:
        """For how long a class is kept."""
        kept: timedelta | None = getattr(self, what.value)
        return kept


@dataclass(frozen=True, slots=True)
class Cut:
    """What may go.

    Attributes:
        what: the class.
        why: the reason.
        before: what is older than this may go.
        at_rest: stories without news since then are over; what belongs to others stays.
    """

    what: RetentionClass
    why: PruneReason
    before: datetime
    at_rest: datetime


def because(what: RetentionClass, why: PruneReason, before: datetime) -> str:
    """Why something of a class was pruned, as a clause that can stand alone."""
    if why is PruneReason.SIZE:
        return f"the file was larger than it may be, and {what.text} go first ({what})"
    return f"{what.text} from before {before:%Y-%m-%d} were kept for long enough ({what})"


def size_text(size: int) -> str:
    """A number of bytes as people write it: `20 GB`, `1.5 MB`; a thousand bytes are a kB."""
    for unit, of in (("TB", 10**12), ("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if abs(size) >= of:
            return f"{size / of:.3g} {unit}" if abs(size) < 1000 * of else f"{size / of:.0f} {unit}"
    return f"{size} bytes"


# Alerts first: what only they keep may go after them.
_BY_AGE = (
    RetentionClass.ALERTS,
    RetentionClass.CAPTURES,
    RetentionClass.MATCHED,
    RetentionClass.UNMATCHED,
    RetentionClass.LOOKS,
    RetentionClass.ENTRIES,
)
_BY_SIZE = (RetentionClass.UNMATCHED, RetentionClass.LOOKS, RetentionClass.ENTRIES)


def by_age(retention: Retention, now: datetime) -> tuple[Cut, ...]:
    """What has been kept for long enough, in the order in which it goes."""
    return tuple(
        Cut(what, PruneReason.AGE, now - max(kept, FLOORS[what]), now - _AT_REST)
        for what in _BY_AGE
        if (kept := retention.of(what)) is not None
    )


def by_size(now: datetime) -> tuple[Cut, ...]:
    """What goes when the file is too large, the least valuable first. Evidence and what was told never do."""
    return tuple(Cut(what, PruneReason.SIZE, now - FLOORS[what], now - _AT_REST) for what in _BY_SIZE)


def is_too_large(used: int, retention: Retention) -> bool:
    """Whether pruning by size begins, with so many bytes of the file in use."""
    return retention.size is not None and used > retention.size


def is_small_enough(used: int, retention: Retention) -> bool:
    """Whether pruning by size ends."""
    return retention.size is None or used <= retention.size * _LOW
