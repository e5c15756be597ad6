"""When may a message leave for a channel? Quiet hours, digests, grouping and a cap hold it, each with a reason.

Nothing is decided for good: what is held is judged again when its time comes, by the policy of that moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from monitor.core.delivery.deliveries import Hold
from monitor.core.topic import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from monitor.core.delivery.deliveries import Waiting

HOUR = timedelta(hours=1)  # what a cap counts in
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of the day in the channel's zone; they may pass midnight. `begin` and `end` differ."""

    begin: time
    end: time


@dataclass(frozen=True, slots=True)
class Policy:
    """When a channel is told.

    Attributes:
        zone: in which its times of the day are meant.
        wait: others may join for this long before the first message of a group leaves.
        interval: between a message and the next.
        digest: times of the day at which it is told, with all that has come until then; empty: at any time.
        quiet: when it is not to be disturbed.
        per_hour: at most so many messages leave within an hour, the rest leaves later as one; None: no limit.
        at_once: what is at least so severe is not held by any of this.
    """

    zone: ZoneInfo = ZoneInfo("UTC")
    wait: timedelta = timedelta()
    interval: timedelta = timedelta()
    digest: tuple[time, ...] = ()
    quiet: Quiet | None = None
    per_hour: int | None = None
    at_once: Severity = Severity.URGENT


@dataclass(frozen=True, slots=True)
class Road:
    """How it stands between us and a recipient.

    Attributes:
        left: when messages left for it within the last hour, and the last one before, ascending.
        blocked_until: before this it takes nothing, None if it does.
        parked: it has refused so much that only a probe is sent then.
    """

    left: tuple[datetime, ...] = ()
    blocked_until: datetime | None = None
    parked: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """Why a delivery waits, and until when at least."""

    until: datetime
    why: Hold


IMMEDIATE = Policy()
OPEN_ROAD = Road()


def holds(items: Iterable[Waiting], policy: Policy, road: Road, now: datetime) -> dict[int, Held]:
    """Which of the deliveries that wait for a recipient are held, by their keys.

    Args:
        items: those whose own time has come, or that were held before.
        policy: the channel's.
        road: the recipient's.
        now: the time.
    """
    waiting = tuple(items)
    if road.blocked_until is not None and now < road.blocked_until:
        blocked = Held(road.blocked_until, Hold.PARKED if road.parked else Hold.ASKED_TO_WAIT)
        return {item.id: blocked for item in waiting}
    calm = [item for item in waiting if item.severity.rank < policy.at_once.rank]
    if (end := quiet_until(policy.quiet, policy.zone, now)) is not None:
        return {item.id: Held(end, Hold.QUIET_HOURS) for item in calm}
    # What may have arrived is repeated as it was, and a notice is no news: only quiet hours hold these.
    news = [item for item in calm if not item.bundle and not item.is_notice]
    if policy.digest:
        found = {item.id: next_time(item.created_at, policy.digest, policy.zone) for item in news}
        return {key: Held(slot, Hold.DIGEST) for key, slot in found.items() if now < slot}
    held = _by_group(news, policy, road, now) or _by_cap(news, policy, road, now)
    return {item.id: held for item in news} if held else {}


def next_time(after: datetime, times: Sequence[time], zone: ZoneInfo) -> datetime:
    """The first of these times of the day in `zone` that is not before `after`; in UTC.

    A time that a clock change skips comes when a clock that nobody has set would show it, and of one that comes twice
    the first counts (PEP 495, `fold=0`), so that each comes once a day.
    """
    return min(moment for moment in _moments(after, times, zone) if moment >= after)


def last_time(before: datetime, times: Sequence[time], zone: ZoneInfo) -> datetime:
    """The last of these times of the day that is not after `before`; otherwise as `next_time`."""
    return max(moment for moment in _moments(before, times, zone) if moment <= before)


def quiet_until(quiet: Quiet | None, zone: ZoneInfo, now: datetime) -> datetime | None:
    """The end of the quiet hours that `now` lies in, None outside of them."""
    if quiet is None:
        return None
    today = now.astimezone(zone).date()
    # Those of two days ago, too: where the date line was moved, the day after them may never have been.
    for day in (today - 2 * _DAY, today - _DAY, today):
        begin = datetime.combine(day, quiet.begin, zone).astimezone(UTC)
        last = day if quiet.begin < quiet.end else day + _DAY
        end = datetime.combine(last, quiet.end, zone).astimezone(UTC)
        if begin <= now < end:
            return end
    return None


def _moments(about: datetime, times: Sequence[time], zone: ZoneInfo) -> Iterator[datetime]:
    today = about.astimezone(zone).date()
    for days in range(-2, 3):
        for at in times:
            yield datetime.combine(today + days * _DAY, at, zone).astimezone(UTC)


def _by_group(news: Sequence[Waiting], policy: Policy, road: Road, now: datetime) -> Held | None:
    if not news:
        return None
    leaves = opened = min(item.created_at for item in news) + policy.wait
    if road.left:
        # Urgent messages that keep coming do not put off the others for ever.
        leaves = max(leaves, min(road.left[-1], opened) + policy.interval)
    return Held(leaves, Hold.GROUP) if now < leaves else None


def _by_cap(news: Sequence[Waiting], policy: Policy, road: Road, now: datetime) -> Held | None:
    if policy.per_hour is None or not news:
        return None
    left = [moment for moment in road.left if now - moment < HOUR]
    if len(left) < policy.per_hour:
        return None
    free = min(left[-policy.per_hour], *(item.created_at for item in news)) + HOUR
    return Held(free, Hold.OVER_CAP) if now < free else None
