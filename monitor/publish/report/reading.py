"""What a report says, read from the history."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from monitor.store.views.volume import Volume, volume
from monitor.store.views.week import Development, Round, Spread, development, round_of, spreads

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from monitor.publish.report.weeks import Week
    from monitor.store.database import Database

DEVELOPMENTS = 20  # that are told; more make a page that nobody reads to its end
_PLOTTED = timedelta(weeks=3)  # before the week, so that it can be compared


@dataclass(frozen=True, slots=True)
class Report:
    """A week as the history holds it.

    Attributes:
        week: the week, in the reader's zone.
        pack: the topic, empty for all.
        developments: the weightiest first; `others` is how many there were besides.
        volume: articles on topic by day and language, of the week and the three before.
        round: who was first, how the sources are, what did not arrive.
        made_at: when it was read.
    """

    week: Week
    pack: str
    developments: tuple[Development, ...]
    others: int
    volume: Volume
    round: Round
    made_at: datetime


def read_report(db: Database, week: Week, zone: ZoneInfo, now: datetime, *, pack: str = "") -> Report:
    """A week of the history, as it was in a zone. Raises StorageError or a subclass."""
    begin, end = week.begin(zone), week.end(zone)
    found = sorted(spreads(db, begin, end, pack), key=lambda spread: (-weight(spread), spread.story))
    return Report(
        week=week,
        pack=pack,
        developments=tuple(development(db, spread, begin, end) for spread in found[:DEVELOPMENTS]),
        others=len(found[DEVELOPMENTS:]),
        volume=volume(db, week.first - _PLOTTED, week.last, zone, pack=pack),
        round=round_of(db, begin, end, pack),
        made_at=now,
    )


def weight(spread: Spread) -> float:
    """How much a development weighs in its week.

    What was told counts most, and how severe it was; then how many outlets, and in how many languages, reported it.
    Each doubling adds as much as the last, so that a wire copy in a hundred outlets buries nothing.
    """
    severity = spread.severity.rank if spread.severity else 0
    return (
        2.0 * severity
        + 2.0 * math.log2(1 + spread.alerts)
        + math.log2(1 + spread.outlets)
        + math.log2(1 + len(spread.languages))
    )
