"""How the log is written, as `log` in `tumen.yaml` says it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from monitor.config.values import Fixed, Section


class LogFormat(StrEnum):
    """For whom the log is written."""

    TEXT = "text"
    JSON = "json"


class LogSettings(Section):
    """How the log is written; see `monitor.cli.logs`."""

    format: Annotated[LogFormat, Fixed()] = Field(
        default=LogFormat.TEXT,
        description="text for people, or json: one object a line, for programs. --log decides instead of it.",
    )
