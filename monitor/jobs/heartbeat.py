"""The heartbeat: again and again, has what was due been done?

Whoever keeps the service is told by a machine elsewhere when this stops, or when a cycle ends badly.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from monitor.core.errors import StorageError
from monitor.core.liveness import Due, Symptom, Vitals, judge
from monitor.notify.heartbeat import Signal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from monitor.notify.heartbeat import Pinger
    from monitor.store.ledger import Ledger
    from monitor.store.sources import Sources

_GAP = timedelta(seconds=60)  # between two ticks of a machine that is awake and whose clock is left alone


class Heartbeat:
    """Says when a cycle begins, waits until what was due then is done, and says how the service is.

    Args:
        pinger: who is told.
        sources: where looks are due.
        ledger: where deliveries are due.
        probe: writes to the history; raises StorageError if it cannot.
        silent: how long ago each tick last ended well.
        more: what else is wrong.
        clock: the time.
        every: from the begin of a cycle to that of the next. A cycle that is not done by then is judged as it is.
    """

    def __init__(  # noqa: PLR0913  these are its collaborators
        self,
        pinger: Pinger,
        sources: Sources,
        ledger: Ledger,
        *,
        probe: Callable[[], None],
        silent: Callable[[], Mapping[str, timedelta]],
        more: Callable[[], Sequence[Symptom]] = tuple,
        clock: Callable[[], datetime],
        every: timedelta,
    ) -> None:
        self._pinger = pinger
        self._sources = sources
        self._ledger = ledger
        self._probe = probe
        self._silent = silent
        self._more = more
        self._clock = clock
        self._every = every
        self._last = self._awake = self._began = self._next = clock()
        self._run: UUID | None = None  # of the cycle that has begun

    def tick(self) -> None:
        """Begin a cycle, or look whether it is done."""
        now = self._clock()
        if not timedelta() <= now - self._last <= _GAP:
            # What waited while the machine slept, or by another clock, did not wait for us.
            self._awake = self._next = now
            self._run = None
        self._last = now
        if self._run is None:
            if now < self._next:
                return
            self._run, self._began = uuid4(), now
            self._next += self._every
            self._pinger.ping(Signal.START, self._run)
        vitals = self._look(now)
        if vitals.done(self._began) or now >= self._next:
            more = () if vitals.fault else self._more()  # it is asked of the history, too
            self._end(self._run, judge(vitals, more))

    def _end(self, run: UUID, symptoms: Sequence[Symptom]) -> None:
        signal = Signal.BAD if symptoms else Signal.GOOD
        self._pinger.ping(signal, run, "\n".join(map(str, symptoms)))
        self._run = None

    def _look(self, now: datetime) -> Vitals:
        silent = self._silent()
        try:
            due = self._sources.due(now, 1)
            delivery = self._ledger.next_due()
            self._probe()
        except StorageError as error:
            return Vitals(now, self._awake, error.message, silent=silent)
        look = Due(due[0].source.name, due[0].next_due) if due else None
        return Vitals(now, self._awake, look=look, delivery=delivery, silent=silent)
