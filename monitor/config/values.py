"""Kinds of values in `tumen.yaml`: durations and names. Each says how it is written."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from monitor.documents import Refusal

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}  # seconds
_DURATION = r"(\d{1,12}(?:\.\d{1,6})?)\s*([smhd])"
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


def _channel_name(name: str) -> str:
    if not re.fullmatch(_CHANNEL, name):
        raise Refusal(f"{name!r} is no name for a channel", "use letters, digits, - and _")
    return name


Duration = Annotated[
    timedelta,
    BeforeValidator(duration),
    WithJsonSchema({"type": "string", "pattern": rf"^\s*{_DURATION}\s*$"}),
]
ChannelName = Annotated[
    str, AfterValidator(_channel_name), WithJsonSchema({"type": "string", "pattern": f"^{_CHANNEL}$"})
]


def lasting(default: str, description: str) -> Any:
    """A duration whose default is written as a person would, here and in the schema."""
    return Field(default=default, validate_default=True, description=description)


class Section(BaseModel):
    """A part of the configuration: unknown keys are refused, and what is refused is not repeated."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
