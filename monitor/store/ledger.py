"""The ledger: every delivery with its state, and who is working on it.

A claim is a lease. Whoever dies with one leaves a delivery that may have arrived; it is claimed again after the
lease and a pause, and then says `unknown`. Nothing is marked as sent before it was sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from monitor.core.errors import InputError
from monitor.core.models import (
    Alert,
    AlertKind,
    Delivery,
    DeliveryState,
    Evidence,
    Fact,
    FactKind,
    Field,
    Novelty,
    Reason,
    Recipient,
)
from monitor.core.topic import Severity
from monitor.store.columns import read_optional_time, read_time
from monitor.store.database import change, rows, snapshot, transaction
from monitor.store.history import read_article, rules_of

if TYPE_CHECKING:
    from collections.abc import Mapping

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

    def claim(self, now: datetime, *, lease: timedelta, limit: int) -> tuple[tuple[Delivery, Alert], ...]:
        """Take at most `limit` deliveries to send them before `now + lease`.

        There is at most one claim for each recipient, the oldest due delivery first. Deliveries past their time
        expire instead. Claims whose lease ended 60 seconds ago are taken again, marked `unknown`. If the history
        cannot be written, this raises, so that nothing is sent that could not be recorded.
        """
        with transaction(self._db):
            change(self._db, _EXPIRE, (now, now - HELD))
            due = rows(self._db, _DUE, (now, now - HELD, now - HELD, limit))
            for row in due:
                change(self._db, _CLAIM, (now + lease, row["id"]))
            return tuple((self._delivery(row["id"]), self._alert(row["alert"])) for row in due)

    def sent(self, delivery_id: int, now: datetime, *, message_id: str = "") -> None:
        """Record that the receiver took it. True whatever the ledger thought before; a second call is ignored."""
        with transaction(self._db):
            self._delivery(delivery_id)
            change(
                self._db,
                """UPDATE deliveries SET state = 'sent', sent_at = ?, message_id = ?, lease_until = NULL,
                    last_error = '' WHERE id = ? AND state != 'sent'""",
                (now, message_id, delivery_id),
            )

    def failed(
        self,
        delivery_id: int,
        now: datetime,
        *,
        error: str,
        retry_at: datetime | None,
        unknown: bool = False,
    ) -> None:
        """Record that an attempt failed. It is tried again at `retry_at`, or given up if that is None.

        `unknown` says that no answer came, so it may have arrived. A delivery that is not claimed stays as it is.
        """
        state = DeliveryState.DEAD if retry_at is None else DeliveryState.PENDING
        with transaction(self._db):
            self._delivery(delivery_id)
            change(
                self._db,
                """UPDATE deliveries SET state = ?, not_before = ?, last_error = ?, lease_until = NULL,
                    unknown = max(unknown, ?) WHERE id = ? AND state = 'claimed'""",
                (state, retry_at or now, error, unknown, delivery_id),
            )

    def alert(self, alert_id: int) -> Alert:
        """An alert as channels need it. Raises InputError if there is none with this number."""
        with snapshot(self._db):
            return self._alert(alert_id)

    def delivery(self, delivery_id: int) -> Delivery:
        """One delivery. Raises InputError if there is none with this number."""
        with snapshot(self._db):
            return self._delivery(delivery_id)

    def retry(self, alert_id: int | None, now: datetime) -> int:
        """Make the unsent deliveries of an alert (None: of all) due now; return how many.

        What was dead or expired starts afresh, with all its attempts. Claimed ones are left to their sender.
        """
        with transaction(self._db):
            return change(
                self._db,
                """UPDATE deliveries SET state = 'pending', not_before = ?, attempts = 0,
                    expires = iif(expires <= ?, ?, expires)
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

    def _delivery(self, delivery_id: int) -> Delivery:
        found = rows(self._db, "SELECT * FROM deliveries WHERE id = ?", (delivery_id,))
        if not found:
            raise InputError(f"there is no delivery {delivery_id}", remedy="`tumen alerts list` shows them")
        return _delivery(found[0])

    def _alert(self, alert_id: int) -> Alert:
        found = rows(self._db, _ALERT, (alert_id,))
        if not found:
            raise InputError(f"there is no alert {alert_id}", remedy="`tumen alerts list` shows them")
        row = found[0]
        rules = rules_of(self._db, row["revision"], row["pack"])
        outlets, languages = self._spread(row["story"])
        return Alert(
            id=row["id"],
            kind=AlertKind(row["kind"]),
            reason=Reason(row["reason"]),
            pack=row["pack"],
            rules=tuple(rule for rule, _ in rules),
            severity=Severity(row["severity"]),
            story=row["story"],
            story_title=row["story_title"],
            article=read_article(row),
            source=row["source"],
            evidence=tuple(map(_evidence, rows(self._db, _EVIDENCE, (row["revision"], row["pack"])))),
            new=tuple(map(_novelty, rows(self._db, _NOVELTIES, (row["id"],)))),
            found_at=read_time(row["found_at"]),
            created_at=read_time(row["created_at"]),
            late=bool(row["late"]),
            outlets=outlets,
            languages=languages,
        )

    def _spread(self, story: int) -> tuple[int, tuple[str, ...]]:
        """How many outlets have reported a story, and its languages in the order in which they joined."""
        found = rows(
            self._db,
            """SELECT sources.title, articles.language FROM articles
            JOIN sources ON sources.name = articles.source WHERE story = ? ORDER BY articles.id""",
            (story,),
        )
        languages = dict.fromkeys(row["language"] for row in found if row["language"])
        return len({row["title"] for row in found}), tuple(languages)


# Past its time, and nobody is sending it (a claim that ran out may have arrived).
_EXPIRE = """
    UPDATE deliveries SET unknown = iif(state = 'claimed', 1, unknown), state = 'expired', lease_until = NULL
    WHERE expires <= ? AND (state = 'pending' OR state = 'claimed' AND lease_until <= ?)
"""
# Due and nobody's, or a claim that ran out; of each recipient without a running claim the oldest.
_DUE = """
    SELECT id, alert FROM (
        SELECT *, row_number() OVER (PARTITION BY channel, recipient ORDER BY created_at, id) AS nth
        FROM deliveries
        WHERE state = 'pending' AND not_before <= ? OR state = 'claimed' AND lease_until <= ?
    ) AS due
    WHERE nth = 1 AND NOT EXISTS (
        SELECT 1 FROM deliveries AS running
        WHERE running.channel = due.channel AND running.recipient = due.recipient
            AND running.state = 'claimed' AND running.lease_until > ?
    )
    ORDER BY created_at, id LIMIT ?
"""
_CLAIM = """
    UPDATE deliveries SET unknown = iif(state = 'claimed', 1, unknown), state = 'claimed', lease_until = ?,
        attempts = attempts + 1 WHERE id = ?
"""
_NEXT_PENDING = """
    SELECT min(not_before) AS due FROM deliveries AS waiting
    WHERE state = 'pending' AND NOT EXISTS (
        SELECT 1 FROM deliveries AS running
        WHERE running.channel = waiting.channel AND running.recipient = waiting.recipient
            AND running.state = 'claimed'
    )
"""
_ALERT = """
    SELECT alerts.*, stories.title AS story_title, revisions.title, revisions.text, articles.url,
        articles.language, articles.published, articles.author, articles.day_only, sources.title AS source,
        entries.found_at
    FROM alerts
    JOIN stories ON stories.id = alerts.story
    JOIN articles ON articles.id = alerts.article
    JOIN revisions ON revisions.id = alerts.revision
    JOIN sources ON sources.name = articles.source
    JOIN entries ON entries.id = alerts.entry
    WHERE alerts.id = ?
"""
_EVIDENCE = """
    SELECT DISTINCT field, start, "end", evidence.text, concept
    FROM evidence JOIN matches ON matches.id = evidence."match"
    WHERE matches.revision = ? AND matches.pack = ?
    ORDER BY field DESC, start, "end", concept  -- title before body
"""
_NOVELTIES = """
    SELECT facts.*, novelties.before FROM novelties JOIN facts ON facts.id = novelties.fact
    WHERE novelties.alert = ? ORDER BY novelties.id
"""


def _evidence(row: Mapping[str, Any]) -> Evidence:
    return Evidence(Field(row["field"]), row["start"], row["end"], row["text"], row["concept"])


def _novelty(row: Mapping[str, Any]) -> Novelty:
    words = Evidence(Field(row["field"]), row["start"], row["end"], row["text"], row["words_concept"])
    fact = Fact(FactKind(row["kind"]), row["concept"], row["value"], words, by=row["stated_by"])
    return Novelty(fact, row["before"])


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
    )
