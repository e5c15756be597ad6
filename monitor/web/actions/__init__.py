"""What readers can change from the pages: one function for each form, and the table of their addresses.

A form reaches the history as a command does: through the running service, or directly when none runs. Whether it may
be sent was found out before: see `monitor.web.gate` and `monitor.web.views`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.web.asking import Ask

Action = Callable[["Ask", Mapping[str, str]], str]
"""Carries out the fields of a form and says in one sentence what was done. Raises MonitorError."""

ACTIONS: Mapping[str, Action] = {}
