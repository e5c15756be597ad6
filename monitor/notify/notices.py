"""Notices to message: what the keeper of the service is told, in English as in the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.core.topic import Severity
from monitor.notify.message import render_notice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.core.delivery.bundling import Coverage, Lost
    from monitor.core.delivery.notices import Notice
    from monitor.notify.message import Message
    from monitor.notify.voice import Voice


def render_notices(
    notices: Sequence[Notice],
    voice: Voice,
    *,
    lost: Sequence[Lost] = (),
    coverage: Coverage | None = None,
    plain: bool = False,
) -> Message:
    """The message about notices that leave together, at least one."""
    first = notices[0]
    if len(notices) == 1:
        title, sentences = first.text, first.details
    else:
        title = f"{voice.count('notices', len(notices))}: {first.text}"
        sentences = tuple(sentence for notice in notices for sentence in (notice.text, *notice.details))
    urgent = any(notice.kind.severity.rank >= Severity.HIGH.rank for notice in notices)
    return render_notice(title, sentences, voice, urgent=urgent, lost=lost, coverage=coverage, plain=plain)
