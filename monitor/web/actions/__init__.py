"""What readers can change from the pages: one function for each form, and the table of their addresses.

A form reaches the history as a command does: through the running service, or directly when none runs. Whether it may
be sent was found out before: see `monitor.web.gate` and `monitor.web.views`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from monitor.web.actions.correcting import merge, split
from monitor.web.actions.feedback import feedback
from monitor.web.actions.telling import end_silence, replay_silence, retry, silence

if TYPE_CHECKING:
    from monitor.web.asking import Ask

Action = Callable[["Ask", Mapping[str, str]], str]
"""Carries out the fields of a form and says in one sentence what was done. Raises MonitorError."""

ACTIONS: Mapping[str, Action] = {
    "/actions/feedback": feedback,
    "/actions/retry": retry,
    "/actions/silence": silence,
    "/actions/end-silence": end_silence,
    "/actions/replay-silence": replay_silence,
    "/actions/merge": merge,
    "/actions/split": split,
}
"""Where each form is sent to. `forms.html` has the forms themselves."""
