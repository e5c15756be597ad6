"""Upkeep: judging the sources, and closing old stories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.core.notices import NoticeKind
from monitor.core.wellness import NETWORK, notices

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from monitor.core.notices import Notice
    from monitor.jobs.ingest import Ingestor
    from monitor.jobs.keeper import Keeper
    from monitor.store.sources import Sources

_NETWORK = "network"


class Upkeep:
    """Says once what the keeper of the service should know, and once when it is over."""

    def __init__(
        self, sources: Sources, keeper: Keeper, ingestor: Ingestor, clock: Callable[[], datetime]
    ) -> None:
        self._sources = sources
        self._keeper = keeper
        self._ingestor = ingestor
        self._clock = clock

    def tick(self) -> tuple[Notice, ...]:
        """Look after things; the notices that were said."""
        now = self._clock()
        self._ingestor.forget(now)
        down = _NETWORK in self._keeper.standing()
        found = notices(self._sources.states(), network_was_down=down, now=now)
        for notice in found:
            self._say(notice, now)
        return found

    def _say(self, notice: Notice, now: datetime) -> None:
        subject = f"source {notice.subject}" if notice.subject else _NETWORK
        match notice.kind:
            case NoticeKind.NETWORK_DOWN:
                self._keeper.begin(subject, notice)
            case NoticeKind.NETWORK_BACK:
                self._keeper.end(subject, notice)
                self._look_again(now)
            case NoticeKind.SOURCE_FAILING:
                self._keeper.begin(subject, notice)
                self._sources.mark_noticed(notice.subject, noticed=True)
            case NoticeKind.SOURCE_BACK:
                self._keeper.end(subject, notice)
                self._sources.mark_noticed(notice.subject, noticed=False)
            case NoticeKind.SOURCE_DROPPED:
                if not self._keeper.end(subject, notice):  # that it fails was not said: it was on trial
                    self._keeper.tell(notice)
                self._sources.drop(notice.subject, now)

    def _look_again(self, now: datetime) -> None:
        """Have those looked at now that could not be reached: by their own pace, it might take hours."""
        for state in self._sources.states():
            if state.failures and state.last_reason in NETWORK and state.dropped_at is None:
                self._sources.look_now(state.source.name, now)
