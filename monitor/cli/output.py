"""What commands print: tables for people, lines of JSON for programs."""

from __future__ import annotations

import json
import logging
import sys
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.logging import RichHandler
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_CONTROLS = dict.fromkeys((*range(32), *range(127, 160), *range(8234, 8239), *range(8294, 8298)))


def print_json(row: dict[str, Any]) -> None:
    """One object on one line."""
    click.echo(json.dumps(row, ensure_ascii=False, default=str))


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table; long cells are folded rather than cut."""
    table = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*(Text(plain(cell)) for cell in row))
    console().print(table)


def console(*, error: bool = False) -> Console:
    """Standard output or standard error; colour only on a terminal, and full width when it is none."""
    stream = sys.stderr if error else sys.stdout
    return Console(file=stream, highlight=False, soft_wrap=False, width=None if stream.isatty() else 160)


def plain(cell: object) -> str:
    """The cell as text without control characters: what comes from the web must not drive a terminal."""
    return "" if cell is None else str(cell).translate(_CONTROLS)


def log_to_stderr(*, verbose: bool) -> None:
    """Show Tumen's log: for people on a terminal, plain lines elsewhere (the journal adds the time itself)."""
    handler: logging.Handler
    if sys.stderr.isatty():
        handler = RichHandler(
            console=console(error=True), show_path=False, markup=False, log_time_format="%H:%M:%S"
        )
        handler.setFormatter(_Plain("%(message)s"))
    else:
        handler = logging.StreamHandler()
        handler.setFormatter(_Plain("%(asctime)s %(levelname)-7s %(name)s: %(message)s"))
    root = logging.getLogger("tumen")
    root.handlers = [handler]
    root.propagate = False
    root.setLevel(logging.DEBUG if verbose else logging.INFO)


class _Plain(logging.Formatter):
    """Log lines hold titles from the web: no control character but the line breaks of our own messages passes."""

    def format(self, record: logging.LogRecord) -> str:
        return "\n".join(map(plain, super().format(record).split("\n")))
