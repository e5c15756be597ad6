"""What the keeper is told about sources, and about the network between them and Tumen."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from monitor.core.delivery.notices import Notice, NoticeKind
from monitor.core.sources.state import Condition

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from monitor.core.sources.catchup import Gap
    from monitor.core.sources.state import Diagnosis, SourceState

NETWORK = frozenset({"dns", "unreachable"})
"""Reasons of failures that the network at this end can cause."""
_PROBES = timedelta(minutes=5)  # between two looks that try whether the network is back


def network_is_down(states: Sequence[SourceState]) -> bool:
    """Whether every source that was looked at failed, in its last look, as if there were no network.

    One source alone cannot tell: its own host may be gone.
    """
    looked = _looked_at(states)
    return len(looked) > 1 and all(state.failures and state.last_reason in NETWORK for state in looked)


def _looked_at(states: Sequence[SourceState]) -> list[SourceState]:
    return [state for state in states if state.looked_at is not None and state.dropped_at is None]


def network_notice(states: Sequence[SourceState], *, was_down: bool) -> Notice | None:
    """That the network went or came back since the keeper was last told; None if it is as it was."""
    down = network_is_down(states)
    if down == was_down:
        return None
    if not down:
        return Notice(NoticeKind.NETWORK_BACK, "", "the network is back")
    text = f"no network: none of the {len(_looked_at(states))} sources can be reached; Tumen keeps trying"
    return Notice(NoticeKind.NETWORK_DOWN, "", text)


def probe(states: Sequence[SourceState], now: datetime) -> SourceState | None:
    """The source to look at now to see whether the network is back, None if it was tried just now.

    Sources that fail are looked at ever less often; without this, a network that was away for a day might be taken
    for lost for hours after its return.
    """
    looked = _looked_at(states)
    if any(state.looked_at and timedelta() <= now - state.looked_at < _PROBES for state in looked):
        return None
    return max(looked, key=lambda state: state.source.weight, default=None)


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
