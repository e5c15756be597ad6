"""Telling the keeper of the service: in the log, and by the channels that want notices."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from monitor.core.delivery.notices import audience
from monitor.core.liveness import Symptom, SymptomKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from monitor.core.delivery.deliveries import Recipient
    from monitor.core.delivery.notices import Listener, Notice
    from monitor.store.notices import Notices

_log = logging.getLogger("tumen.keeper")
CHANNEL = "channel "  # how the subjects of conditions of channels begin
_LASTS = timedelta(hours=24)  # an older notice only confuses


class Keeper:
    """Says each thing once while it lasts, and once when it is over.

    Args:
        notices: what was said.
        listeners: the channels.
        clock: the time.
        on_notice: is called when there is something to deliver.
    """

    def __init__(
        self,
        notices: Notices,
        listeners: Sequence[Listener],
        *,
        clock: Callable[[], datetime],
        on_notice: Callable[[], object] = lambda: None,
    ) -> None:
        self._notices = notices
        self._listeners = listeners
        self._clock = clock
        self._on_notice = on_notice

    def listen(self, listeners: Sequence[Listener]) -> None:
        """Tell these channels from now on."""
        self._listeners = listeners

    def begin(self, subject: str, notice: Notice, *, without: Recipient | None = None) -> bool:
        """Something is so. False if that was said before, in the same words."""
        to = audience(notice.kind, self._listeners, without=without)
        return self._said(notice, self._notices.begin(subject, notice, to, self._clock(), lasts=_LASTS))

    def end(self, subject: str, notice: Notice, *, without: Recipient | None = None) -> bool:
        """It is so no longer. False if it was never said."""
        to = audience(notice.kind, self._listeners, without=without)
        return self._said(notice, self._notices.end(subject, notice, to, self._clock(), lasts=_LASTS))

    def tell(self, notice: Notice, to: Sequence[Recipient] | None = None, *, key: str = "") -> bool:
        """Say a thing that has no end, to these or to whoever wants it. False if it was said under this key."""
        to = audience(notice.kind, self._listeners) if to is None else to
        told = self._notices.tell(notice, to, self._clock(), lasts=_LASTS, key=key)
        return self._said(notice, told)

    def pass_over(self, notice: Notice, key: str) -> None:
        """Take a thing that is said once under this key as said."""
        self._notices.tell(notice, (), self._clock(), lasts=_LASTS, key=key)

    def parked(self) -> tuple[Symptom, ...]:
        """For each recipient that takes nothing, a symptom."""
        standing = self._notices.standing()
        return tuple(
            Symptom(SymptomKind.CHANNEL, text)
            for subject, (text, _) in standing.items()
            if subject.startswith(CHANNEL)
        )

    def standing(self) -> Mapping[str, tuple[str, datetime]]:
        """What was said and is still so: text and time by subject."""
        return self._notices.standing()

    def undelivered(self, key: str) -> tuple[str, ...]:
        """The channels that did not take the notice with this key (yet)."""
        return self._notices.undelivered(key)

    def _said(self, notice: Notice, told: bool) -> bool:  # noqa: FBT001  what the store answered
        if told:
            level = logging.WARNING if notice.kind.is_trouble else logging.INFO
            _log.log(level, "%s", notice.text, extra={"notice": notice.kind, "about": notice.subject})
            self._on_notice()
        return told
