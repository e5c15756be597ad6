"""The canary: once a day a message that travels the road of every alert, so that silence can be trusted."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from monitor.core.delivery.notices import Notice, NoticeKind
from monitor.core.delivery.policy import last_time
from monitor.core.liveness import Symptom, SymptomKind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from monitor.core.delivery.notices import Listener
    from monitor.jobs.keeper import Keeper

_PATIENCE = timedelta(hours=1)  # after its time a canary that has not arrived is missed


class Canary:
    """Sends each channel that wants it a sign of life at its time of the day, once for each day.

    What was due while the service was down is sent when it is back.
    """

    def __init__(self, keeper: Keeper, listeners: Sequence[Listener], clock: Callable[[], datetime]) -> None:
        self._keeper = keeper
        self._clock = clock
        self.listen(listeners)

    def listen(self, listeners: Sequence[Listener]) -> None:
        """Send them to these channels from now on."""
        self._listeners = tuple(each for each in listeners if each.canary is not None)

    def tick(self) -> None:
        """Send what is due."""
        for listener in self._listeners:
            key, _ = self._latest(listener, self._clock())
            text = f"Tumen is alive and can reach {listener.channel}"
            notice = Notice(NoticeKind.CANARY, listener.channel, text)
            self._keeper.tell(notice, listener.recipients, key=key)

    def pass_over(self, until: datetime) -> None:
        """Take what was due last before a time as sent: it was, or nobody waits for it any more."""
        for listener in self._listeners:
            key, _ = self._latest(listener, until)
            self._keeper.pass_over(Notice(NoticeKind.CANARY, listener.channel, "not sent"), key)

    def missing(self) -> tuple[Symptom, ...]:
        """For each channel whose last canary has not arrived within an hour of its time, a symptom."""
        return tuple(
            Symptom(
                SymptomKind.CANARY, f"{listener.channel} has no sign of life since {due:%Y-%m-%d %H:%M} UTC"
            )
            for listener in self._listeners
            for key, due in (self._latest(listener, self._clock()),)
            if self._clock() - due > _PATIENCE and self._keeper.undelivered(key)
        )

    @staticmethod
    def _latest(listener: Listener, now: datetime) -> tuple[str, datetime]:
        """The key of the canary that was due last, and when that was."""
        times = (listener.canary,) if listener.canary else ()
        due = last_time(now, times, listener.zone)
        # Not by its date there: when a clock is set forward over midnight, two of them have the same.
        return f"canary {listener.channel} {due:%Y-%m-%dT%H:%MZ}", due
