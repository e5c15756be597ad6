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
    network_notice,
    probe,
    source_notice,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator
    from datetime import datetime

    from monitor.core.delivery.notices import Notice
    from monitor.core.sources.state import Diagnosis, SourceState
    from monitor.core.sources.wellness import Record
    from monitor.core.sources.wellness.telling import Reach
    from monitor.jobs.ingest import Ingestor
    from monitor.jobs.keeper import Keeper
    from monitor.store.sources import Sources
    from monitor.store.wellness import Wellness

_NETWORK = "network"
_SLICE = 50  # sources that are judged in one go: the loop stands still for less than a tenth of a second
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
        *,
        on_more: Callable[[], object] = lambda: None,
    ) -> None:
        self._sources = sources
        self._wellness = wellness
        self._keeper = keeper
        self._ingestor = ingestor
        self._clock = clock
        self._on_more = on_more
        self._after = ""  # the source that was judged last, if others are still to be judged

    def tick(self) -> tuple[Notice, ...]:
        """Look after things; the notices that were said. Of many sources some are judged now, and the others soon."""
        now = self._clock()
        self._ingestor.forget(now)
        standing = self._keeper.standing()
        reach = self._wellness.reach()
        network = network_notice(reach, was_down=_NETWORK in standing)
        if network is not None:
            self._say_network(network, now)
            return (network,)
        if reach.is_lost:
            self._try_network(reach, now)
            return ()  # no source is blamed
        return (*self._judge(standing, now), *self._forget(standing))

    def _say_network(self, notice: Notice, now: datetime) -> None:
        if notice.kind is NoticeKind.NETWORK_DOWN:
            self._keeper.begin(_NETWORK, notice)
            return
        self._keeper.end(_NETWORK, notice)
        # Those that could not be reached are looked at now: by their own pace, it might take hours.
        self._sources.look_at_unreached(NETWORK, now)

    def _try_network(self, reach: Reach, now: datetime) -> None:
        tried = probe(reach, now)
        if tried is not None:
            self._sources.look_now(tried, now)

    def _judge(self, standing: Container[str], now: datetime) -> Iterator[Notice]:
        """Judge sources of which something new became known, and say what changed."""
        names = self._wellness.unjudged(_SLICE, after=self._after)
        # Those that cannot be judged yet stay among them, so the others are found behind these.
        self._after = names[-1] if len(names) == _SLICE else ""
        kept: dict[str, Diagnosis] = {}
        for name in names:
            state = self._sources.state(name)
            if state is None or not can_be_judged(state, now):
                continue
            record = self._wellness.record(name, now)
            yield from self._say_closed(record)
            diagnosis = diagnose(state, record, now)
            notice = source_notice(name, diagnosis)
            if self._is_news(state, diagnosis, told=_SOURCE + name in standing) and self._say(notice):
                yield notice
            if diagnosis.condition is Condition.DROPPED:
                self._sources.drop(name, now)
            kept[name] = diagnosis
        # Last: if the service is killed before, it judges again, and what was said stands already.
        self._wellness.keep_all(kept, now)
        if self._after:
            self._on_more()

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

    def _forget(self, standing: Iterable[str]) -> Iterator[Notice]:
        """End what was said of sources that are no longer declared."""
        said = [subject.removeprefix(_SOURCE) for subject in standing if subject.startswith(_SOURCE)]
        for name in self._wellness.undeclared(said) if said else ():
            notice = forgotten_notice(name)
            if self._say(notice):
                yield notice
