"""How long something took, of many times: what is usual, and what is rarely exceeded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta  # noqa: TC003  part of a value


@dataclass(frozen=True, slots=True)
class Delay:
    """Waits that were measured.

    Attributes:
        median: half of them were at most this long.
        p95: 95 % of them were at most this long.
        many: how many were measured.
    """

    median: timedelta
    p95: timedelta
    many: int
