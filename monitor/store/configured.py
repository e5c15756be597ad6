"""What another configuration changes in a history, all of it or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.store.database import transaction
from monitor.store.declaring import declare
from monitor.store.rejudging import rejudge

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from monitor.core.delivery.deliveries import Recipient
    from monitor.store.database import Database
    from spiders.items import Source


def take_up(db: Database, sources: Sequence[Source], recipients: Iterable[Recipient], now: datetime) -> None:
    """Watch these sources and tell these recipients from now on, while somebody may be sending.

    See `Sources.sync` and `Ledger.recover`, which do the same when the service starts. Whoever is sending to an
    address that was changed records for the new one how it ended.

    Raises:
        DatabaseBusy, DatabaseDamaged, StorageError: nothing was changed.
    """
    with transaction(db):
        declare(db, sources, now)
        rejudge(db, recipients, now)
