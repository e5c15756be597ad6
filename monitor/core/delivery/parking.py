"""What a failure does to a delivery, and to the recipient's other ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from monitor.core.delivery.retrying import next_attempt
from monitor.core.errors import Fault
from monitor.core.wishes import OF_A_RECEIVER, bounded

if TYPE_CHECKING:
    from monitor.core.errors import DeliveryError

_FAILURES = 5  # in a row; then messages are not to blame (M. Nygard, "Release It!", 2007: circuit breaker)
_FIRST_PROBE = timedelta(minutes=1)
_LONGEST_PROBE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class RecipientState:
    """How a recipient has taken messages.

    Attributes:
        failures: attempts that failed in a row.
        blocked_until: before this nothing is sent to it.
        parked_since: since when it takes nothing, so that only one delivery at a time tries; None if it does.
        last_error: how the last attempt failed, empty if it did not.
        last_sent_at: when it took a message last.
    """

    failures: int = 0
    blocked_until: datetime | None = None
    parked_since: datetime | None = None
    last_error: str = ""
    last_sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a delivery that was not taken.

    Attributes:
        retry_at: when it is tried again, None if never.
        plain: whether it leaves as short plain text then.
    """

    retry_at: datetime | None
    plain: bool = False


def fate(error: DeliveryError, attempts: int, *, plain: bool, now: datetime, chance: float) -> Fate:
    """What becomes of the deliveries of a message.

    One that the receiver refuses is tried once more, alone and as short plain text: a digest may have been too long,
    or one of its members to blame.

    Args:
        error: how the attempt failed.
        attempts: attempts so far, this one included.
        plain: whether it was short plain text already.
        now: the time of the failure.
        chance: a number from 0 to 1.
    """
    if error.fault is Fault.MESSAGE and not plain:
        return Fate(now, plain=True)
    return Fate(next_attempt(error, attempts, now=now, chance=chance), plain)


def after_failure(
    state: RecipientState, error: DeliveryError, *, now: datetime, chance: float
) -> RecipientState:
    """How it stands with a recipient after a failed attempt; arguments as for `fate`.

    It is parked when its channel has to be mended, or after five failures in a row, and then tried again within
    15 minutes at most, for ever. What it asks for by Retry-After wins.
    """
    failures = state.failures + 1
    parked = state.parked_since or (now if error.fault is Fault.CHANNEL or failures >= _FAILURES else None)
    wait = timedelta()
    if parked is not None:
        doublings = min(max(0, failures - _FAILURES), 8)
        longest = min(_FIRST_PROBE * 2.0**doublings, _LONGEST_PROBE)
        wait = longest / 2 + longest / 2 * chance  # half of it is certain, so that it is left in peace
    wait = max(wait, bounded(error.retry_after, OF_A_RECEIVER))
    blocked = now + wait if wait else None
    return RecipientState(failures, blocked, parked, error.message, state.last_sent_at)
