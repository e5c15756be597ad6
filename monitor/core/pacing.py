"""When is a source looked at again, and when is a page that could not be read tried again?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from spiders.items import Outcome

if TYPE_CHECKING:
    from datetime import datetime

    from spiders.items import CrawlReport

_READ_ATTEMPTS = 5
_HOPELESS = frozenset(
    {"http_404", "http_410", "blocked_private_address", "blocked_scheme", "robots", "no_text"}
)
_LONGEST_WISH = timedelta(hours=24)  # the longest Retry-After that is obeyed


@dataclass(frozen=True, slots=True)
class Pace:
    """How often to look.

    Attributes:
        fastest: between two looks at a source of weight 5; each weight less doubles it.
        slowest: the longest time between two looks, unless a source fails.
        failing: the longest time between two looks at a source that fails (`wellness` drops unverified ones).
    """

    fastest: timedelta = timedelta(minutes=5)
    slowest: timedelta = timedelta(hours=2)
    failing: timedelta = timedelta(hours=6)


def next_look(
    weight: int, report: CrawlReport, failures: int, *, now: datetime, pace: Pace, chance: float
) -> datetime:
    """When to look at a source again after this report.

    Args:
        weight: of the source, 1-5.
        report: how the look ended.
        failures: looks that have failed in a row, this one included.
        now: the time of the report.
        pace: how often to look.
        chance: a number from 0 to 1 that spreads the looks, so that sources do not march in step.
    """
    interval = min(pace.fastest * 2.0 ** (5 - weight), pace.slowest)
    if report.outcome is Outcome.FAILED:
        interval = min(interval * 2.0 ** min(failures, 16), max(pace.failing, interval))
    interval *= 0.9 + 0.2 * chance
    return now + max(interval, _wish(report))


def next_read(report: CrawlReport, attempts: int, *, now: datetime, pace: Pace) -> datetime | None:
    """When to try to read a page again that failed, or None if it is not worth it.

    `attempts` counts the attempts so far, this one included.
    """
    if report.reason in _HOPELESS or attempts >= _READ_ATTEMPTS:
        return None
    wait = min(pace.fastest * 2.0 ** (attempts - 1), pace.failing)
    return now + max(wait, _wish(report))


def _wish(report: CrawlReport) -> timedelta:
    """How long the server asked us to wait, within bounds, whatever number it gave."""
    seconds = max(0.0, report.retry_after or 0.0)  # in this order NaN becomes 0
    return timedelta(seconds=min(seconds, _LONGEST_WISH.total_seconds()))
