"""An address that was changed in the configuration: what waits for the former one goes to the new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.core.delivery.deliveries import Recipient
from monitor.store.database import change, rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from monitor.store.database import Database


def readdress(db: Database, configured: Iterable[Recipient]) -> int:
    """Move what is undelivered from a recipient that is gone to the new one of the same channel; how many deliveries.

    A recipient is known by a digest of its address, so another password makes another one. Only if exactly one of a
    channel is gone and exactly one is new are they taken for the same.
    """
    now = set(configured)
    moved = 0
    for old, new in _changed(db, now):
        moved += change(
            db,
            # Whoever has the alert under the new address already is not told twice.
            """UPDATE OR IGNORE deliveries SET recipient = ?
            WHERE channel = ? AND recipient = ? AND state != 'sent'""",
            (new.key, old.channel, old.key),
        )
        change(db, "DELETE FROM recipients WHERE channel = ? AND recipient = ?", (old.channel, old.key))
    return moved


def _changed(db: Database, configured: set[Recipient]) -> Iterator[tuple[Recipient, Recipient]]:
    found = rows(db, "SELECT DISTINCT channel, recipient FROM deliveries")
    known = {Recipient(row["channel"], row["recipient"]) for row in found}
    waiting = {
        Recipient(row["channel"], row["recipient"])
        for row in rows(
            db,
            "SELECT DISTINCT channel, recipient FROM deliveries WHERE state NOT IN ('sent', 'suppressed')",
        )
    }
    for channel in {recipient.channel for recipient in configured}:
        gone = [one for one in waiting - configured if one.channel == channel]
        new = [one for one in configured - known if one.channel == channel]
        if len(gone) == len(new) == 1:
            yield gone[0], new[0]
