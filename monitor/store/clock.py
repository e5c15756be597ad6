"""What a clock that was ahead has left behind: nothing waits for a time that only that clock meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.store.columns import column
from monitor.store.database import transaction

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.store.database import Database


def forget_future(db: Database, now: datetime) -> int:
    """Make due what was put off at a time that is still to come; how many rows that were.

    A clock that is ahead by a day and then set right would else keep sources from being looked at, and alerts from
    being told, until that day has passed. Raises DatabaseBusy, DatabaseDamaged or StorageError; then nothing was
    changed.
    """
    with transaction(db):
        named = {"now": column(now)}
        # What a look put off may be among very many; without a look in the future there is none.
        many = _OF_LOOKS if db.execute(_LOOKED, named).fetchone() else ()
        return sum(db.execute(sql, named).rowcount for sql in (*many, *_OTHERS))


_LOOKED = "SELECT 1 FROM looks WHERE looked_at > :now LIMIT 1"
_OF_LOOKS = (
    "UPDATE sources SET next_due = :now WHERE looked_at > :now AND next_due > :now",
    """UPDATE entries SET found_at = :now, not_before = min(not_before, :now)
    WHERE state = 'to_read' AND found_at > :now""",
)
_OTHERS = (
    "UPDATE articles SET visit_at = :now WHERE changed_at > :now AND visit_at > :now",
    """UPDATE recipients SET blocked_until = NULL WHERE blocked_until > :now AND EXISTS (
        SELECT 1 FROM deliveries WHERE deliveries.channel = recipients.channel
            AND deliveries.recipient = recipients.recipient AND state = 'pending' AND claimed_at > :now
    )""",
    """UPDATE deliveries SET created_at = min(created_at, :now), claimed_at = min(claimed_at, :now),
        not_before = min(not_before, :now)
    WHERE state = 'pending' AND (created_at > :now OR claimed_at > :now)""",
)
