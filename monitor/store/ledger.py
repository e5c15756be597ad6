"""The ledger: every delivery with its state, and who is working on it.

A claim is a lease. Whoever dies with one leaves a delivery that may have arrived; it is claimed again after the
lease and a pause, and then says `unknown`. Nothing is marked as sent before it was sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from monitor.core.delivery.bundling import MOST, Bundle
from monitor.core.delivery.deliveries import Delivery, DeliveryState, Hold, Recipient
from monitor.core.delivery.parking import RecipientState
from monitor.core.delivery.policy import IMMEDIATE, Policy
from monitor.store.alerts import read_alert
from monitor.store.claiming import take
from monitor.store.columns import read_optional_time, read_time
from monitor.store.database import change, rows, snapshot, transaction
from monitor.store.deliveries import read_delivery, read_recipient
from monitor.store.rejudging import rejudge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from monitor.core.models import Alert
    from monitor.store.database import Database

HELD = timedelta(seconds=60)  # after a lease ran out: a late answer of the first attempt may still come
RETRIED_FOR = timedelta(days=1)  # how long an expired delivery is worth sending once somebody asks for it


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits.

    Attributes:
        counts: deliveries by state, every state named.
        oldest: when the oldest open delivery was stored.
        held: open deliveries that could be sent and wait all the same, by the reason.
    """

    counts: Mapping[DeliveryState, int]
    oldest: datetime | None
    held: Mapping[Hold, int]


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
        policy: Callable[[Recipient], Policy] = lambda _: IMMEDIATE,
    ) -> tuple[Bundle, ...]:
        """Take what leaves next for at most `limit` recipients, to send it before `now + lease`.

        There is at most one claim for each recipient, the oldest due first. A silence suppresses, the channel's
        `policy` holds, and `monitor.core.delivery.bundling` decides what leaves together; `room` says how many
        alerts a message to a recipient can hold. Deliveries past their time expire instead. Claims whose lease ended
        60 seconds ago are taken again, marked `unknown`. If the history cannot be written, this raises, so that
        nothing is sent that could not be recorded.
        """
        with transaction(self._db):
            _take_back(self._db, now, before=now - HELD)
            if change(self._db, _EXPIRE, (now,)):
                change(self._db, _UNTELL_LOST)
            claimed: list[Bundle] = []
            for row in rows(self._db, _DUE, (now,)):
                to = Recipient(row["channel"], row["recipient"])
                bundle = take(self._db, to, policy(to), room, now=now, until=now + lease)
                claimed += [bundle] if bundle else []
                if len(claimed) >= limit:
                    break
            return tuple(claimed)

    def sent(self, ids: Sequence[int], now: datetime) -> None:
        """Record that the receiver took them.

        True whatever the ledger thought before; a second call is ignored.
        """
        with transaction(self._db):
            deliveries = [read_delivery(self._db, delivery_id) for delivery_id in ids]
            to = deliveries[0].recipient
            before = read_recipient(self._db, to)
            for delivery in deliveries:
                _end_attempt(self._db, delivery.id, now, "sent")
                change(self._db, _SENT, (now, delivery.id))
            _keep(self._db, to, RecipientState(last_sent_at=now))
            if before.parked_since is not None or before.blocked_until is not None:
                # What waited for the receiver leaves now, and nobody is blamed for what failed while it was down.
                change(self._db, _RELEASE_HELD, (now, to.channel, to.key))

    def failed(
        self,
        ids: Sequence[int],
        now: datetime,
        *,
        error: str,
        retry_at: datetime | None,
        reason: str = "failed",
        plain: bool = False,
        recipient: RecipientState | None = None,
    ) -> None:
        """Record that an attempt failed. It is made again at `retry_at`, or given up if that is None.

        The reason `unknown` says that no answer came, so the message may have arrived: from then on its deliveries
        stay together. `plain` has them leave alone and as short plain text. A delivery that is not claimed stays as
        it is. `recipient` is how it stands with the recipient from now on, None for no change.
        """
        state = DeliveryState.DEAD if retry_at is None else DeliveryState.PENDING
        unknown = reason == "unknown"
        with transaction(self._db):
            to = read_delivery(self._db, ids[0]).recipient
            for delivery_id in ids:
                _end_attempt(self._db, delivery_id, now, reason, error)
                change(
                    self._db,
                    _FAIL,
                    (state, retry_at or now, error, unknown, unknown, plain, delivery_id),
                )
            if not unknown:
                change(self._db, _UNTELL_LOST)
            if recipient is not None:
                _keep(self._db, to, recipient)

    def recipient(self, recipient: Recipient) -> RecipientState:
        """How it stands with a recipient."""
        with snapshot(self._db):
            return read_recipient(self._db, recipient)

    def alert(self, alert_id: int) -> Alert:
        """An alert as channels need it. Raises InputError if there is none with this number."""
        with snapshot(self._db):
            return read_alert(self._db, alert_id)

    def delivery(self, delivery_id: int) -> Delivery:
        """One delivery. Raises InputError if there is none with this number."""
        with snapshot(self._db):
            return read_delivery(self._db, delivery_id)

    def retry(self, alert_id: int | None, now: datetime) -> int:
        """Make the unsent deliveries of an alert (None: of all) due now; return how many.

        What was dead or expired starts afresh, with all its attempts and as a new message. Claimed ones are left
        to their sender.
        """
        with transaction(self._db):
            tried = change(self._db, _RETRY, (now, now, now + RETRIED_FOR, alert_id, alert_id))
            # Somebody who asks for it has mended the channel, so it is not waited for.
            change(
                self._db,
                """UPDATE recipients SET blocked_until = NULL, parked_since = NULL, failures = 0
                WHERE EXISTS (SELECT 1 FROM deliveries WHERE deliveries.channel = recipients.channel
                    AND deliveries.recipient = recipients.recipient
                    AND state = 'pending' AND (? IS NULL OR alert = ?))""",
                (alert_id, alert_id),
            )
            return tried

    def recover(self, now: datetime, configured: Iterable[Recipient] = ()) -> int:
        """Take back the claims of a process that is gone; return how many.

        Called once by the single writer when it starts. They are due at once, and may have arrived. What is held is
        judged anew, since the policies may be others now; what waits for an address that was changed goes to the new
        one, if `configured` leaves no doubt which that is.
        """
        with transaction(self._db):
            rejudge(self._db, configured, now)
            return _take_back(self._db, now)

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
            held = rows(
                self._db,
                """SELECT held, count(*) AS many FROM deliveries
                WHERE state = 'pending' AND held != '' GROUP BY held ORDER BY held""",
            )
        counts = {row["state"]: row["many"] for row in counted}
        return Backlog(
            counts={state: counts.get(state, 0) for state in DeliveryState},
            oldest=read_optional_time(oldest["at"]),
            held={Hold(row["held"]): row["many"] for row in held},
        )


def _take_back(db: Database, now: datetime, *, before: datetime | None = None) -> int:
    """Claims whose sender is gone (with a lease that ended `before`, None for all): the message may have arrived."""
    gone = "state = 'claimed' AND ifnull(lease_until <= ?, 1)"
    change(
        db,
        f"""INSERT INTO attempts (delivery, bundle, begun_at, ended_at, outcome)
        SELECT id, bundle, ifnull(claimed_at, created_at), ?, 'cut_off' FROM deliveries WHERE {gone}""",  # noqa: S608  fixed words
        (now, before),
    )
    return change(
        db,
        f"""UPDATE deliveries SET state = 'pending', unknown = 1, not_before = ?, lease_until = NULL
        WHERE {gone}""",  # noqa: S608  fixed words
        (now, before),
    )


def _end_attempt(db: Database, delivery_id: int, now: datetime, outcome: str, error: str = "") -> None:
    """Record how an attempt ended, before the delivery is changed; nothing if it has ended already."""
    change(
        db,
        """INSERT INTO attempts (delivery, bundle, begun_at, ended_at, outcome, error)
        SELECT id, bundle, ifnull(claimed_at, created_at), ?, ?, ? FROM deliveries
        WHERE id = ? AND state = 'claimed'""",
        (now, outcome, error, delivery_id),
    )


def _keep(db: Database, to: Recipient, state: RecipientState) -> None:
    change(
        db,
        _KEEP,
        (
            *(to.channel, to.key, state.failures, state.blocked_until, state.parked_since),
            *(state.last_error, state.last_sent_at),
        ),
    )


# The recipients of whom something is due and nothing on its way, the longest waiting first.
_DUE = """
    SELECT channel, recipient FROM deliveries AS due
    WHERE state = 'pending' AND not_before <= ? AND NOT EXISTS (
        SELECT 1 FROM deliveries AS running
        WHERE running.channel = due.channel AND running.recipient = due.recipient
            AND running.state = 'claimed'
    )
    GROUP BY channel, recipient ORDER BY min(created_at), min(id)
"""
_SENT = """
    UPDATE deliveries SET state = 'sent', sent_at = ?, lease_until = NULL, last_error = ''
    WHERE id = ? AND state != 'sent'
"""
# What certainly did not arrive may leave with others next time.
_FAIL = """
    UPDATE deliveries SET state = ?, not_before = ?, last_error = ?, lease_until = NULL,
        bundle = iif(unknown OR ?, bundle, ''), unknown = max(unknown, ?), plain = max(plain, ?)
    WHERE id = ? AND state = 'claimed'
"""
_EXPIRE = "UPDATE deliveries SET state = 'expired' WHERE expires <= ? AND state = 'pending'"
# The message that was to speak of them is not tried any more, and nobody knows that it arrived: the next one does.
_UNTELL_LOST = """
    UPDATE deliveries SET told_lost = '' WHERE state IN ('dead', 'expired') AND told_lost != '' AND NOT EXISTS (
        SELECT 1 FROM deliveries AS telling
        WHERE telling.bundle = deliveries.told_lost AND telling.state IN ('pending', 'claimed', 'sent')
    )
"""
_RETRY = """
    UPDATE deliveries SET state = 'pending', not_before = ?, attempts = 0, plain = 0, told_lost = '',
        bundle = iif(state = 'pending', bundle, ''), unknown = iif(state = 'pending', unknown, 0),
        expires = iif(expires <= ?, ?, expires)
    WHERE state IN ('pending', 'dead', 'expired') AND (? IS NULL OR alert = ?)
"""
_KEEP = """
    INSERT INTO recipients (channel, recipient, failures, blocked_until, parked_since, last_error, last_sent_at)
    VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (channel, recipient) DO UPDATE SET failures = excluded.failures,
        blocked_until = excluded.blocked_until, parked_since = excluded.parked_since,
        last_error = excluded.last_error, last_sent_at = ifnull(excluded.last_sent_at, last_sent_at)
"""
_RELEASE_HELD = """
    UPDATE deliveries SET not_before = min(not_before, ?), attempts = 0
    WHERE channel = ? AND recipient = ? AND state = 'pending'
        AND (held IN ('parked', 'asked_to_wait') OR attempts > 0)
"""
_NEXT_PENDING = """
    SELECT min(not_before) AS due FROM deliveries AS waiting
    WHERE state = 'pending' AND NOT EXISTS (
        SELECT 1 FROM deliveries AS running
        WHERE running.channel = waiting.channel AND running.recipient = waiting.recipient
            AND running.state = 'claimed'
    )
"""
