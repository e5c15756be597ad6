"""What people call a kind of value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Called:
    """Marks a kind of value, as `Annotated[time, …, Called("time of the day", "07:30")]`.

    Attributes:
        name: what it is called in the documentation.
        example: how one is written.
    """

    name: str
    example: str
