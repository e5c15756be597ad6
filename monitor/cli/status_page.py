"""How things stand, on one screen: wide enough for a desk, narrow enough for a phone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from monitor.cli.output import counted, plain
from monitor.core.retention import size_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

_LATE = timedelta(minutes=15)  # what waits for longer is coloured: the service itself calls it overdue then
_UNITS = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))


def page(found: Mapping[str, Any], now: datetime) -> Table:
    """A line for each thing: what it is on the left, how it stands on the right. Long ones are folded."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold", ratio=1)
    before = ""
    for name, said in _lines(found, now):
        table.add_row(name if name != before else "", said)
        before = name
    return table


def _lines(found: Mapping[str, Any], now: datetime) -> Iterator[tuple[str, Text]]:
    yield from _service(found, now)
    if "articles" not in found:
        yield "history", Text(f"none yet, at {plain(found['history'])}")
        return
    yield from _work(found, now)
    yield from _channels(found, now)
    yield from _history(found, now)
    for event in found["next"]:
        is_due = datetime.fromisoformat(event["at"]) <= now
        yield "next", Text(f"{'now' if is_due else _at(event['at'], now)}: {plain(event['what'])}")
    for one in found["silences"]:
        yield "silences", Text(f"{one['id']} until {_at(one['ends'], now)}: {plain(one['reason'])}")
    for text in found["standing_notices"]:
        yield "notices", Text(plain(text), style="yellow")


def _service(found: Mapping[str, Any], now: datetime) -> Iterator[tuple[str, Text]]:
    if found.get("trouble"):
        yield "service", Text(plain(found["trouble"]), style="red")
    elif not found["running"] and found.get("process"):
        said = f"is starting, or a command is at work: process {found['process']} holds the history"
        yield "service", Text(said, style="yellow")
    elif not found["running"]:
        yield "service", Text("does not run, so nothing is watched: `tumen run` starts it", style="red")
    else:
        about = [f"runs since {_at(found['running_since'], now)}"]
        if found.get("version"):
            about.append(f"version {found['version']}")
        if found.get("process"):
            about.append(f"process {found['process']}")
        yield "service", Text(", ".join(about), style="green")
        packs = ", ".join(f"{plain(name)} {version}" for name, version in found["packs"].items())
        yield "", Text(f"watches {counted(found['sources'] or 0, 'source')} with {packs}")
    yield from _cluster(found.get("cluster"))
    configuration = found.get("configuration") or {}
    if configuration.get("refused"):
        yield (
            "",
            Text(f"the changed configuration was refused: {plain(configuration['refused'])}", style="red"),
        )


def _cluster(said: Mapping[str, Any] | None) -> Iterator[tuple[str, Text]]:
    if said is None:
        return
    if said["away"]:
        yield "cluster", Text(plain(said["away"]), style="red")
    else:
        about = (
            f"{counted(said['workers'], 'worker')}, {said['orders']} of {said['threads']} orders under way"
        )
        yield "cluster", Text(about)


def _work(found: Mapping[str, Any], now: datetime) -> Iterator[tuple[str, Text]]:
    looks = found["looks"]
    said = ", ".join(f"{many:,} {outcome}" for outcome, many in looks.items())
    yield "looks", Text(f"{said} in the last hour")
    if (overdue := found["overdue"]) is not None:
        since = datetime.fromisoformat(overdue["since"])
        style = "red" if now - since > _LATE and found["running"] else ""
        yield (
            "looks",
            Text(f"{plain(overdue['source'])} is due since {_at(overdue['since'], now)}", style=style),
        )
    yield "to read", Text(f"{found['entries_to_read']:,}")


def _channels(found: Mapping[str, Any], now: datetime) -> Iterator[tuple[str, Text]]:
    states = ", ".join(f"{many:,} {state}" for state, many in found["deliveries"].items()) or "none"
    held = ", ".join(f"{many:,} held: {why.replace('_', ' ')}" for why, many in found["held"].items())
    yield "messages", Text(f"{states} ({held})" if held else states)
    if found["oldest_waiting"]:
        yield "messages", Text(f"the oldest waits since {_at(found['oldest_waiting'], now)}")
    for name, one in found["channels"].items():
        if one["parked_since"]:
            text = (
                f"{plain(name)}: takes nothing since {_at(one['parked_since'], now)}: {plain(one['error'])}"
            )
            yield "channels", Text(text, style="red")
            continue
        about = [f"took one {_at(one['last_sent'], now)}" if one["last_sent"] else "took none yet"]
        if one["waiting"]:
            about.append(f"{one['waiting']:,} waiting")
        if one["error"]:
            about.append(f"last failure: {plain(one['error'])}")
        yield "channels", Text(f"{plain(name)}: {', '.join(about)}", style="yellow" if one["error"] else "")


def _history(found: Mapping[str, Any], now: datetime) -> Iterator[tuple[str, Text]]:
    counts = (
        counted(found["articles"], "article"),
        f"{found['relevant']:,} on topic",
        f"{found['stories']:,} stories",
        counted(found["alerts"], "alert"),
    )
    yield "history", Text(", ".join(counts))
    file = f"history {size_text(found['size'])} ({size_text(found['free'])} of it empty)"
    beside = f"log {size_text(found['log'])}, captures {size_text(found['captures_size'])}"
    yield "disk", Text(f"{file}, {beside}; {size_text(found['disk_free'])} free")
    if found["captures_failed"]:
        yield "disk", Text(f"{counted(found['captures_failed'], 'page')} could not be kept as fetched")
    if "last_backup" in found:
        made = found["last_backup"]
        said = (
            f"the last one, found sound, {_at(made, now)}" if made else "none yet: `tumen backup` makes one"
        )
        yield "backup", Text(said, style="" if made else "yellow")
    if found["last_pruned"]:
        gone = ", ".join(f"{many:,} {what}" for what, many in found["pruned"].items())
        yield "pruned", Text(f"{gone}; last {_at(found['last_pruned'], now)}")


def _at(text: str, now: datetime) -> str:
    """`2026-11-25 06:30 UTC, 5 min ago`; only the time, if it is of the same day."""
    at = datetime.fromisoformat(text)
    shown = f"{at:%H:%M}" if at.date() == now.date() else f"{at:%Y-%m-%d %H:%M}"
    seconds = int(abs((now - at).total_seconds()))
    size, unit = next(((size, unit) for size, unit in _UNITS if seconds >= 2 * size), (1, "s"))
    span = f"{seconds // size} {unit}"
    return f"{shown} UTC, {span} ago" if at <= now else f"{shown} UTC, in {span}"
