"""The ledger: every delivery with its state, and who is working on it.

A claim is a lease. Whoever dies with one leaves a delivery that may have arrived; it is claimed again after the
lease and a pause, and then says `unknown`. Nothing is marked as sent before it was sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from monitor.core.bundling import MANY, MOST, Bundle, Occasion, Waiting, choose, key_of
from monitor.core.errors import InputError
from monitor.core.models import Alert, Delivery, DeliveryState, Recipient
from monitor.core.topic import Severity
from monitor.store.alerts import read_alert
from monitor.store.columns import read_optional_time, read_time
from monitor.store.database import change, rows, snapshot, transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from monitor.store.database import Database

HELD = timedelta(seconds=60)  # after a lease ran out: a late answer of the first attempt may still come
RETRIED_FOR = timedelta(days=1)  # how long an expired delivery is worth sending once somebody asks for it


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits. `counts` holds every state; `oldest` is when the oldest unsent open delivery was stored."""

    counts: Mapping[DeliveryState, int]
    oldest: datetime | None


class Ledger:
    """The deliveries of a history.

    Every method may raise DatabaseBusy, DatabaseDamaged or StorageError; then nothing was changed.
    """

    def __init__(self, db: Database) -> None:
        self._db = db

    def claim(
        self,
        now: datetime,
        *,
        lease: timedelta,
        limit: int,
        room: Callable[[Recipient], int] = lambda _: MOST,
    ) -> tuple[Bundle, ...]:
        """Take what leaves next for at most `limit` recipients, to send it before `now + lease`.

        There is at most one claim for each recipient, the oldest due first; `monitor.core.bundling` decides what
        leaves together, `room` says how many alerts a message to a recipient can hold. Deliveries past their time
        expire instead. Claims whose lease ended 60 seconds ago are taken again, marked `unknown`. If the history
        cannot be written, this raises, so that nothing is sent that could not be recorded.
        """
        with transaction(self._db):
            change(self._db, _RELEASE, (now, now - HELD))
            change(
                self._db,
                "UPDATE deliveries SET state = 'expired' WHERE expires <= ? AND state = 'pending'",
                (now,),
            )
            due = rows(self._db, _DUE, (now, limit))
            return tuple(
                self._take(Recipient(row["channel"], row["recipient"]), now, now + lease, room) for row in due
            )

    def sent(self, ids: Sequence[int], now: datetime) -> None:
        """Record that the receiver took them. True whatever the ledger thought before; a second call is ignored."""
        with transaction(self._db):
            for delivery_id in ids:
                self._delivery(delivery_id)
                change(
                    self._db,
                    """UPDATE deliveries SET state = 'sent', sent_at = ?, lease_until = NULL, last_error = ''
                    WHERE id = ? AND state != 'sent'""",
                    (now, delivery_id),
                )

    def failed(
        self,
        ids: Sequence[int],
        now: datetime,
        *,
        error: str,
        retry_at: datetime | None,
        unknown: bool = False,
    ) -> None:
        """Record that an attempt failed. It is made again at `retry_at`, or given up if that is None.

        `unknown` says that no answer came, so the message may have arrived: from then on its deliveries stay
        together. A delivery that is not claimed stays as it is.
        """
        state = DeliveryState.DEAD if retry_at is None else DeliveryState.PENDING
        with transaction(self._db):
            for delivery_id in ids:
                self._delivery(delivery_id)
                change(self._db, _FAIL, (state, retry_at or now, error, unknown, unknown, delivery_id))

    def alert(self, alert_id: int) -> Alert:
        """An alert as channels need it. Raises InputError if there is none with this number."""
        with snapshot(self._db):
            return read_alert(self._db, alert_id)

    def delivery(self, delivery_id: int) -> Delivery:
        """One delivery. Raises InputError if there is none with this number."""
        with snapshot(self._db):
            return self._delivery(delivery_id)

    def retry(self, alert_id: int | None, now: datetime) -> int:
        """Make the unsent deliveries of an alert (None: of all) due now; return how many.

        What was dead or expired starts afresh, with all its attempts and as a new message. Claimed ones are left
        to their sender.
        """
        with transaction(self._db):
            return change(
                self._db,
                """UPDATE deliveries SET state = 'pending', not_before = ?, attempts = 0,
                    bundle = iif(state = 'pending', bundle, ''), expires = iif(expires <= ?, ?, expires)
                WHERE state IN ('pending', 'dead', 'expired') AND (? IS NULL OR alert = ?)""",
                (now, now, now + RETRIED_FOR, alert_id, alert_id),
            )

    def recover(self, now: datetime) -> int:
        """Take back the claims of a process that is gone; return how many.

        Called once by the single writer when it starts. They are due at once, and may have arrived.
        """
        with transaction(self._db):
            return change(
                self._db,
                """UPDATE deliveries SET state = 'pending', unknown = 1, not_before = ?, lease_until = NULL
                WHERE state = 'claimed'""",
                (now,),
            )

    def next_due(self) -> datetime | None:
        """When there is something to claim again, None if nothing is open.

        A delivery behind a claim for the same recipient is due when that claim ends, so it is not counted.
        """
        with snapshot(self._db):
            (pending,) = rows(self._db, _NEXT_PENDING)
            (claimed,) = rows(
                self._db, "SELECT min(lease_until) AS due FROM deliveries WHERE state = 'claimed'"
            )
        times = [
            read_time(pending["due"]) if pending["due"] else None,
            read_time(claimed["due"]) + HELD if claimed["due"] else None,
        ]
        return min((time for time in times if time is not None), default=None)

    def backlog(self) -> Backlog:
        """How many deliveries are in which state, and since when the oldest waits."""
        with snapshot(self._db):
            counted = rows(self._db, "SELECT state, count(*) AS many FROM deliveries GROUP BY state")
            (oldest,) = rows(
                self._db,
                "SELECT min(created_at) AS at FROM deliveries WHERE state IN ('pending', 'claimed')",
            )
        counts = {row["state"]: row["many"] for row in counted}
        return Backlog(
            counts={state: counts.get(state, 0) for state in DeliveryState},
            oldest=read_optional_time(oldest["at"]),
        )

    def _take(
        self, recipient: Recipient, now: datetime, until: datetime, room: Callable[[Recipient], int]
    ) -> Bundle:
        """Claim what leaves next for a recipient of whom something is due and nothing on its way."""
        found = rows(self._db, _WAITING, (recipient.channel, recipient.key))
        most = room(recipient) if len(found) >= MANY else 1
        choice = choose([_waiting(row, now) for row in found], most)
        keys = {row["bundle"] for row in found if row["id"] in choice.ids}
        deliveries = tuple(map(self._delivery, choice.ids))
        key = keys.pop() if choice.occasion is Occasion.AGAIN else key_of(deliveries)
        for delivery_id in choice.ids:
            change(self._db, _CLAIM, (until, key, delivery_id))
        return Bundle(
            key=key,
            occasion=choice.occasion,
            deliveries=tuple(map(self._delivery, choice.ids)),
            alerts=tuple(read_alert(self._db, delivery.alert) for delivery in deliveries),
        )

    def _delivery(self, delivery_id: int) -> Delivery:
        found = rows(self._db, "SELECT * FROM deliveries WHERE id = ?", (delivery_id,))
        if not found:
            raise InputError(f"there is no delivery {delivery_id}", remedy="`tumen alerts list` shows them")
        return _delivery(found[0])


# A claim that ran out: its sender is gone, and the message may have arrived.
_RELEASE = """
    UPDATE deliveries SET state = 'pending', unknown = 1, not_before = ?, lease_until = NULL
    WHERE state = 'claimed' AND lease_until <= ?
"""
# The recipients of whom something is due and nothing on its way, the longest waiting first.
_DUE = """
    SELECT channel, recipient FROM deliveries AS due
    WHERE state = 'pending' AND not_before <= ? AND NOT EXISTS (
        SELECT 1 FROM deliveries AS running
        WHERE running.channel = due.channel AND running.recipient = due.recipient
            AND running.state = 'claimed'
    )
    GROUP BY channel, recipient ORDER BY min(created_at), min(id) LIMIT ?
"""
# Everything that waits for one recipient.
_WAITING = """
    SELECT deliveries.id, not_before, attempts, deliveries.bundle, unknown, severity, late
    FROM deliveries JOIN alerts ON alerts.id = deliveries.alert
    WHERE channel = ? AND recipient = ? AND state = 'pending'
    ORDER BY deliveries.created_at, deliveries.id
"""
_CLAIM = """
    UPDATE deliveries SET state = 'claimed', lease_until = ?, bundle = ?, attempts = attempts + 1 WHERE id = ?
"""
# What certainly did not arrive may leave with others next time.
_FAIL = """
    UPDATE deliveries SET state = ?, not_before = ?, last_error = ?, lease_until = NULL,
        bundle = iif(unknown OR ?, bundle, ''), unknown = max(unknown, ?)
    WHERE id = ? AND state = 'claimed'
"""
_NEXT_PENDING = """
    SELECT min(not_before) AS due FROM deliveries AS waiting
    WHERE state = 'pending' AND NOT EXISTS (
        SELECT 1 FROM deliveries AS running
        WHERE running.channel = waiting.channel AND running.recipient = waiting.recipient
            AND running.state = 'claimed'
    )
"""


def _waiting(row: Mapping[str, Any], now: datetime) -> Waiting:
    return Waiting(
        id=row["id"],
        due=read_time(row["not_before"]) <= now,
        urgent=row["severity"] == Severity.URGENT,
        gathers=bool(row["late"]) and not row["attempts"],
        bundle=row["bundle"],
    )


def _delivery(row: Mapping[str, Any]) -> Delivery:
    return Delivery(
        id=row["id"],
        alert=row["alert"],
        recipient=Recipient(row["channel"], row["recipient"]),
        state=DeliveryState(row["state"]),
        attempts=row["attempts"],
        not_before=read_time(row["not_before"]),
        created_at=read_time(row["created_at"]),
        expires=read_time(row["expires"]),
        lease_until=read_optional_time(row["lease_until"]),
        sent_at=read_optional_time(row["sent_at"]),
        last_error=row["last_error"],
        unknown=bool(row["unknown"]),
        bundle=row["bundle"],
    )
