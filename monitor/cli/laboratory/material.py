"""The texts that packs are measured on: the stored history, or a file of JSON lines."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.app import utc_now
from monitor.config import Settings
from monitor.core.errors import InputError
from monitor.jobs.laboratory import from_lines, stored_samples
from monitor.jobs.replay import read_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from monitor.jobs.laboratory import Sample

JSON_LINES = click.Path(path_type=Path, dir_okay=False, exists=True)
_DAYS = 100_000  # more lie outside the calendar


class Moment(click.ParamType[datetime]):
    """A day or instant in UTC, or so many days before now."""

    name = "30d|DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """`30d`, `2026-11-01` or `2026-11-01T12:00`."""
        if isinstance(value, datetime):
            return value
        text = str(value).strip()
        days = text.removesuffix("d")
        if days != text and days.isascii() and days.isdecimal() and int(days[:7]) < _DAYS:
            return utc_now() - timedelta(days=int(days))
        try:
            moment = datetime.fromisoformat(text)
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        except (ValueError, OverflowError):
            self.fail(f"{text!r} is no time; write 30d, 2026-11-01 or 2026-11-01T12:00", param, ctx)


@dataclass(frozen=True, slots=True)
class Material:
    """What packs are measured on: `open` gives the texts and how many there are, each time from the start."""

    name: str
    open: Callable[[], Any]


def material_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that choose the texts."""
    for option in (
        click.option("--until", type=Moment(), metavar="30d|DATE", help="Only texts read before this time."),
        click.option("--since", type=Moment(), metavar="30d|DATE", help="Only texts read since this time."),
        click.option(
            "--db",
            type=click.Path(path_type=Path, dir_okay=False),
            help="A history.  [default: that of the configuration]",
        ),
    ):
        command = option(command)
    return command


def material(
    file: Path | None,
    db: Path | None,
    settings: Settings | None,
    since: datetime | None,
    until: datetime | None,
) -> Material:
    """The texts of the file of JSON lines if one is named, else of the history.

    Raises:
        InputError: both are named, the file cannot be read, or the times are in the wrong order.
    """
    if file is not None and db is not None:
        raise InputError(
            "measure on a file or on a history, not on both", where="--db", remedy="leave one out"
        )
    if since is not None and until is not None and since >= until:
        raise InputError(
            "no time lies between --since and --until", where="--until", remedy="choose a later one"
        )
    if file is None:
        path = db or (settings or Settings()).history_path
        return Material(str(path), lambda: stored_samples(path, since, until))
    now = utc_now()
    with file.open(encoding="utf-8-sig") as lines:
        try:
            found = from_lines(list(read_texts(lines, str(file))), now)
        except UnicodeDecodeError:
            raise InputError("is not UTF-8 text", where=str(file), remedy="save it as UTF-8") from None
    chosen = [
        one for one in found if (since is None or since <= one.at) and (until is None or one.at < until)
    ]
    return Material(str(file), lambda: _listed(chosen))


@contextmanager
def _listed(samples: list[Sample]) -> Iterator[tuple[Iterator[Sample], int]]:
    yield iter(samples), len(samples)
