"""Is a source well, and what should its keeper be told?"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from monitor.core.notices import Notice, NoticeKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from monitor.core.models import SourceState

_FAILURES = 3  # in a row, before a source is called failing: a single bad answer is no news
# An unverified source gets both, so that neither a bad week of its site nor a quick pace decides.
_TRIAL_LOOKS = 20
_TRIAL_TIME = timedelta(days=7)
NETWORK = frozenset({"dns", "unreachable"})
"""Reasons of failures that the network at this end can cause."""


class Condition(StrEnum):
    """How a source is."""

    NEW = "new"  # never looked at
    OK = "ok"
    SHAKY = "shaky"  # its last looks failed, but too few to say more
    FAILING = "failing"
    DROPPED = "dropped"  # it was unverified and never well: it is not looked at any more


def condition(state: SourceState) -> Condition:
    """How the source is."""
    if state.dropped_at is not None:
        return Condition.DROPPED
    if state.looked_at is None:
        return Condition.NEW
    if not state.failures:
        return Condition.OK
    return Condition.SHAKY if state.failures < _FAILURES else Condition.FAILING


def network_is_down(states: Sequence[SourceState]) -> bool:
    """Whether every source that was looked at failed, in its last look, as if there were no network.

    One source alone cannot tell: its own host may be gone.
    """
    looked = [state for state in states if state.looked_at is not None and state.dropped_at is None]
    return len(looked) > 1 and all(state.failures and state.last_reason in NETWORK for state in looked)


def is_on_trial(state: SourceState) -> bool:
    """Whether the source has yet to show that it works at all: it is expected to fail."""
    return state.source.unverified and state.last_ok is None


def is_lost(state: SourceState, now: datetime) -> bool:
    """Whether the source is on trial and has failed for so often and so long that it is to be dropped."""
    return (
        is_on_trial(state)
        and state.dropped_at is None
        and state.failures >= _TRIAL_LOOKS
        and state.failing_since is not None
        and now - state.failing_since >= _TRIAL_TIME
    )


def notices(states: Sequence[SourceState], *, network_was_down: bool, now: datetime) -> tuple[Notice, ...]:
    """What has changed since the keeper was last told.

    No source is blamed while the network is down, or while a look at it is due whose outcome may be another: as for
    all of them once the network is back. One on trial is spoken of when it is dropped, not before.
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
        if failing and is_lost(state, now):
            found.append(Notice(NoticeKind.SOURCE_DROPPED, state.source.name, _lost_text(state)))
        elif failing and not state.noticed and not is_on_trial(state):
            found.append(Notice(NoticeKind.SOURCE_FAILING, state.source.name, _failing_text(state, now)))
        elif state.noticed and condition(state) is Condition.OK:
            text = f"{state.source.name} can be read again"
            found.append(Notice(NoticeKind.SOURCE_BACK, state.source.name, text))
    return tuple(found)


def _network_text(states: Sequence[SourceState]) -> str:
    looked = sum(state.looked_at is not None and state.dropped_at is None for state in states)
    return f"no network: none of the {looked} sources can be reached; Tumen keeps trying"


def _failing_text(state: SourceState, now: datetime) -> str:
    since = f"last well {state.last_ok:%Y-%m-%d %H:%M} UTC" if state.last_ok else "never well so far"
    said = state.last_detail or state.last_reason
    again = max(0, round((state.next_due - now).total_seconds() / 60))
    return f"{state.source.name} fails ({state.last_reason}: {said}); {since}; next look in {again} min"


def _lost_text(state: SourceState) -> str:
    name, said = state.source.name, state.last_detail or state.last_reason
    return (
        f"{name} is dropped: unverified, and never well in {state.failures} looks since "
        f"{state.failing_since:%Y-%m-%d} ({state.last_reason}: {said}); "
        f"`tumen sources look {name}` gives it another week"
    )
