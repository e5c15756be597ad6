"""How long publications wait: until they are found, and from then on until they are told."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from monitor.core.sources.delays import Delay
from monitor.store.database import rows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from monitor.store.database import Database


def finding(db: Database, since: datetime, *, source: str = "") -> Mapping[str, Delay]:
    """From publication to finding, by the source that listed it first; of one source, or of all.

    What a source held at its first look was not waited for, and what has no date cannot be measured. What is dated
    later than it was found counts as found at once.
    """
    return _delays(db, _FOUND, since, source)


def telling(db: Database, since: datetime, *, source: str = "") -> Mapping[str, Delay]:
    """From finding to the alert, by the source that listed it first; of one source, or of all."""
    return _delays(db, _TOLD, since, source)


def _delays(db: Database, measured: str, since: datetime, source: str) -> dict[str, Delay]:
    found = rows(db, _RANKED.format(measured=measured), (since, source))
    return {
        row["source"]: Delay(timedelta(seconds=row["median"]), timedelta(seconds=row["p95"]), row["many"])
        for row in found
    }


# The nearest of the measured values, by rank.
_RANKED = """
    WITH measured (source, seconds) AS ({measured}),
    ranked AS (
        SELECT source, max(seconds, 0) AS seconds, count(*) OVER (PARTITION BY source) AS many,
            row_number() OVER (PARTITION BY source ORDER BY seconds) AS nth
        FROM measured WHERE ?2 IN (source, '')
    )
    SELECT source, many, max(iif(nth = (many + 1) / 2, seconds, 0)) AS median,
        max(iif(nth = (many * 95 + 99) / 100, seconds, 0)) AS p95
    FROM ranked GROUP BY source
"""
# CROSS JOIN: the few sources first, and of each what its index holds since then.
_FOUND = """
    SELECT entries.source, (julianday(found_at) - julianday(published)) * 86400.0
    FROM sources CROSS JOIN entries ON entries.source = sources.name AND found_at >= ?1
    WHERE published IS NOT NULL AND first_look = 0 AND ?2 IN (sources.name, '')
"""
_TOLD = """
    SELECT entries.source, (julianday(alerts.created_at) - julianday(entries.found_at)) * 86400.0
    FROM alerts JOIN entries ON entries.id = alerts.entry WHERE alerts.created_at >= ?1
"""
