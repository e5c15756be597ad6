"""What became of the deliveries of an alert, for people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003  part of the public values
from typing import TYPE_CHECKING, Any

from monitor.core.delivery.deliveries import DeliveryState, Hold, Recipient
from monitor.store.columns import read_optional_time, read_time
from monitor.store.database import rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.store.database import Database


@dataclass(frozen=True, slots=True)
class AttemptLine:
    """One attempt to send a delivery. `outcome` is `sent`, or the word for why not."""

    begun_at: datetime
    ended_at: datetime
    outcome: str
    error: str


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """The state of one delivery.

    Attributes:
        recipient: who receives it.
        state: where it stands.
        attempts: how often it was tried.
        not_before: when the next attempt may start.
        sent_at: when the receiver took it.
        last_error: how the last attempt failed.
        held: why it waits, or waited last, although it could be sent.
        unknown: an attempt ended without an answer, so it may have arrived.
        silence: the number of the silence that suppressed it.
        message: the key of the message in which it leaves or left.
        occasion: why that message held others, or did not.
    """

    recipient: Recipient
    state: DeliveryState
    attempts: int
    not_before: datetime
    sent_at: datetime | None
    last_error: str
    held: Hold | None
    unknown: bool
    silence: int | None
    message: str
    occasion: str

    @property
    def channel(self) -> str:
        """The channel's name."""
        return self.recipient.channel

    @property
    def waits_for(self) -> Hold | None:
        """Why it is not sent now, None if only its turn is waited for, or nothing."""
        return self.held if self.state is DeliveryState.PENDING else None


def delivery_lines(db: Database, alert: int) -> tuple[DeliveryLine, ...]:
    """The deliveries of an alert, in the order in which they were stored."""
    return tuple(map(_line, rows(db, "SELECT * FROM deliveries WHERE alert = ? ORDER BY id", (alert,))))


def attempt_lines(db: Database, alert: int) -> dict[Recipient, tuple[AttemptLine, ...]]:
    """Every ended attempt to send an alert, by recipient, in their order."""
    found = rows(
        db,
        """SELECT attempts.*, channel, recipient FROM attempts JOIN deliveries ON deliveries.id = attempts.delivery
        WHERE deliveries.alert = ? ORDER BY attempts.id""",
        (alert,),
    )
    lines: dict[Recipient, tuple[AttemptLine, ...]] = {}
    for row in found:
        to = Recipient(row["channel"], row["recipient"])
        begun, ended = read_time(row["begun_at"]), read_time(row["ended_at"])
        lines[to] = (*lines.get(to, ()), AttemptLine(begun, ended, row["outcome"], row["error"]))
    return lines


def _line(row: Mapping[str, Any]) -> DeliveryLine:
    return DeliveryLine(
        recipient=Recipient(row["channel"], row["recipient"]),
        state=DeliveryState(row["state"]),
        attempts=row["attempts"],
        not_before=read_time(row["not_before"]),
        sent_at=read_optional_time(row["sent_at"]),
        last_error=row["last_error"],
        held=Hold(row["held"]) if row["held"] else None,
        unknown=bool(row["unknown"]),
        silence=row["silence"],
        message=row["bundle"],
        occasion=row["occasion"],
    )
