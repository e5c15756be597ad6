"""How each source is: a table that fits 100 columns, and below it what is wrong and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from monitor.catalogue import declaration
from monitor.cli.output import plain, print_table
from monitor.core.sources.state import Condition, Diagnosis

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from monitor.core.sources.state import SourceState
    from monitor.store.wellness import Harvest
    from spiders.items import Source

_WIDTH = 98
_FALSE_UNCHANGED = (
    'false_unchanged: its server said "unchanged" when it was not, and is asked for everything since'
)
_LONGEST_NAME = 36  # columns; a longer name is cut in the table


@dataclass(frozen=True, slots=True)
class Line:
    """A watched source, what the history knows about it (None: nothing yet), and what it brings."""

    source: Source
    state: SourceState | None
    harvest: Harvest

    @property
    def diagnosis(self) -> Diagnosis:
        """How it is."""
        return self.state.health.diagnosis if self.state else Diagnosis(Condition.NEW)


def print_lines(lines: Sequence[Line], now: datetime) -> None:
    """Show sources at a glance, in this order; times are ages, in minutes, hours or days."""
    print_table(
        ("source", "is", "since", "looked", "new", "a day", "next look"),
        [_cells(line, now) for line in lines],
    )
    for line in lines:
        if line.diagnosis.text:
            name, condition = line.source.name, line.diagnosis.condition
            remedy = condition.remedy(name)
            text = f"{name} {line.diagnosis.text}" + (f"; {remedy}" if remedy else "")
            click.echo("\n" + click.wrap_text(plain(text), _WIDTH, subsequent_indent="  "))
        if line.state and line.state.distrusted_at:
            text = f"{line.source.name} {_FALSE_UNCHANGED}"
            click.echo("\n" + click.wrap_text(plain(text), _WIDTH, subsequent_indent="  "))


def line_row(line: Line) -> dict[str, Any]:
    """All that is known about a source, for programs; times are in UTC."""
    state, diagnosis = line.state, line.diagnosis
    return declaration(line.source) | {
        "condition": diagnosis.condition.value,
        "text": diagnosis.text,
        "remedy": diagnosis.condition.remedy(line.source.name),
        "since": _time(state.health.since if state else None),
        "looked_at": _time(state.looked_at if state else None),
        "last_ok": _time(state.last_ok if state else None),
        "last_new": _time(line.harvest.last_new),
        "per_day": None if line.harvest.per_day is None else round(line.harvest.per_day, 1),
        "next_due": _time(_next_look(state)),
        "failures": state.failures if state else 0,
        "entries": state.entries_seen if state else 0,
        "reason": state.last_reason if state else "",
        "detail": state.last_detail if state else "",
        "false_unchanged": _time(state.distrusted_at if state else None),
    }


def _cells(line: Line, now: datetime) -> tuple[str, ...]:
    state, harvest, due = line.state, line.harvest, _next_look(line.state)
    name = line.source.name
    return (
        name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…",
        line.diagnosis.condition.value,
        _age(state.health.since if state else None, now),
        _age(state.looked_at if state else None, now) or "never",
        _age(harvest.last_new, now),
        "" if harvest.per_day is None else f"{harvest.per_day:.1f}",
        "" if due is None else "now" if due <= now else f"in {_span(due - now)}",
    )


def _next_look(state: SourceState | None) -> datetime | None:
    return state.next_due if state and state.dropped_at is None else None


def _age(moment: datetime | None, now: datetime) -> str:
    return "" if moment is None else _span(max(now - moment, now - now))


def _span(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    if minutes < 100:  # noqa: PLR2004  two digits
        return f"{minutes} min"
    hours = round(minutes / 60)
    return f"{hours} h" if hours < 48 else f"{round(hours / 24)} d"  # noqa: PLR2004  two days


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
