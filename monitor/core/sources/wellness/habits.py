"""What a source usually lists, and what a look lacks of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING

from spiders.items import Kind, host, site_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from spiders.items import Entry

HABIT = timedelta(days=14)
"""Over which time a habit is learnt, so after some half of it a source that was changed for good is well again."""
_AHEAD = timedelta(hours=1)  # a clock may be wrong by less
_DAYS = 3  # of good looks, before a source has a habit
_FEW = 3  # entries, fewer of which say nothing about a source
_USUAL = 0.5  # share of the entries that have something, for it to be missed if it is not there
_MANY = 8  # entries a source must usually list for their number to be missed


@dataclass(frozen=True, slots=True)
class Shape:
    """What a look listed, in numbers.

    Attributes:
        entries: how many.
        titled: those with a title.
        dated: those with a date.
        teased: those with a teaser.
        ahead: those dated later than the look.
        moments: how many different dates there are.
    """

    entries: int = 0
    titled: int = 0
    dated: int = 0
    teased: int = 0
    ahead: int = 0
    moments: int = 0


def shape_of(entries: Sequence[Entry], now: datetime) -> Shape:
    """What a look at `now` listed."""
    dates = [entry.published for entry in entries if entry.published is not None]
    return Shape(
        entries=len(entries),
        titled=sum(bool(entry.title) for entry in entries),
        dated=len(dates),
        teased=sum(bool(entry.summary) for entry in entries),
        ahead=sum(date > now + _AHEAD for date in dates),
        moments=len(set(dates)),
    )


def elsewhere(declared: str, landed: str) -> str:
    """The host that a look ended at, if it is of another site than the declared address; else empty."""
    here, there = (host(url).partition(":")[0].removeprefix("www.") for url in (declared, landed))
    return there if there and site_of(there) != site_of(here) else ""


def wrong_dates(shape: Shape, past: Sequence[Shape]) -> str:
    """What is wrong with the dates of a look, empty if nothing is. `past` as in `changed_shape`."""
    if shape.entries < _FEW:
        return ""
    if shape.dated >= _FEW and shape.ahead > shape.dated / 2:
        return f"{shape.ahead} of {shape.dated} dates lie in the future"
    if len(past) < _DAYS:
        return ""
    if not shape.dated and _share(past, lambda each: each.dated) >= _USUAL:
        return f"none of {shape.entries} entries has a date any more"
    if shape.dated >= _FEW and shape.moments == 1 and median(each.moments for each in past) >= _FEW:
        return f"all {shape.dated} dates are the same"
    return ""


def changed_shape(shape: Shape, past: Sequence[Shape], kind: Kind) -> str:
    """What a look lacks that the source usually has, empty if nothing.

    Args:
        shape: of the look.
        past: of earlier ones, one for each of the last days.
        kind: of the source; sitemaps of news list what the last two days brought, be it little.
    """
    if len(past) < _DAYS:
        return ""
    usually = median(each.entries for each in past)
    if kind is not Kind.SITEMAP and usually >= _MANY and shape.entries <= usually / 4:
        return f"it lists {shape.entries} entries, usually {usually:.0f}"
    if shape.entries < _FEW:
        return ""
    for thing, count in _PARTS.items():
        usual = _share(past, count)
        if usual >= _USUAL and count(shape) / shape.entries <= usual / 2:
            return f"{count(shape)} of {shape.entries} entries have a {thing}, usually {usual:.0%}"
    return ""


_PARTS: dict[str, Callable[[Shape], int]] = {
    "title": lambda shape: shape.titled,
    "date": lambda shape: shape.dated,
    "teaser": lambda shape: shape.teased,
}


def _share(past: Sequence[Shape], count: Callable[[Shape], int]) -> float:
    return median(count(each) / max(each.entries, 1) for each in past)
