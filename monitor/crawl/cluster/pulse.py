"""Who is heard of, and who is not any more. Pure: no process, no clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SILENT_AFTER = 15.0
"""Seconds without a sign of life; Dask's workers give one every second or so, even where there are hundreds."""


class Pulse:
    """Signs of life of workers, as somebody else wrote them down by a clock of his own."""

    def __init__(self) -> None:
        self._signs: dict[str, tuple[float, float]] = {}  # the last one of each, and when we first saw that

    def silent(self, signs: Mapping[str, float], now: float) -> frozenset[str]:
        """Those of whom nothing new was heard for too long, in seconds of our clock."""
        before = self._signs
        self._signs = {
            name: before[name] if name in before and before[name][0] == sign else (sign, now)
            for name, sign in signs.items()
        }
        return frozenset(name for name, (_, since) in self._signs.items() if now - since > SILENT_AFTER)
