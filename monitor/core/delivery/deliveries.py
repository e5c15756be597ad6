"""A delivery: one alert or notice on its way to one recipient, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from monitor.core.topic import Severity

if TYPE_CHECKING:
    from datetime import datetime

SUSPECT = 2  # after so many failed attempts a delivery leaves alone


class DeliveryState(StrEnum):
    """Where a delivery stands in the ledger."""

    PENDING = "pending"  # waits for its time
    CLAIMED = "claimed"  # somebody is sending it, until the lease ends
    SENT = "sent"  # the receiver took it
    DEAD = "dead"  # the receiver refused it for good, or every attempt failed
    EXPIRED = "expired"  # too old to be worth telling
    SUPPRESSED = "suppressed"  # a silence covers it


class Hold(StrEnum):
    """Why a delivery waits although it could be sent. The same word stands in history, output and documentation."""

    GROUP = "group"  # others may join it, or the last message left too short a time ago
    DIGEST = "digest"  # the channel is told at fixed times of the day
    QUIET_HOURS = "quiet_hours"  # the channel is not to be disturbed now
    OVER_CAP = "over_cap"  # as many messages as the channel wants within an hour have left
    ASKED_TO_WAIT = "asked_to_wait"  # the receiver named a time before which it takes nothing
    PARKED = "parked"  # the receiver takes nothing; it is asked again now and then
    REPLAYED = "replayed"  # it was silenced, and somebody wants it after all


@dataclass(frozen=True, slots=True)
class Recipient:
    """One receiver of one channel: `key` is a digest of its address, so no secret enters the history."""

    channel: str
    key: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """One alert or notice on its way to one recipient.

    Attributes:
        id: its key in the history.
        alert: the key of what it tells, None if that is a notice.
        notice: likewise.
        recipient: where it goes.
        state: where it stands.
        attempts: begun, the present one included.
        not_before: when the next attempt may start.
        created_at: when it was stored.
        expires: when it stops being worth sending.
        held: why it waits, or waited last, although it could be sent.
        lease_until: while claimed, when the attempt must have ended.
        sent_at: when the receiver took it.
        last_error: how the last attempt failed.
        unknown: an earlier attempt ended without an answer, so the receiver may have it already.
        bundle: the key of the message in which it leaves, or left; empty before the first attempt.
        plain: the receiver refused it in its full form.
        silence: the key of the silence that suppressed it.
    """

    id: int
    alert: int | None
    recipient: Recipient
    state: DeliveryState
    attempts: int
    not_before: datetime
    created_at: datetime
    expires: datetime
    notice: int | None = None
    held: Hold | None = None
    lease_until: datetime | None = None
    sent_at: datetime | None = None
    last_error: str = ""
    unknown: bool = False
    bundle: str = ""
    plain: bool = False
    silence: int | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A delivery that is not sent yet, as far as the decision needs to know it.

    Attributes:
        id: its key.
        created_at: when it was stored.
        due: whether its time has come.
        severity: of its alert or notice.
        gathers: late, and never tried: its time comes only so that others may join it.
        bundle: key of the message in which it may have arrived, empty if it never left.
        held: why it waited last although it could be sent, None if it did not.
        attempts: how often it was tried.
        plain: it was refused in its full form.
        is_notice: it is about Tumen itself, not news.
    """

    id: int
    created_at: datetime
    due: bool = True
    severity: Severity = Severity.NORMAL
    gathers: bool = False
    bundle: str = ""
    held: Hold | None = None
    attempts: int = 0
    plain: bool = False
    is_notice: bool = False

    @property
    def is_suspect(self) -> bool:
        """Whether it may be the reason why messages fail."""
        return self.plain or self.attempts >= SUSPECT
