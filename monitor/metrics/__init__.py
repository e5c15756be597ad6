"""Figures about the running service, in the words of Prometheus. The only door to prometheus-client."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import prometheus_client
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from monitor.metrics import declared
from monitor.metrics.declared import DECLARED, Kind, Metric

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["CONTENT_TYPE", "DECLARED", "Kind", "Metric", "Metrics"]

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
_Made = TypeVar("_Made", Counter, Gauge, Histogram)

# It would add a second series to each counter, with the time of our own start.
prometheus_client.disable_created_metrics()  # type: ignore[no-untyped-call]


class Metrics:
    """All declared metrics, and those of the process itself (`process_…`). Can be used from several threads."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._made = {metric: _make(metric) for metric in DECLARED}
        self._shown: set[Metric] = set()
        for metric in DECLARED:
            if metric.kind is not Kind.GAUGE:
                self._show(metric)

    def add(self, metric: Metric, many: float, *labels: str) -> None:
        """Count so many more; 0 has the series appear."""
        self._series(metric, labels, Counter).inc(many)

    def put(self, metric: Metric, value: float, *labels: str) -> None:
        """Set a gauge. One that was never set does not appear: 0 would be a claim."""
        self._show(metric)
        self._series(metric, labels, Gauge).set(value)

    def put_all(self, metric: Metric, values: Iterable[tuple[tuple[str, ...], float]]) -> None:
        """Set a gauge for these labels and for no others any more."""
        self._made[metric].clear()
        for labels, value in values:
            self.put(metric, value, *labels)

    def observe(self, metric: Metric, seconds: float, *labels: str) -> None:
        """Add to a histogram."""
        self._series(metric, labels, Histogram).observe(seconds)

    def text(self) -> bytes:
        """All of it, as Prometheus reads it (`CONTENT_TYPE`)."""
        return generate_latest(self._registry)

    # What the timer tells; see `monitor.scheduler.Measures`.

    def ran(self, tick: str, seconds: float, late: float) -> None:
        """A tick took so many seconds, and began so long after its time."""
        self.observe(declared.CYCLES, seconds, tick)
        self.observe(declared.LAG, late)

    def jumped(self, _seconds: float) -> None:
        """The wall clock was set."""
        self.add(declared.JUMPS, 1)

    def _show(self, metric: Metric) -> None:
        if metric not in self._shown:
            self._shown.add(metric)
            self._registry.register(self._made[metric])

    def _series(self, metric: Metric, labels: tuple[str, ...], kind: type[_Made]) -> _Made:
        made = self._made[metric]
        series = made.labels(*labels) if metric.labels else made
        if not isinstance(series, kind):
            raise TypeError(f"{metric.full_name} is a {metric.kind}")
        return series


def _make(metric: Metric) -> Counter | Gauge | Histogram:
    name, means, labels = metric.full_name, metric.means, metric.labels
    match metric.kind:
        case Kind.COUNTER:
            return Counter(name, means, labels, registry=None)
        case Kind.GAUGE:
            return Gauge(name, means, labels, registry=None)
        case Kind.HISTOGRAM:
            return Histogram(name, means, labels, registry=None, buckets=metric.buckets)
