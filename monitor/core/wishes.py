"""How long a server asks to be left alone (`Retry-After`), within the bounds in which that is obeyed."""

from __future__ import annotations

from datetime import timedelta

OF_A_SITE = timedelta(hours=24)  # whose pages are read
OF_A_RECEIVER = timedelta(hours=6)  # of messages: they expire


def bounded(seconds: float | None, most: timedelta) -> timedelta:
    """A time that a server gave, whatever number it is; none for None."""
    given = max(0.0, seconds or 0.0)  # in this order NaN becomes 0
    return timedelta(seconds=min(given, most.total_seconds()))
