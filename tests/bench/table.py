"""Lines of what was measured beside what is wanted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Line:
    """One line of the table; `ok` None is not judged."""

    what: str
    measured: str
    wanted: str = ""
    ok: bool | None = None


def show(lines: Sequence[Line]) -> int:
    """Print the lines; 1 if one misses what is wanted."""
    width = max((len(line.what) for line in lines), default=0)
    for line in lines:
        mark = {True: "✓", False: "✗", None: " "}[line.ok]
        print(f"{mark} {line.what:{width}}  {line.measured:46} {line.wanted}".rstrip())
    return 1 if any(line.ok is False for line in lines) else 0
