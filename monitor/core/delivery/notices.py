"""What the keeper of the service is told: that something is wrong, that it is over, or that all is well."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from monitor.core.topic import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import time

    from monitor.core.delivery.deliveries import Recipient
    from monitor.core.delivery.weekly import WeekTime


class NoticeKind(StrEnum):
    """What a notice is about."""

    NETWORK_DOWN = "network_down"
    NETWORK_BACK = "network_back"
    SOURCE_FAILING = "source_failing"  # these are named after the conditions of sources
    SOURCE_DISALLOWED = "source_disallowed"
    SOURCE_EMPTY = "source_empty"
    SOURCE_REDIRECTED_ELSEWHERE = "source_redirected_elsewhere"
    SOURCE_SHAPE_CHANGED = "source_shape_changed"
    SOURCE_DATES_WRONG = "source_dates_wrong"
    SOURCE_SILENT = "source_silent"
    SOURCE_POSSIBLE_GAP = "source_possible_gap"
    SOURCE_GAP_CLOSED = "source_gap_closed"  # what it did not list was found in its archive
    SOURCE_BACK = "source_back"
    SOURCE_DROPPED = "source_dropped"  # it never worked, and is not looked at any more
    CHANNEL_PARKED = "channel_parked"  # a receiver takes nothing any more
    CHANNEL_BACK = "channel_back"
    PACK_REFUSED = "pack_refused"  # an edited pack is broken, the former one stays
    PACK_TAKEN_UP = "pack_taken_up"  # it is mended
    CONFIGURATION_REFUSED = "configuration_refused"  # a changed one is wrong, the former one stays
    CONFIGURATION_TAKEN_UP = "configuration_taken_up"  # it is mended
    CAPTURES_FAILING = "captures_failing"  # pages cannot be kept as they were fetched
    CAPTURES_KEPT = "captures_kept"  # they are again
    CLUSTER_AWAY = "cluster_away"  # the other machines that read the web cannot be used
    CLUSTER_BACK = "cluster_back"  # they can again
    HISTORY_TOO_LARGE = "history_too_large"  # and nothing more of it may be pruned
    HISTORY_FITS = "history_fits"  # that is over
    BACKUP_FAILING = "backup_failing"  # the history cannot be backed up
    BACKUP_MADE = "backup_made"  # it can again
    RESTORED = "restored"  # the history is that of a backup, and something is kept back
    HISTORY_DAMAGED = "history_damaged"  # the service has ended
    CANARY = "canary"  # the daily sign of life
    REPORT = "report"  # about a week
    STARTED = "started"
    STOPPED = "stopped"

    @property
    def severity(self) -> Severity:
        """How urgent it is for a keeper."""
        return _SEVERITIES.get(self, Severity.NORMAL)

    @property
    def is_trouble(self) -> bool:
        """Whether something is wrong."""
        return self in _TROUBLE


_SEVERITIES = {
    NoticeKind.NETWORK_DOWN: Severity.HIGH,
    NoticeKind.CHANNEL_PARKED: Severity.HIGH,
    NoticeKind.PACK_REFUSED: Severity.HIGH,
    NoticeKind.CONFIGURATION_REFUSED: Severity.HIGH,
    NoticeKind.HISTORY_DAMAGED: Severity.URGENT,
}
_TROUBLE = frozenset(
    {
        NoticeKind.NETWORK_DOWN,
        NoticeKind.SOURCE_FAILING,
        NoticeKind.SOURCE_DISALLOWED,
        NoticeKind.SOURCE_EMPTY,
    }
    | {NoticeKind.SOURCE_REDIRECTED_ELSEWHERE, NoticeKind.SOURCE_SHAPE_CHANGED, NoticeKind.SOURCE_DATES_WRONG}
    | {NoticeKind.SOURCE_SILENT, NoticeKind.SOURCE_POSSIBLE_GAP, NoticeKind.SOURCE_DROPPED}
    | {NoticeKind.CHANNEL_PARKED, NoticeKind.PACK_REFUSED, NoticeKind.HISTORY_TOO_LARGE}
    | {NoticeKind.CAPTURES_FAILING, NoticeKind.CONFIGURATION_REFUSED, NoticeKind.BACKUP_FAILING}
    | {NoticeKind.CLUSTER_AWAY, NoticeKind.RESTORED, NoticeKind.HISTORY_DAMAGED}
)
# Who relies on Tumen hears of these, if nobody wants to hear of troubles.
_FOR_READERS = frozenset(
    {NoticeKind.CHANNEL_PARKED, NoticeKind.CHANNEL_BACK, NoticeKind.RESTORED, NoticeKind.HISTORY_DAMAGED}
)


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing the keeper of the service should know.

    Attributes:
        kind: what it is about.
        subject: the source, channel or pack, or of a report the week; empty if it concerns all of them.
        text: one sentence.
        details: more sentences.
    """

    kind: NoticeKind
    subject: str
    text: str
    details: tuple[str, ...] = ()


class Wish(StrEnum):
    """Which notices a channel wants."""

    NONE = "none"
    TROUBLE = "trouble"  # that something is wrong, and that it is over
    ALL = "all"  # that the service starts and stops, too


@dataclass(frozen=True, slots=True)
class Listener:
    """A channel as far as notices are concerned.

    Attributes:
        channel: its name.
        recipients: who receives what is sent to it.
        wish: which notices it wants.
        canary: the time of the day, in the channel's zone, at which it gets a sign of life; None for none.
        zone: the channel's.
        report: when it gets the report about the last week; None for never.
    """

    channel: str
    recipients: tuple[Recipient, ...]
    wish: Wish = Wish.NONE
    canary: time | None = None
    zone: ZoneInfo = ZoneInfo("UTC")
    report: WeekTime | None = None


def audience(
    kind: NoticeKind, listeners: Sequence[Listener], *, without: Recipient | None = None
) -> tuple[Recipient, ...]:
    """Who receives a notice.

    That a channel is broken, or that news is kept back, concerns whoever relies on it, so if no other wants notices,
    all others hear of it.

    Args:
        kind: what it is about.
        listeners: the channels.
        without: the recipient that is broken.
    """
    wishes = {Wish.ALL} if kind in (NoticeKind.STARTED, NoticeKind.STOPPED) else {Wish.ALL, Wish.TROUBLE}
    wanting = [who for each in listeners if each.wish in wishes for who in each.recipients if who != without]
    if not wanting and kind in _FOR_READERS:
        wanting = [who for each in listeners for who in each.recipients if who != without]
    return tuple(wanting)
