"""Looking again at pages whose stories move: what they change is told like any other news."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from monitor.core.models import Fetched
from monitor.core.sources.revisiting import MISSING, is_missing, visit_after
from spiders.items import Read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from monitor.core.sources.revisiting import Visit
    from monitor.jobs.ingest import Ingestor
    from monitor.jobs.taking import Taken
    from monitor.store.visits import Visits
    from spiders.items import CrawlReport

_log = logging.getLogger("tumen.visiting")


class Visiting:
    """Which pages are looked at again, and what comes of it."""

    def __init__(self, visits: Visits, ingestor: Ingestor) -> None:
        self._visits = visits
        self._ingestor = ingestor

    def due(
        self, now: datetime, limit: int, busy: Iterable[str], deadline: float
    ) -> Iterator[tuple[Read, Visit]]:
        """Tasks for the pages that are due, without those of busy hosts; each has so many seconds."""
        for visit in self._visits.due(now, limit, exclude_hosts=busy):
            name, source = f"visit {visit.article}", visit.pending.source
            yield (
                Read(name, visit.url, visit.pending.language, deadline, source, visit.validators),
                visit,
            )

    def take(self, visit: Visit, report: CrawlReport, now: datetime) -> bool:
        """Store what a visit brought; whether somebody is to be told.

        A revision is stored first: a visit that is not known to have ended is made again, and finds nothing new.
        """
        lost = is_missing(visit, report)
        taken: Taken | None = None
        if report.article is not None and not lost:
            fetched = Fetched(report.url or visit.url, report.validators, report.capture)
            taken = self._ingestor.revise(visit, report.article, now, fetched)
        missing = visit.missing + 1 if lost else 0
        self._visits.save(
            visit,
            report,
            revised=taken is not None,
            missing=missing,
            gone=missing >= MISSING,
            next_visit=visit_after(visit, report, missing, now),
            now=now,
        )
        if missing >= MISSING:
            _log.info("%s is gone: %s", visit.address, report.reason or "something else stands there")
        return taken is not None and bool(taken.ingest.alerts)
