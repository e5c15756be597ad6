"""Kinds of values in `tumen.yaml`: durations and names. Each says how it is written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from monitor.documents import Called, Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}  # seconds
_DURATION = r"(\d{1,12}(?:\.\d{1,6})?)\s*([smhd])"
_BYTES = {"MB": 10**6, "GB": 10**9, "TB": 10**12}
_SIZE = r"(\d{1,6}(?:\.\d{1,3})?)\s*([MGT]B)"
FOREVER = "forever"
_CHANNEL = r"[A-Za-z0-9_-]+"
_SHORTEST, _LONGEST = 0.01, 3650 * 86400  # seconds; longer ones would leave the calendar


def duration(value: Any) -> Any:
    """`90s`, `5m`, `24h` or `2d` as a timedelta. Raises ValueError for anything else."""
    match = re.fullmatch(_DURATION, value.strip(), re.ASCII) if isinstance(value, str) else None
    if match is None:
        raise Refusal("a duration is a number with s, m, h or d behind it", "write it like 90s, 5m or 24h")
    seconds = float(match.group(1)) * _UNITS[match.group(2)]
    if not _SHORTEST <= seconds <= _LONGEST:
        raise ValueError("a duration lies between 0.01s and 3650d")
    return timedelta(seconds=seconds)


def keeping(value: Any) -> Any:
    """`90d` or the like as a timedelta, `forever` as None. Raises ValueError for anything else."""
    if isinstance(value, str) and value.strip() == FOREVER:
        return None
    try:
        return duration(value)
    except Refusal:
        raise Refusal(
            "that is no time for which something is kept", f"write it like 90d, or {FOREVER}"
        ) from None


def file_size(value: Any) -> Any:
    """`500MB`, `20 GB` or `1.5TB` as a number of bytes; a thousand of each are one of the next."""
    match = re.fullmatch(_SIZE, value.strip(), re.ASCII) if isinstance(value, str) else None
    if match is None:
        raise Refusal("a size is a number with MB, GB or TB behind it", "write it like 20GB")
    return int(float(match.group(1)) * _BYTES[match.group(2)])


def _channel_name(name: str) -> str:
    if not re.fullmatch(_CHANNEL, name):
        raise Refusal(f"{name!r} is no name for a channel", "use letters, digits, - and _")
    return name


Duration = Annotated[
    timedelta,
    BeforeValidator(duration),
    WithJsonSchema({"type": "string", "pattern": rf"^\s*{_DURATION}\s*$"}),
    Called("duration", "90s"),
]
Keeping = Annotated[
    timedelta | None,
    BeforeValidator(keeping),
    WithJsonSchema({"type": "string", "pattern": rf"^\s*(?:{_DURATION}|{FOREVER})\s*$"}),
    Called("duration or forever", "90d"),
]
FileSize = Annotated[
    int | None,
    BeforeValidator(file_size),
    WithJsonSchema({"type": "string", "pattern": rf"^\s*{_SIZE}\s*$"}),
    Called("size", "20GB"),
]
ChannelName = Annotated[
    str, AfterValidator(_channel_name), WithJsonSchema({"type": "string", "pattern": f"^{_CHANNEL}$"})
]


def lasting(default: str, description: str) -> Any:
    """A duration whose default is written as a person would, here and in the schema."""
    return Field(default=default, validate_default=True, description=description)


@dataclass(frozen=True, slots=True)
class Fixed:
    """Marks a key, as `Annotated[Path, Fixed()]`, whose value stays while the service runs, whatever is written."""


class Section(BaseModel):
    """A part of the configuration: unknown keys are refused, and what is refused is not repeated."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    def behind(self) -> Mapping[str, object]:
        """What was read from files that its keys name, by key: it counts where two configurations are compared."""
        return {}
