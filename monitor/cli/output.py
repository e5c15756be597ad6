"""What commands print: tables for people, lines of JSON for programs."""

from __future__ import annotations

import json
import shutil
import sys
from typing import TYPE_CHECKING, Any, TextIO

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console
    from rich.table import Table

# Control characters, further ends of lines, those that turn the direction of text, and halves of surrogate pairs,
# which no stream takes.
_UNFIT = (
    *range(32),
    *range(127, 160),
    *range(0x2028, 0x202F),
    *range(0x2066, 0x206A),
    *range(0xD800, 0xE000),
)
_NARROW = 60  # columns; below, as on a phone, a table that does not fit is told row by row
_DROPPED = dict.fromkeys(_UNFIT)
_ESCAPED = {code: f"\\u{code:04x}" for code in _UNFIT}


def print_json(row: dict[str, Any]) -> None:
    """One object on one line of standard output."""
    click.echo(json_line(row, sys.stdout))


def json_line(row: dict[str, Any], stream: TextIO) -> str:
    """One object on one line; what must not reach the stream is escaped, so the reader loses nothing."""
    ascii_only = stream.encoding.lower() not in {"utf-8", "utf8"}
    return json.dumps(row, ensure_ascii=ascii_only, default=str).translate(_ESCAPED)


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, error: bool = False) -> None:
    """A table; long cells are folded rather than cut. Without any column names it has no head.

    On a terminal so narrow that the words do not fit beside each other, each row is a block of lines.
    """
    from rich.text import Text  # noqa: PLC0415  a service that prints no table keeps none of it in memory

    table = _table(*columns, heads=any(columns))
    cells = [[Text(plain(cell)) for cell in row] for row in rows]
    for row in cells:
        table.add_row(*row)
    screen = console(error=error)
    needed = screen.measure(table, options=screen.options.update(width=_NARROW * 10)).minimum
    if screen.width >= min(needed, _NARROW) or not any(columns):
        screen.print(table)
        return
    for row in cells:
        block = _table("", "", heads=False)
        for name, cell in zip(columns, row, strict=True):
            if cell:
                block.add_row(Text(name, style="bold"), cell)
        screen.print(block)
        screen.print()


def _table(*columns: str, heads: bool) -> Table:
    from rich.table import Table  # noqa: PLC0415  see above

    table = Table(box=None, pad_edge=False, header_style="bold", show_header=heads)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def console(*, error: bool = False) -> Console:
    """Standard output or standard error; colour only on a terminal, and full width when it is none."""
    from rich.console import Console, ConsoleDimensions  # noqa: PLC0415  see above

    stream = sys.stderr if error else sys.stdout
    screen = Console(file=stream, highlight=False, soft_wrap=False, width=None if stream.isatty() else 160)
    if screen.is_dumb_terminal:  # of which rich believes that all have 80 columns
        screen.size = ConsoleDimensions(*shutil.get_terminal_size())
    return screen


def plain(cell: object) -> str:
    """The cell as text without control characters: what comes from the web must not drive a terminal."""
    return "" if cell is None else str(cell).translate(_DROPPED)


def counted(count: int, thing: str) -> str:
    """`1 rule`, `1,204 rules`."""
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"
