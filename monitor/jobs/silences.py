"""Silences, as people ask for them: through the running service, or directly when none runs."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from monitor import control
from monitor.core.delivery.silencing import Silence
from monitor.store.database import open_history, open_reader
from monitor.store.lock import WriterLock
from monitor.store.silences import Silences

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_LASTS = timedelta(hours=24)  # how long what was silenced is worth sending once somebody wants it


def listing(path: Path) -> tuple[tuple[Silence, int], ...]:
    """All silences, the latest first, each with how many deliveries it keeps back. Raises StorageError."""
    with closing(open_reader(path)) as db:
        return Silences(db).list()


def add(path: Path, silence: Silence, now: datetime) -> int:
    """Keep a silence; its number.

    Raises:
        InputError: it names a story that does not exist.
        StorageError: there is no history yet, or it cannot be written.
    """
    try:
        return int(control.call(path, "silence", **_row(silence))["id"])
    except control.NotRunning:
        open_reader(path).close()  # says so if there is no history: a silence makes none
        with WriterLock(path), closing(open_history(path)) as db:
            return Silences(db).add(silence, now)


def end(path: Path, silence: int, now: datetime) -> None:
    """Let a silence end now. Raises as `add`."""
    try:
        control.call(path, "unsilence", id=silence)
    except control.NotRunning:
        open_reader(path).close()
        with WriterLock(path), closing(open_history(path)) as db:
            Silences(db).end(silence, now)


def replay(path: Path, silence: int, now: datetime) -> int:
    """Have told what a silence kept back; how many deliveries. Raises as `add`."""
    try:
        return int(control.call(path, "replay_silence", id=silence)["told"])
    except control.NotRunning:
        open_reader(path).close()
        with WriterLock(path), closing(open_history(path)) as db:
            return Silences(db).replay(silence, now, lasts=_LASTS)


class Silencing:
    """Carries out for the running service what people ask for over its socket.

    Args:
        silences: where they are stored.
        clock: the time.
        on_replay: is called when there is something to deliver.
    """

    def __init__(
        self, silences: Silences, clock: Callable[[], datetime], on_replay: Callable[[], object]
    ) -> None:
        self._silences = silences
        self._clock = clock
        self._on_replay = on_replay

    def handlers(self) -> dict[str, control.Handler]:
        """The commands of the socket."""
        return {"silence": self._add, "unsilence": self._end, "replay_silence": self._replay}

    async def _add(self, arguments: dict[str, Any]) -> dict[str, Any]:
        return {"id": self._silences.add(_silence(arguments), self._clock())}

    async def _end(self, arguments: dict[str, Any]) -> dict[str, Any]:
        self._silences.end(int(arguments["id"]), self._clock())
        return {}

    async def _replay(self, arguments: dict[str, Any]) -> dict[str, Any]:
        told = self._silences.replay(int(arguments["id"]), self._clock(), lasts=_LASTS)
        self._on_replay()
        return {"told": told}


def _row(silence: Silence) -> dict[str, Any]:
    times = {"begins": silence.begins.isoformat(), "ends": silence.ends.isoformat()}
    return asdict(silence) | times


def _silence(row: dict[str, Any]) -> Silence:
    times = {name: datetime.fromisoformat(row[name]) for name in ("begins", "ends")}
    return Silence(**(row | times))
