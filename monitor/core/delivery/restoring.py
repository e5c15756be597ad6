"""What may have been told already by a history that was lost, and is found again after an older one was restored?

A backup knows nothing of what was told after it was made. So what could have been told before the restore is not told
by itself: it is stored, and kept back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

SETTLED = timedelta(hours=6)
"""After a restore each source has been looked at again, those that fail included: what bears no time is new then."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Restore:
    """A restore: its number is that of the silence to which all belongs that it keeps back.

    Attributes:
        id: the number.
        at: when it was.
        reason: what it was restored from, in words.
        kept_back: how many deliveries.
    """

    id: int
    at: datetime
    reason: str
    kept_back: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """What led to an alert, as far as the decision needs to know it.

    Attributes:
        alerted_at: when the alert was stored.
        published: as the page says, None if it does not.
        day_only: whether it says the day only.
        found_at: when its address was first seen.
        known_at: when its page was looked at before this, None if it was read for the first time.
    """

    alerted_at: datetime
    published: datetime | None
    day_only: bool
    found_at: datetime
    known_at: datetime | None = None


def may_have_been_told(found: Found, restored_at: datetime) -> bool:
    """Whether the history that was lost may have told it.

    What was stored before the restore is not asked for here: what of it was open is kept back by the restore itself.
    """
    if found.alerted_at < restored_at:
        return False
    if found.known_at is not None:  # the page was known: when did it change?
        return found.known_at <= restored_at
    if found.published is not None and not found.day_only:
        return found.published <= restored_at
    if found.published is not None and abs(found.published - restored_at) > _DAY:
        return found.published < restored_at
    return found.found_at <= restored_at + SETTLED
