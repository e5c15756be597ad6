"""How much was found on topic, day by day and by language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from monitor.store.database import rows, snapshot

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from monitor.store.database import Database

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Volume:
    """Articles on topic by the day on which they were read.

    Attributes:
        days: in ascending order, in the zone that was asked for.
        languages: for each language one number a day, the language with the most articles first; "" if it is unknown.
    """

    days: tuple[date, ...]
    languages: Mapping[str, tuple[int, ...]]


def volume(db: Database, first: date, last: date, zone: ZoneInfo, *, pack: str = "") -> Volume:
    """How many articles on topic were read on each day from the first to the last, both included.

    Days begin at midnight in `zone`. With a `pack`, only articles in stories of this topic count.

    Raises:
        StorageError: or a subclass: the history cannot be read.
    """
    days = [first + _DAY * number for number in range((last - first).days + 1)]
    found: dict[str, list[int]] = {}
    with snapshot(db):
        for place, day in enumerate(days):
            begin, end = (midnight(each, zone) for each in (day, day + _DAY))
            for row in rows(db, _OF_PACK if pack else _ALL, (begin, end, *([pack] if pack else []))):
                found.setdefault(row["language"], [0] * len(days))[place] = row["articles"]
    most = sorted(found.items(), key=lambda each: (-sum(each[1]), each[0]))
    return Volume(tuple(days), {language: tuple(counts) for language, counts in most})


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins in a zone, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


_ALL = """
    SELECT ifnull(language, '') AS language, count(*) AS articles FROM articles
    WHERE story IS NOT NULL AND read_at >= ? AND read_at < ? GROUP BY ifnull(language, '')
"""
_OF_PACK = """
    SELECT ifnull(articles.language, '') AS language, count(*) AS articles
    FROM articles CROSS JOIN stories ON stories.id = articles.story
    WHERE articles.story IS NOT NULL AND articles.read_at >= ? AND articles.read_at < ? AND stories.pack = ?
    GROUP BY ifnull(articles.language, '')
"""
