"""What a day costs: as many looks and articles as pacing makes of it, at what each was measured to cost."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import TYPE_CHECKING

from tests.bench.crowd import Plan, crowd
from tests.bench.pace_week import week
from tests.bench.press_row import configure, deaf_channel
from tests.bench.processes import Program
from tests.bench.road_beside import TUMEN

if TYPE_CHECKING:
    from tests.bench.road_rounds import Units

_DAY = 24 * 3600
_SETTLING, _IDLE = 5.0, 10.0  # seconds until a service without work is idle, and in which it is watched then


@dataclass(frozen=True, slots=True)
class Day:
    """What happens in 24 hours: looks, of these with something new, articles; and CPU seconds of all parts of it."""

    sources: int
    looks: int
    changed: int
    articles: int
    looking: float
    reading: float
    idling: float

    @property
    def cpu(self) -> float:
        return self.looking + self.reading + self.idling


def day(sources: int, units: Units) -> Day:
    """Of so many sources that publish as made-up ones do."""
    done = week(sources, days=1)
    articles = len(done.waits)
    looking = units.changed.cpu.total * done.changed + units.unchanged.cpu.total * (done.looks - done.changed)
    reading = units.article.cpu.total * articles
    return Day(
        sources, done.looks, done.changed, articles, looking / 1000, reading / 1000, idle() * _DAY / 1000
    )


def idle() -> float:
    """CPU milliseconds in a second of a service whose sources are not due."""
    with crowd(12, Plan(known=1000)) as outlets, deaf_channel() as channel, TemporaryDirectory() as name:
        folder = Path(name)
        config = configure(folder, outlets.sources(), channel, first_look="1m")
        with Program([*TUMEN, config], folder / "log") as service:
            service.wait_until(lambda: outlets.sent["feed"] == len(outlets.sources()))
            sleep(_SETTLING)
            before, since = service.cpu(), monotonic()
            sleep(_IDLE)
            used = service.cpu() - before
            service.terminate()
            return used.total / (monotonic() - since)
