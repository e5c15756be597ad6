"""The log of what runs for long: text for people, or a line of JSON for each record, on standard error.

Records tell of texts from the web. Whatever stands in them, none looks like two: a line break is followed by an
indentation in text, and is escaped in JSON.
"""

from __future__ import annotations

import logging
import os
import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.output import console, json_line, plain
from monitor.config import LogFormat
from monitor.core.errors import MonitorError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

log_format = click.option(
    "--log",
    "form",
    type=click.Choice([one.value for one in LogFormat]),
    default=None,
    help="How the log is written: text for people, or one JSON object a line.  [default: as the configuration says]",
)

HEARD = ("tumen", "asyncio", "uvicorn", "py.warnings")
"""Whose records are shown: libraries report what nobody else knows of."""

_TEXT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
_INDENT = "    "
# What every record has; whatever else it bears, somebody gave it as a field.
_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_PRIORITIES = ((logging.ERROR, 3), (logging.WARNING, 4), (logging.INFO, 6))  # of syslog; 7 is for debugging


def log_to_stderr(*, verbose: bool = False, form: LogFormat | str | None = None) -> None:
    """Show Tumen's log: for people on a terminal, plain lines elsewhere, JSON if it is asked for."""
    handler: logging.Handler
    if form != LogFormat.JSON and sys.stderr.isatty():
        from rich.logging import RichHandler  # noqa: PLC0415  a service without a terminal needs none of it

        handler = RichHandler(
            console=console(error=True), show_path=False, markup=False, log_time_format="%H:%M:%S"
        )
        handler.setFormatter(TextLines("%(message)s"))
    else:
        handler = logging.StreamHandler()
        handler.setFormatter(_formatter(form))
    for name in HEARD:
        logging.getLogger(name).handlers = [handler]
    root = logging.getLogger("tumen")
    root.propagate = False
    root.setLevel(logging.DEBUG if verbose else logging.INFO)
    logging.captureWarnings(form == LogFormat.JSON)  # they would be lines of text among the others


@contextmanager
def logged(form: LogFormat | str | None, *, verbose: bool = False) -> Iterator[Callable[[LogFormat], None]]:
    """Show the log while a command runs, in this form, or in the one that what is yielded is called with.

    An error that ends the command is the last record, where a program reads the log.
    """
    used = form

    def follow(configured: LogFormat) -> None:
        nonlocal used
        used = form or configured
        log_to_stderr(verbose=verbose, form=used)

    log_to_stderr(verbose=verbose, form=form)
    try:
        yield follow
    except MonitorError as error:
        if used != LogFormat.JSON and not _is_the_journal(os.environ):
            raise
        logging.getLogger("tumen").critical("%s", error, extra={"exit_code": error.exit_code})
        raise click.exceptions.Exit(error.exit_code) from None


class TextLines(logging.Formatter):
    """Text: a record's first line bears its time, level and part, further ones are indented."""

    def format(self, record: logging.LogRecord) -> str:
        """The record without any control character but those line breaks."""
        return f"\n{_INDENT}".join(map(plain, super().format(record).split("\n")))


class JournalLines(logging.Formatter):
    """Another formatter's lines, each with the priority that systemd's journal reads before it."""

    def __init__(self, inner: logging.Formatter) -> None:
        super().__init__()
        self._inner = inner

    def format(self, record: logging.LogRecord) -> str:
        """The record; the journal takes each line as an entry, and knows the time itself."""
        priority = next((number for level, number in _PRIORITIES if record.levelno >= level), 7)
        return "\n".join(f"<{priority}>{line}" for line in self._inner.format(record).split("\n"))


class JsonLines(logging.Formatter):
    """An object a line: time (UTC), level, part and message, the fields that were given, a traceback after a bug."""

    def format(self, record: logging.LogRecord) -> str:
        """The record."""
        at = datetime.fromtimestamp(record.created, UTC)
        row: dict[str, Any] = {
            "time": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "part": record.name.removeprefix("tumen."),
            "message": record.getMessage(),
            **{name: value for name, value in vars(record).items() if name not in _OWN},
        }
        if record.exc_info:
            row["traceback"] = self.formatException(record.exc_info)
        return json_line(row, sys.stderr)


def _formatter(form: LogFormat | str | None) -> logging.Formatter:
    journal = _is_the_journal(os.environ)
    if form == LogFormat.JSON:
        lines: logging.Formatter = JsonLines()
    else:
        lines = TextLines("%(name)s: %(message)s" if journal else _TEXT)
    return JournalLines(lines) if journal else lines


def _is_the_journal(environment: Mapping[str, str]) -> bool:
    """Whether standard error is the connection to systemd's journal that the environment names."""
    named = environment.get("JOURNAL_STREAM", "")
    try:
        there = os.fstat(sys.stderr.fileno())
    except (OSError, ValueError):  # it is closed, or no file at all
        return False
    return bool(named) and named == f"{there.st_dev}:{there.st_ino}"
