"""The weekly report: once a week a notice, whose message is written when it leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.core.delivery.notices import Notice, NoticeKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from monitor.core.delivery.notices import Listener
    from monitor.jobs.keeper import Keeper


class Weekly:
    """Has the report about the last week sent to each channel that wants it, once for each week.

    What was due while the service was down is sent when it is back.
    """

    def __init__(self, keeper: Keeper, listeners: Sequence[Listener], clock: Callable[[], datetime]) -> None:
        self._keeper = keeper
        self._clock = clock
        self.listen(listeners)

    def listen(self, listeners: Sequence[Listener]) -> None:
        """Have it sent to these channels from now on."""
        self._wanted = tuple((each, each.report) for each in listeners if each.report is not None)

    def tick(self) -> None:
        """Have sent what is due."""
        for listener, notice, key in self._due(self._clock()):
            self._keeper.tell(notice, listener.recipients, key=key)

    def pass_over(self, until: datetime) -> None:
        """Take what was due last before a time as sent."""
        for _, notice, key in self._due(until):
            self._keeper.pass_over(notice, key)

    def _due(self, now: datetime) -> Iterator[tuple[Listener, Notice, str]]:
        for listener, report in self._wanted:
            week = report.week(now, listener.zone)
            notice = Notice(NoticeKind.REPORT, week, f"The report about {week}")
            yield listener, notice, f"report {listener.channel} {week}"
