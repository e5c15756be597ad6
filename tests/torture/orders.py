"""Bad orders of the same work, to show that the harness sees what they lose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.store.database import change, transaction
from monitor.store.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from monitor.core.delivery.bundling import Bundle
    from monitor.core.delivery.deliveries import Recipient


class MarkedBeforeSent(Ledger):
    """A delivery is marked as sent when it is claimed."""

    def claim(self, now: datetime, **given: object) -> tuple[Bundle, ...]:
        claimed = super().claim(now, **given)
        for bundle in claimed:
            super().sent(bundle.ids, now)
        return claimed


class QueuedInMemory(Ledger):
    """Alerts wait in memory only: the next process knows of none of them, so the ledger has nothing left to send."""

    def recover(self, now: datetime, _configured: Iterable[Recipient] = ()) -> int:
        with transaction(self._db):
            return change(
                self._db, "UPDATE deliveries SET state = 'sent' WHERE state IN ('pending', 'claimed')"
            )
