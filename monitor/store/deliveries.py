"""Rows of the ledger as values."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from monitor.core.delivery.bundling import Lost
from monitor.core.delivery.deliveries import Delivery, DeliveryState, Hold, Recipient, Waiting
from monitor.core.delivery.notices import Notice, NoticeKind
from monitor.core.delivery.parking import RecipientState
from monitor.core.errors import InputError
from monitor.core.topic import Severity
from monitor.store.columns import read_optional_time, read_time
from monitor.store.database import rows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from monitor.store.database import Database


def open_deliveries(db: Database) -> tuple[int, datetime | None]:
    """How many deliveries wait or are on their way, and when the oldest of them was stored; however many ended."""
    (found,) = rows(
        db,
        """SELECT count(*) AS many, min(created_at) AS oldest FROM deliveries
        INDEXED BY deliveries_open WHERE state IN ('pending', 'claimed')""",
    )
    return found["many"], read_optional_time(found["oldest"])


def read_delivery(db: Database, delivery_id: int) -> Delivery:
    """One delivery. Raises InputError if there is none with this number."""
    found = rows(db, "SELECT * FROM deliveries WHERE id = ?", (delivery_id,))
    if not found:
        raise InputError(f"there is no delivery {delivery_id}", remedy="`tumen alerts list` shows them")
    return delivery_of(found[0])


def delivery_of(row: Mapping[str, Any]) -> Delivery:
    """A row of `deliveries`."""
    return Delivery(
        id=row["id"],
        alert=row["alert"],
        notice=row["notice"],
        recipient=Recipient(row["channel"], row["recipient"]),
        state=DeliveryState(row["state"]),
        attempts=row["attempts"],
        not_before=read_time(row["not_before"]),
        created_at=read_time(row["created_at"]),
        expires=read_time(row["expires"]),
        held=Hold(row["held"]) if row["held"] else None,
        lease_until=read_optional_time(row["lease_until"]),
        sent_at=read_optional_time(row["sent_at"]),
        last_error=row["last_error"],
        unknown=bool(row["unknown"]),
        bundle=row["bundle"],
        plain=bool(row["plain"]),
        silence=row["silence"],
    )


def waiting_of(row: Mapping[str, Any], now: datetime) -> Waiting:
    """A row of `deliveries` with `severity` and `late`, for the decision on what leaves."""
    return Waiting(
        id=row["id"],
        created_at=read_time(row["created_at"]),
        due=read_time(row["not_before"]) <= now,
        severity=Severity(row["severity"]),
        gathers=bool(row["late"]) and not row["attempts"],
        bundle=row["bundle"],
        held=Hold(row["held"]) if row["held"] else None,
        attempts=row["attempts"],
        plain=bool(row["plain"]),
        is_notice=row["notice"] is not None,
    )


def lost_of(row: Mapping[str, Any]) -> Lost:
    """A row of `deliveries` with `title` and `url` of its article."""
    return Lost(
        alert=row["alert"],
        title=row["title"],
        state=DeliveryState(row["state"]),
        created_at=read_time(row["created_at"]),
        url=row["url"],
    )


def read_notice(db: Database, notice_id: int) -> Notice:
    """A notice that a delivery tells."""
    (row,) = rows(db, "SELECT * FROM notices WHERE id = ?", (notice_id,))
    return Notice(NoticeKind(row["kind"]), row["subject"], row["text"], tuple(json.loads(row["details"])))


def read_recipient(db: Database, recipient: Recipient) -> RecipientState:
    """How it stands with a recipient; of one that is not known yet, well."""
    found = rows(
        db,
        "SELECT * FROM recipients WHERE channel = ? AND recipient = ?",
        (recipient.channel, recipient.key),
    )
    return recipient_of(found[0]) if found else RecipientState()


def recipient_of(row: Mapping[str, Any]) -> RecipientState:
    """A row of `recipients`."""
    return RecipientState(
        failures=row["failures"],
        blocked_until=read_optional_time(row["blocked_until"]),
        parked_since=read_optional_time(row["parked_since"]),
        last_error=row["last_error"],
        last_sent_at=read_optional_time(row["last_sent_at"]),
    )
