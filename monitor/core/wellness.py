"""Is a source well, and what should its keeper be told?"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from monitor.core.notices import Notice, NoticeKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from monitor.core.models import SourceState

_FAILURES = 3  # in a row, before a source is called failing: a single bad answer is no news
NETWORK = frozenset({"dns", "unreachable"})
"""Reasons of failures that the network at this end can cause."""


class Condition(StrEnum):
    """How a source is."""

    NEW = "new"  # never looked at
    OK = "ok"
    SHAKY = "shaky"  # its last looks failed, but too few to say more
    FAILING = "failing"


def condition(state: SourceState) -> Condition:
    """How the source is."""
    if state.looked_at is None:
        return Condition.NEW
    if not state.failures:
        return Condition.OK
    return Condition.SHAKY if state.failures < _FAILURES else Condition.FAILING


def network_is_down(states: Sequence[SourceState]) -> bool:
    """Whether every source that was looked at failed, in its last look, as if there were no network.

    One source alone cannot tell: its own host may be gone.
    """
    looked = [state for state in states if state.looked_at is not None]
    return len(looked) > 1 and all(state.failures and state.last_reason in NETWORK for state in looked)


def notices(states: Sequence[SourceState], *, network_was_down: bool, now: datetime) -> tuple[Notice, ...]:
    """What has changed since the keeper was last told.

    No source is blamed while the network is down, or while a look at it is due whose outcome may be another: as for
    all of them once the network is back.
    """
    if network_is_down(states):
        if network_was_down:
            return ()
        return (Notice(NoticeKind.NETWORK_DOWN, "", _network_text(states)),)
    if network_was_down:
        return (Notice(NoticeKind.NETWORK_BACK, "", "the network is back"),)
    found = []
    for state in states:
        failing = condition(state) is Condition.FAILING and state.next_due > now
        if failing and not state.noticed:
            found.append(Notice(NoticeKind.SOURCE_FAILING, state.source.name, _failing_text(state, now)))
        elif state.noticed and condition(state) is Condition.OK:
            text = f"{state.source.name} can be read again"
            found.append(Notice(NoticeKind.SOURCE_BACK, state.source.name, text))
    return tuple(found)


def _network_text(states: Sequence[SourceState]) -> str:
    looked = sum(state.looked_at is not None for state in states)
    return f"no network: none of the {looked} sources can be reached; Tumen keeps trying"


def _failing_text(state: SourceState, now: datetime) -> str:
    since = f"last well {state.last_ok:%Y-%m-%d %H:%M} UTC" if state.last_ok else "never well so far"
    said = state.last_detail or state.last_reason
    again = max(0, round((state.next_due - now).total_seconds() / 60))
    return f"{state.source.name} fails ({state.last_reason}: {said}); {since}; next look in {again} min"
