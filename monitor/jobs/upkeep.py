"""Upkeep: judging the sources, and closing old stories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.core.delivery.notices import NoticeKind
from monitor.core.sources.state import Condition
from monitor.core.sources.wellness import diagnose, is_on_trial
from monitor.core.sources.wellness.telling import (
    NETWORK,
    can_be_judged,
    closed_gap_notice,
    forgotten_notice,
    network_is_down,
    network_notice,
    probe,
    source_notice,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from monitor.core.delivery.notices import Notice
    from monitor.core.sources.state import Diagnosis, SourceState
    from monitor.core.sources.wellness import Record
    from monitor.jobs.ingest import Ingestor
    from monitor.jobs.keeper import Keeper
    from monitor.store.sources import Sources
    from monitor.store.wellness import Wellness

_NETWORK = "network"
_SOURCE = "source "  # how the subjects of conditions of sources begin


class Upkeep:
    """Says once what the keeper of the service should know, and once when it is over."""

    def __init__(
        self,
        sources: Sources,
        wellness: Wellness,
        keeper: Keeper,
        ingestor: Ingestor,
        clock: Callable[[], datetime],
    ) -> None:
        self._sources = sources
        self._wellness = wellness
        self._keeper = keeper
        self._ingestor = ingestor
        self._clock = clock

    def tick(self) -> tuple[Notice, ...]:
        """Look after things; the notices that were said."""
        now = self._clock()
        self._ingestor.forget(now)
        states = self._sources.states()
        standing = self._keeper.standing()
        network = network_notice(states, was_down=_NETWORK in standing)
        if network is not None:
            self._say_network(network, states, now)
            return (network,)
        if network_is_down(states):
            self._try_network(states, now)
            return ()  # no source is blamed
        by_name = {state.source.name: state for state in states}
        return (*self._judge(by_name, standing, now), *self._forget(by_name, standing))

    def _say_network(self, notice: Notice, states: Iterable[SourceState], now: datetime) -> None:
        if notice.kind is NoticeKind.NETWORK_DOWN:
            self._keeper.begin(_NETWORK, notice)
            return
        self._keeper.end(_NETWORK, notice)
        # Those that could not be reached are looked at now: by their own pace, it might take hours.
        for state in states:
            if state.failures and state.last_reason in NETWORK and state.dropped_at is None:
                self._sources.look_now(state.source.name, now)

    def _try_network(self, states: Sequence[SourceState], now: datetime) -> None:
        tried = probe(states, now)
        if tried is not None:
            self._sources.look_now(tried.source.name, now)

    def _judge(
        self, states: Mapping[str, SourceState], standing: Container[str], now: datetime
    ) -> Iterator[Notice]:
        """Judge the sources of which something new became known, and say what changed."""
        for name in self._wellness.unjudged():
            state = states.get(name)
            if state is None or not can_be_judged(state, now):
                continue
            record = self._wellness.record(name, now)
            yield from self._say_closed(record)
            diagnosis = diagnose(state, record, now)
            notice = source_notice(name, diagnosis)
            if self._is_news(state, diagnosis, told=_SOURCE + name in standing) and self._say(notice):
                yield notice
            # Last: if the service is killed before, it judges again, and what was said stands already.
            if diagnosis.condition is Condition.DROPPED:
                self._sources.drop(name, now)
            self._wellness.keep(name, diagnosis, now)

    @staticmethod
    def _is_news(state: SourceState, diagnosis: Diagnosis, *, told: bool) -> bool:
        """Whether the keeper does not know it. A source on trial is spoken of when it is dropped, not before."""
        condition = diagnosis.condition
        if condition is Condition.DROPPED:
            return state.dropped_at is None
        if not condition.is_trouble:
            return told
        if is_on_trial(state):
            return False
        return not told or condition is not state.health.diagnosis.condition

    def _say(self, notice: Notice) -> bool:
        subject = _SOURCE + notice.subject
        if notice.kind is NoticeKind.SOURCE_DROPPED:  # whether or not it was said that it fails
            return self._keeper.end(subject, notice) or self._keeper.tell(notice)
        if notice.kind is NoticeKind.SOURCE_BACK:
            return self._keeper.end(subject, notice)
        return self._keeper.begin(subject, notice)

    def _say_closed(self, record: Record) -> Iterator[Notice]:
        """Say of gaps that were closed, once a day for each source."""
        for gap in record.gaps:
            notice = closed_gap_notice(gap)
            if gap.closed and self._keeper.tell(notice, key=f"gap {gap.source} {gap.at:%Y-%m-%d}"):
                yield notice

    def _forget(self, states: Mapping[str, SourceState], standing: Iterable[str]) -> Iterator[Notice]:
        """End what was said of sources that are no longer declared."""
        for subject in standing:
            notice = forgotten_notice(subject.removeprefix(_SOURCE))
            if subject.startswith(_SOURCE) and notice.subject not in states and self._say(notice):
                yield notice
