"""What the keeper is told about sources, and about the network between them and Tumen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from monitor.core.delivery.notices import Notice, NoticeKind
from monitor.core.sources.state import Condition

if TYPE_CHECKING:
    from monitor.core.sources.catchup import Gap
    from monitor.core.sources.state import Diagnosis, SourceState

NETWORK = frozenset({"dns", "unreachable"})
"""Reasons of failures that the network at this end can cause."""
_PROBES = timedelta(minutes=5)  # between two looks that try whether the network is back


@dataclass(frozen=True, slots=True)
class Reach:
    """Whether sources can be reached. Those that were never looked at, or are dropped, do not count.

    Attributes:
        any_reached: one did not fail in its last look as if there were no network.
        looked_at: how many were looked at; not counted if one was reached.
        latest: when the last of them was looked at; likewise.
        heaviest: the one of the greatest weight; likewise.
    """

    any_reached: bool = True
    looked_at: int = 0
    latest: datetime | None = None
    heaviest: str | None = None

    @property
    def is_lost(self) -> bool:
        """Whether there seems to be no network. One source alone cannot tell: its own host may be gone."""
        return not self.any_reached and self.looked_at > 1


def network_notice(reach: Reach, *, was_down: bool) -> Notice | None:
    """That the network went or came back since the keeper was last told; None if it is as it was."""
    if reach.is_lost == was_down:
        return None
    if not reach.is_lost:
        return Notice(NoticeKind.NETWORK_BACK, "", "the network is back")
    text = f"no network: none of the {reach.looked_at} sources can be reached; Tumen keeps trying"
    return Notice(NoticeKind.NETWORK_DOWN, "", text)


def probe(reach: Reach, now: datetime) -> str | None:
    """The source to look at now to see whether the network is back, None if it was tried just now.

    Sources that fail are looked at ever less often; without this, a network that was away for a day might be taken
    for lost for hours after its return.
    """
    if reach.latest is not None and timedelta() <= now - reach.latest < _PROBES:
        return None
    return reach.heaviest


def can_be_judged(state: SourceState, now: datetime) -> bool:
    """Whether nothing speaks for waiting: no look that failed is to be followed by another at once.

    So it is for all sources when the network is back.
    """
    return not state.failures or state.next_due > now


def source_notice(name: str, diagnosis: Diagnosis) -> Notice:
    """That a source is so."""
    condition = diagnosis.condition
    if condition in (Condition.NEW, Condition.OK):
        return Notice(NoticeKind.SOURCE_BACK, name, f"{name} is well again")
    remedy = condition.remedy(name)
    text = f"{name} {diagnosis.text}"
    return Notice(NoticeKind(f"source_{condition}"), name, text, (remedy,) if remedy else ())


def closed_gap_notice(gap: Gap) -> Notice:
    """That what a source did not list was found in its archive."""
    text = f"{gap.source} {gap.text}"
    return Notice(
        NoticeKind.SOURCE_GAP_CLOSED, gap.source, text, (Condition.POSSIBLE_GAP.remedy(gap.source),)
    )


def forgotten_notice(name: str) -> Notice:
    """That what was said of a source does not matter any more."""
    return Notice(NoticeKind.SOURCE_BACK, name, f"{name} is no longer watched")
