"""Deciding about texts without a network."""

from __future__ import annotations

from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.core.alerting import Freshness, Route
from monitor.core.delivery.deliveries import Recipient
from monitor.core.matching import Matcher
from monitor.jobs.ingest import Ingestor
from monitor.planning import load_packs
from monitor.store.database import open_history
from monitor.store.history import History
from monitor.store.lock import WriterLock

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime


@contextmanager
def replaying(packs: Sequence[str], db: Path | None, now: datetime) -> Iterator[Ingestor]:
    """What decides about texts without a network, for one reader who wants everything.

    The history is kept only if `db` is given.
    """
    loaded = load_packs(packs, Path())
    with ExitStack() as stack:
        if db is not None:
            stack.enter_context(WriterLock(db))
        history = stack.enter_context(closing(open_history(db)))
        reader = Route("reader", (Recipient("reader", "replay"),))
        ingestor = Ingestor(History(history), Matcher(loaded), (reader,), Freshness())
        ingestor.remember(now)
        yield ingestor
