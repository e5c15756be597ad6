"""Taking in what looks found: when to look again, and what is to be read. Several looks are stored together."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.core.errors import MonitorError
from monitor.core.models import Reason
from monitor.core.sources.pacing import learned, next_look
from monitor.jobs.breaking import chance
from monitor.jobs.steps import Step
from monitor.store.looked import Looked
from spiders.items import CrawlReport, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from monitor.core.models import Pending
    from monitor.core.sources.pacing import Stirs
    from monitor.core.sources.state import SourceState
    from monitor.jobs.ingest import Ingestor
    from monitor.jobs.steps import Observer
    from monitor.jobs.terms import Terms
    from monitor.store.sources import Sources
    from spiders.items import Validators

_log = logging.getLogger("tumen.watch")


@dataclass(frozen=True, slots=True)
class Seen:
    """A look that has ended: at what, how, and with which validators it asked."""

    state: SourceState
    report: CrawlReport
    asked: Validators


class Looking:
    """Takes in looks.

    Args:
        sources: where they are stored.
        ingestor: knows what need not be read.
        on_more: is called when there is something to be read.
        observe: is told each step of the road.
    """

    def __init__(
        self, sources: Sources, ingestor: Ingestor, *, on_more: Callable[[], None], observe: Observer
    ) -> None:
        self._sources = sources
        self._ingestor = ingestor
        self._on_more = on_more
        self._observe = observe

    def take(self, seen: Sequence[Seen], stirs: Stirs, terms: Terms, now: datetime) -> None:
        """Store them in one transaction; if a bug hinders that, each in one of its own.

        Raises:
            StorageError: it could not be stored; what was not is due again.
        """
        for one in seen:
            self._observe(Step.LOOKED, one.state.source.name)
        try:
            self._store(seen, stirs, terms, now)
        except MonitorError:
            raise
        except Exception:  # noqa: BLE001  one look must not stop the others
            for one in seen:
                self._take_alone(one, stirs, terms, now)

    def _take_alone(self, one: Seen, stirs: Stirs, terms: Terms, now: datetime) -> None:
        try:
            self._store((one,), stirs, terms, now)
        except MonitorError:
            raise
        except Exception:  # noqa: BLE001  whatever it is about this one, it must not be tried again at once
            _log.exception("a bug while a look at %s was taken in", one.state.source.name)
            failed = CrawlReport(
                one.report.task, Outcome.FAILED, "bug", "Tumen could not take it in; see the log"
            )
            self._store((Seen(one.state, failed, one.asked),), stirs, terms, now)

    def _store(self, seen: Sequence[Seen], stirs: Stirs, terms: Terms, now: datetime) -> None:
        looks = [self._decided(one, stirs, terms, now) for one in seen]
        found = self._sources.save_looks(looks, now=now, baseline_before=now - terms.first_look)
        for one, new in zip(seen, found, strict=True):
            name, report = one.state.source.name, one.report
            self._observe(Step.ENTRIES_STORED, name)
            if report.outcome is Outcome.FAILED:
                _log.debug("%s: %s (%s)", name, report.reason, report.detail, extra={"source": name})
            elif new:
                self._skim(new, now)
                _log.info("%s: %d new", name, len(new), extra={"source": name})
        if any(found):
            self._on_more()

    def _decided(self, one: Seen, stirs: Stirs, terms: Terms, now: datetime) -> Looked:
        """The look with when the next one is."""
        state, report = one.state, one.report
        new = self._sources.unlisted(state.source.name, report)
        habits = learned(state.habits, report, new, now=now, pace=terms.pace)
        due = next_look(
            state.source,
            report,
            state.failures + 1 if report.outcome is Outcome.FAILED else 0,
            habits,
            stir=stirs.of(state.source),
            now=now,
            pace=terms.pace,
            chance=chance(),
        )
        return Looked(state.source.name, report, due, one.asked, habits)

    def _skim(self, found: Iterable[Pending], now: datetime) -> None:
        """Have pages not fetched that are off topic by their teaser. Those that this is not stored for are read."""
        beside = [pending.entry.url for pending in found if self._ingestor.can_skip(pending.entry)]
        if beside:
            self._sources.skip(beside, Reason.SKIMMED, now)
