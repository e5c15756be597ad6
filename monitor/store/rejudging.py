"""What waits, as another configuration sees it: held by other policies, or for an address that was changed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from monitor.core.delivery.deliveries import Hold
from monitor.store.database import change, rows
from monitor.store.deliveries import delivery_of
from monitor.store.readdressing import readdress

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from monitor.core.delivery.deliveries import Delivery, Recipient
    from monitor.store.database import Database


def rejudge(db: Database, configured: Iterable[Recipient], now: datetime) -> None:
    """Have what is held judged anew, and what waits for a changed address go to the new one. Within a transaction."""
    readdress(db, configured)
    for row in rows(db, _HELD):
        _release(db, delivery_of(row), now)


def _release(db: Database, held: Delivery, now: datetime) -> None:
    """Let it be judged anew. It is worth sending for as long as it was, so that many restarts do not add to that."""
    early = timedelta() if held.held in (Hold.PARKED, Hold.ASKED_TO_WAIT) else held.not_before - now
    change(
        db,
        "UPDATE deliveries SET not_before = ?, expires = ? WHERE id = ?",
        (now, held.expires - max(early, timedelta()), held.id),
    )


_HELD = "SELECT * FROM deliveries WHERE state = 'pending' AND held != '' AND attempts = 0"
