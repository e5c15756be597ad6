"""What machines are told about the running service, and the address at which they ask."""

from __future__ import annotations

import json
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING

from monitor.endpoint import Answer, listening
from monitor.jobs.health import Body, Health
from monitor.jobs.metering import Meter, Reported
from monitor.metrics import CONTENT_TYPE, Metrics
from monitor.store.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path
    from typing import Any

    from monitor.config.health import HealthSettings
    from monitor.core.liveness import Symptom
    from monitor.store.database import Database


class Exposed:
    """Health and metrics of a service. It answers before the history is open, so that machines see it start.

    Args:
        settings: where.
        path: the history.
        clock: the time.
    """

    def __init__(self, settings: HealthSettings, path: Path, clock: Callable[[], datetime]) -> None:
        self._settings = settings
        self.metrics = Metrics()
        self.health = Health(clock)
        self.meter = Meter(self.metrics, self.health, path, clock=clock)

    @contextmanager
    def listening(self) -> Iterator[int]:
        """Answer while the block runs, which is given the port. Raises ConfigError if nothing can listen there."""
        answers = {
            "/healthz": lambda: _judged(self.health.alive()),
            "/readyz": lambda: _judged(self.health.ready()),
            "/metrics": lambda: Answer(self.meter.text(), CONTENT_TYPE),
        }
        with listening(self._settings.served, self._settings.port, answers) as port:
            yield port

    def begin(
        self,
        db: Database,
        body: Body,
        *,
        channels: Callable[[], Collection[str]],
        reloaded: Callable[[], bool],
        backup: Callable[[], datetime | None] = lambda: None,
        cluster: Callable[[], Mapping[str, Any] | None] = lambda: None,
    ) -> None:
        """The history is open and the service watches; for the rest see `Reported`. Raises StorageError."""
        self.meter.begin(Tally(db), Reported(channels, reloaded, backup, cluster))
        self.health.begin(body)

    def end(self) -> None:
        """The service ends, and the history is about to be closed."""
        self.health.end()
        self.meter.end()


def _judged(symptoms: Sequence[Symptom]) -> Answer:
    reasons = [{"kind": symptom.kind.value, "text": symptom.text} for symptom in symptoms]
    said = {"status": "failing" if reasons else "ok", "reasons": reasons}
    status = HTTPStatus.SERVICE_UNAVAILABLE if reasons else HTTPStatus.OK
    return Answer(json.dumps(said, ensure_ascii=False).encode() + b"\n", "application/json", status)
