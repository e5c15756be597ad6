"""When is a message that was not taken sent again?"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from monitor.core.errors import Fault
from monitor.core.wishes import OF_A_RECEIVER, bounded

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.core.errors import DeliveryError

_FIRST = timedelta(seconds=5)
_LONGEST = timedelta(minutes=15)


def next_attempt(error: DeliveryError, attempts: int, *, now: datetime, chance: float) -> datetime | None:
    """When to try the same message again, or None if that is useless.

    Full jitter (M. Brooker, "Exponential backoff and jitter", 2015), from 5 s doubling to 15 min; what the receiver
    asks for wins. How long a message is tried at all is bounded by its expiry, not by a count.

    Args:
        error: how the attempt failed.
        attempts: attempts so far, this one included.
        now: the time of the failure.
        chance: a number from 0 to 1.
    """
    if error.fault in (Fault.MESSAGE, Fault.RECIPIENT):
        return None
    ceiling = min(_FIRST * 2.0 ** min(attempts, 16), _LONGEST)
    wait = max(timedelta(seconds=1), ceiling * chance)
    return now + max(wait, bounded(error.retry_after, OF_A_RECEIVER))
