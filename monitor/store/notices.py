"""What the keeper of the service is told, and what of it is still so."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from monitor.core.delivery.deliveries import DeliveryState
from monitor.store.columns import read_time
from monitor.store.database import add, add_all, change, rows, transaction

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, timedelta

    from monitor.core.delivery.deliveries import Recipient
    from monitor.core.delivery.notices import Notice
    from monitor.store.database import Database


class Notices:
    """Notices, each a delivery in the ledger for whoever receives it, and the conditions that they speak of.

    A condition and the notice of it are stored together or not at all, so each begin and each end is told once.
    Every method may raise DatabaseBusy, DatabaseDamaged or StorageError; then nothing was changed.
    """

    def __init__(self, db: Database) -> None:
        self._db = db

    def tell(
        self, notice: Notice, to: Sequence[Recipient], now: datetime, *, lasts: timedelta, key: str = ""
    ) -> bool:
        """Have a notice told, which is worth sending for `lasts`. False if one with this `key` was told before."""
        with transaction(self._db):
            if rows(self._db, "SELECT 1 FROM notices WHERE key = ?", (key,)):
                return False
            self._add(notice, to, now, lasts, key)
            return True

    def begin(
        self, subject: str, notice: Notice, to: Sequence[Recipient], now: datetime, *, lasts: timedelta
    ) -> bool:
        """Keep that something is so, and have it told. False if it was known, and in these words."""
        with transaction(self._db):
            changed = change(
                self._db,
                """INSERT INTO conditions (subject, text, said_at) VALUES (?, ?, ?)
                ON CONFLICT (subject) DO UPDATE SET text = excluded.text, said_at = excluded.said_at
                WHERE conditions.text != excluded.text""",
                (subject, notice.text, now),
            )
            if changed:
                self._add(notice, to, now, lasts)
            return changed > 0

    def end(
        self, subject: str, notice: Notice, to: Sequence[Recipient], now: datetime, *, lasts: timedelta
    ) -> bool:
        """Keep that it is so no longer, and have that told. False if it was not known to be so."""
        with transaction(self._db):
            if not change(self._db, "DELETE FROM conditions WHERE subject = ?", (subject,)):
                return False
            self._add(notice, to, now, lasts)
            return True

    def standing(self) -> Mapping[str, tuple[str, datetime]]:
        """What was said and is still so: text and time by subject, oldest first."""
        found = rows(self._db, "SELECT * FROM conditions ORDER BY said_at, subject")
        return {row["subject"]: (row["text"], read_time(row["said_at"])) for row in found}

    def undelivered(self, key: str) -> tuple[str, ...]:
        """The channels that did not take the notice with this key (yet)."""
        found = rows(
            self._db,
            """SELECT DISTINCT channel FROM deliveries JOIN notices ON notices.id = deliveries.notice
            WHERE notices.key = ? AND state != 'sent' ORDER BY channel""",
            (key,),
        )
        return tuple(row["channel"] for row in found)

    def _add(
        self, notice: Notice, to: Sequence[Recipient], now: datetime, lasts: timedelta, key: str = ""
    ) -> None:
        row = {
            "key": key or None,
            "kind": notice.kind,
            "subject": notice.subject,
            "text": notice.text,
            "details": json.dumps(notice.details, ensure_ascii=False),
            "severity": notice.kind.severity,
            "created_at": now,
        }
        number = add(self._db, "notices", row)
        add_all(
            self._db,
            "deliveries",
            [
                {
                    "notice": number,
                    "channel": recipient.channel,
                    "recipient": recipient.key,
                    "state": DeliveryState.PENDING,
                    "not_before": now,
                    "created_at": now,
                    "expires": now + lasts,
                }
                for recipient in to
            ],
        )
