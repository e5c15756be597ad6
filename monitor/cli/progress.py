"""Long work shows how far it is: on a terminal only, and never among the output."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from monitor.cli.output import console

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.progress import Task

_Item = TypeVar("_Item")


def progress(items: Iterable[_Item], total: int | None, what: str) -> Iterator[_Item]:
    """The items, while a bar on standard error counts them."""
    screen = console(error=True)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Speed(),
        TimeRemainingColumn(),
        console=screen,
        transient=True,
        disable=not screen.is_terminal,
    )
    with bar:
        yield from bar.track(items, total=total, description=what)


class _Speed(ProgressColumn):
    """Items a second."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:,.0f}/s" if task.speed else "")
