"""Which of the deliveries that wait for one recipient leave together, and why?

A first look at many sources, or the end of a downtime, finds much at once. Nobody reads thirty messages: what is due
together leaves as one message.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING

from monitor.core.topic import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from monitor.core.delivery.deliveries import Delivery, DeliveryState, Waiting
    from monitor.core.delivery.notices import Notice
    from monitor.core.models import Alert

MANY = 6  # so many due at once leave as one message
MOST = 40  # alerts in one message; it stays far below the 102 kB at which some mail programs cut
ALONE_FIRST = 3  # up to so many urgent alerts go ahead of a bundle, each as its own message


GATHER = timedelta(seconds=30)  # what is told late anyway waits so long for others that are found meanwhile


class Occasion(StrEnum):
    """Why deliveries leave together, or one of them alone."""

    FEW = "few"  # not many are due: each is a message
    MANY = "many"  # many are due at once: they are one message
    HELD = "held"  # they were held, and leave as one message now
    URGENT = "urgent"  # it goes ahead of the others
    ALONE = "alone"  # it failed before: if it is to blame, it shall not hinder others
    AGAIN = "again"  # this message may have arrived: it is repeated as it was, so that it is recognised
    NOTICE = "notice"  # it is about Tumen itself
    PROBE = "probe"  # the receiver is parked: one delivery tries whether it takes something again


@dataclass(frozen=True, slots=True)
class Choice:
    """The deliveries that leave next, as one message."""

    ids: tuple[int, ...]
    occasion: Occasion


@dataclass(frozen=True, slots=True)
class Lost:
    """An alert that did not reach the recipient and is not tried again. The next message to the recipient says so.

    Attributes:
        alert: its key; `tumen alerts show` has all of it.
        title: of its article.
        state: `dead` (refused for good) or `expired` (too old to be worth telling).
        created_at: when the alert was stored.
        url: of its article.
    """

    alert: int
    title: str
    state: DeliveryState
    created_at: datetime
    url: str


@dataclass(frozen=True, slots=True)
class Silent:
    """A source that gave nothing: `since` is its last good look, None if there never was one."""

    title: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was looked at since a time, so that a reader can trust that silence means that nothing happened.

    Attributes:
        since: the begin of the time that is spoken of.
        seen: how many sources were looked at with success in it.
        watched: how many there are.
        silent: the others, the longest silent first.
        articles: how many articles were read in it.
        relevant: how many of them were on topic.
    """

    since: datetime
    seen: int
    watched: int
    silent: tuple[Silent, ...]
    articles: int
    relevant: int


@dataclass(frozen=True, slots=True)
class Bundle:
    """Deliveries to one recipient that were claimed together and leave as one message.

    Attributes:
        key: names the message: a repeated attempt has the same one.
        occasion: why they leave together.
        deliveries: never empty.
        alerts: what each of them tells, in the same order; empty if they are notices.
        notices: the same for notices.
        lost: what did not reach the recipient and is mentioned in this message.
        plain: the receiver refused the message in its full form: it leaves as short plain text.
    """

    key: str
    occasion: Occasion
    deliveries: tuple[Delivery, ...]
    alerts: tuple[Alert, ...]
    notices: tuple[Notice, ...] = ()
    lost: tuple[Lost, ...] = ()
    plain: bool = False

    @property
    def ids(self) -> tuple[int, ...]:
        """The keys of the deliveries."""
        return tuple(delivery.id for delivery in self.deliveries)


def choose(
    waiting: Sequence[Waiting], most: int = MOST, at_once: Severity = Severity.URGENT, *, probe: bool = False
) -> Choice:
    """Decide what leaves next for a recipient. What is left over is asked about again, once this is sent.

    Args:
        waiting: what is open for the recipient and not held, oldest first; at least one of it is due.
        most: how many alerts a message to this recipient can hold. What cannot hold two never bundles.
        at_once: what is at least so severe is urgent.
        probe: whether the recipient is parked, so that only one of them is tried.
    """
    due = [item for item in waiting if item.due]
    first = min(due, key=lambda item: item.attempts if probe else item.is_suspect)
    if first.bundle:
        # Whoever of the same message is not due yet comes along: the rest would look like a repetition of this.
        again = [item.id for item in waiting if item.bundle == first.bundle]
        return Choice(tuple(again), Occasion.AGAIN)
    if probe or first.is_suspect:
        return Choice((first.id,), Occasion.PROBE if probe else Occasion.ALONE)
    free = [item for item in waiting if not item.bundle and not item.is_suspect]
    notices = [item.id for item in free if item.due and item.is_notice]
    news = [item for item in free if not item.is_notice]
    if notices and not any(item.due and item.severity.rank >= at_once.rank for item in news):
        return Choice(tuple(notices[:MOST]), Occasion.NOTICE)
    return _choose_news(news, min(most, MOST), at_once)


def _choose_news(news: Sequence[Waiting], most: int, at_once: Severity) -> Choice:
    """What leaves next of alerts that never left, at least one of them due."""
    due = [item for item in news if item.due]
    ready = [item for item in news if item.due or item.gathers] if any(i.gathers for i in due) else due
    urgent = {item.id for item in due if item.severity.rank >= at_once.rank}
    held = any(item.held for item in due if item.id not in urgent)
    if most < 2 or (len(ready) < MANY and not held):  # noqa: PLR2004  a bundle of one is none
        return Choice((min(due, key=lambda item: item.id not in urgent).id,), Occasion.FEW)
    if urgent and len(urgent) <= ALONE_FIRST and (held or len(ready) - len(urgent) >= MANY):
        return Choice((min(urgent),), Occasion.URGENT)
    ready.sort(key=lambda item: (not item.due, item.id not in urgent))  # stable: the oldest first
    chosen = tuple(item.id for item in ready[: _size(len(ready), most)])
    return Choice(chosen, Occasion.HELD if held else Occasion.MANY)


def key_of(deliveries: Iterable[Delivery]) -> str:
    """The key of the message in which these deliveries leave for the first time: the same for the same ones.

    The times are part of it, because the histories of two installations count alike.
    """
    members = (f"{delivery.id} {delivery.created_at.isoformat()}" for delivery in deliveries)
    return sha256("\n".join(members).encode()).hexdigest()[:16]


def arrange(alerts: Iterable[Alert]) -> tuple[tuple[Alert, ...], ...]:
    """Alerts as they are read: by story, in each the earliest publication first.

    Stories with something urgent stand first, the others follow by their earliest publication.
    """
    stories: dict[int, list[Alert]] = {}
    for alert in sorted(alerts, key=lambda alert: (_published(alert), alert.id)):
        stories.setdefault(alert.story, []).append(alert)
    ranked = sorted(
        stories.values(), key=lambda told: all(alert.severity is not Severity.URGENT for alert in told)
    )
    return tuple(tuple(told) for told in ranked)


def _size(ready: int, most: int) -> int:
    """As many as fit, but not so many that the rest is too few for a bundle and leaves one by one."""
    left = ready - most
    return ready - MANY if most >= MANY and 1 < left < MANY else most


def _published(alert: Alert) -> datetime:
    return alert.article.published or alert.found_at
