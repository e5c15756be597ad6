"""How the service is, for machines that ask: kept in memory, so that asking costs nothing and waits for nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from monitor.core.errors import StorageError
from monitor.core.liveness import Stage, Vitals, alive, ready

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from monitor.core.liveness import Symptom


@dataclass(frozen=True, slots=True)
class Body:
    """What can be looked at once the service is built.

    Attributes:
        probe: writes to the history; raises StorageError if it cannot.
        silent: how long ago each tick last ended well.
        turned: how long ago any tick ended, well or not.
        more: what else is wrong; may raise StorageError.
    """

    probe: Callable[[], None]
    silent: Callable[[], Mapping[str, timedelta]]
    turned: Callable[[], timedelta]
    more: Callable[[], Sequence[Symptom]]


class Health:
    """Knows how the service is. `tick` belongs to the event loop; everything else may be called from any thread."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._body: Body | None = None
        self._stage = Stage.STARTING
        self._found: tuple[str, tuple[Symptom, ...]] = ("", ())  # exchanged whole: threads read it

    def begin(self, body: Body) -> None:
        """The service watches from now on."""
        self._body = body
        self._stage = Stage.RUNNING

    def end(self) -> None:
        """It was told to end."""
        self._stage = Stage.ENDING

    def tick(self) -> None:
        """Look whether the history can be written, and what else is wrong."""
        if self._body is None:
            return
        try:
            self._body.probe()
            self._found = ("", tuple(self._body.more()))
        except StorageError as error:
            self._found = (error.message, ())

    def alive(self) -> tuple[Symptom, ...]:
        """What says that it makes no progress, nothing if it does."""
        return alive(self._stage, self._body.turned()) if self._body else ()

    def ready(self) -> tuple[Symptom, ...]:
        """Why it does not do its work, nothing if it does."""
        now = self._clock()
        fault, _ = self._found
        turned = self._body.turned() if self._body else timedelta()
        return ready(self._stage, turned, Vitals(now, now, fault, silent=self.silent()))

    def symptoms(self) -> tuple[Symptom, ...]:
        """All that is wrong with it."""
        return (*self.ready(), *self._found[1])

    def silent(self) -> Mapping[str, timedelta]:
        """How long ago each tick last ended well; nothing before there are any."""
        return self._body.silent() if self._body else {}
