"""Every metric: its name, what it counts, and in which words that is said to a person.

Names have the prefix `tumen_`; counters begin at 0 with each start of the service. A label is something the
configuration names (source, channel, pack) or a word of a fixed list, so that there are never more series than that.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

PREFIX = "tumen_"
_MOMENTS = (0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_WAITS = (0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 900.0, 3600.0, 14400.0)


class Kind(StrEnum):
    """What a metric is to Prometheus."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric.

    Attributes:
        name: without the prefix.
        kind: what it is.
        means: one sentence for a person.
        labels: what tells its series apart.
        buckets: of a histogram, upper ends in seconds.
    """

    name: str
    kind: Kind
    means: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()

    @property
    def full_name(self) -> str:
        """As Prometheus has it."""
        return f"{PREFIX}{self.name}"


def _counter(name: str, means: str, *labels: str) -> Metric:
    return Metric(name, Kind.COUNTER, means, labels)


def _gauge(name: str, means: str, *labels: str) -> Metric:
    return Metric(name, Kind.GAUGE, means, labels)


def _histogram(name: str, means: str, *labels: str, buckets: tuple[float, ...] = _WAITS) -> Metric:
    return Metric(name, Kind.HISTOGRAM, means, labels, buckets)


# The service
BUILD = _gauge(
    "build_info", "Always 1; the labels say which Tumen and which SQLite run.", "version", "sqlite"
)
READY = _gauge("ready", "1 if /readyz says that the service does its work, else 0.")
SYMPTOMS = _gauge("symptoms", "What is wrong with the service now, counted by its kind; 0 is well.", "kind")
HISTORY_UP = _gauge("history_up", "1 if the history could be read for these figures; 0: they are older ones.")
RELOADED = _gauge(
    "config_last_reload_successful", "1 if what was edited last is in use; 0: it was refused, the old one is."
)
BACKUP = _gauge(
    "backup_last_success_timestamp_seconds", "When the last verified backup was made (Unix time)."
)
CYCLES = _histogram(
    "cycle_duration_seconds",
    "How long one run of a part of the service kept the others waiting.",
    "tick",
    buckets=_MOMENTS,
)
SILENCE = _gauge(
    "tick_silence_seconds", "How long ago each part of the service last ran without an error.", "tick"
)
LAG = _histogram(
    "scheduler_lag_seconds", "How long after its time a part of the service began to run.", buckets=_MOMENTS
)
JUMPS = _counter("clock_jumps_total", "How often the clock of the machine was set by more than 5 seconds.")

# Sources
LOOKS = _counter(
    "source_fetch_total",
    "Looks at a source, by how they ended: ok, unchanged or failed.",
    "source",
    "outcome",
)
LOOK_SECONDS = _histogram(
    "source_fetch_duration_seconds", "How long looks at sources took, from request to report."
)
LAST_OK = _gauge(
    "source_last_success_timestamp_seconds",
    "The last look at a source that ended well (Unix time).",
    "source",
)
LAST_NEW = _gauge(
    "source_last_new_item_timestamp_seconds", "When a source last listed something new (Unix time).", "source"
)
STATE = _gauge("source_state", "Always 1; the label says how a source is.", "source", "state")
SOURCES = _gauge("sources", "Sources that are watched, by how they are.", "state")
DUE = _gauge(
    "source_oldest_due_age_seconds", "How long the source waits that is due for the longest time; 0: none is."
)
GAPS = _counter(
    "source_possible_gaps_total",
    "Looks that listed nothing known: what came and went before is searched for, and may be missed.",
    "source",
)
TO_READ = _gauge("entries_to_read", "Articles that were found and wait to be read.")
PAGES = _counter("pages_read_total", "Pages of articles that were fetched, by how that ended.", "outcome")
BLOCKED = _counter(
    "blocked_requests_total", "What was not fetched because it must not be, by the reason.", "reason"
)
CLUSTER_UP = _gauge("cluster_up", "1 if the cluster that reads the web can be used; 0: it is away.")
CLUSTER_WORKERS = _gauge("cluster_workers", "Workers of the cluster that can do what is ordered.")
ORDERS = _gauge("cluster_orders", "Orders that the cluster carries out now.")

# Articles and alerts
ARTICLES = _counter("articles_stored_total", "Articles that were read and stored.")
MATCHES = _counter("matches_total", "Rules that fired on articles.", "pack", "severity")
ALERTS = _counter("alerts_total", "Alerts that were stored.", "pack", "severity")
SUPPRESSED = _counter(
    "suppressed_total",
    "What was on topic and told to nobody, by the reason; of silences, each recipient.",
    "reason",
)

# Deliveries
DELIVERIES = _gauge(
    "deliveries",
    "Deliveries under way, by state: pending, held (by the channel's wishes) or claimed (being sent).",
    "channel",
    "state",
)
OLDEST = _gauge(
    "delivery_oldest_pending_age_seconds",
    "How long the oldest delivery of a channel could have left already; 0: none waits.",
    "channel",
)
SENT = _counter("notifications_total", "Messages that the receivers of a channel took.", "channel")
FAILED = _counter(
    "notifications_failed_total",
    "Attempts to send a message that failed, by the reason.",
    "channel",
    "reason",
)
DEAD = _counter(
    "dead_letters_total", "Deliveries that were given up, since the receiver refused them.", "channel"
)
EXPIRED = _counter("deliveries_expired_total", "Deliveries that were not sent before they became too old.")
DUPLICATES = _counter(
    "duplicate_possible_total",
    "Attempts that ended without an answer, so a message may arrive twice.",
    "channel",
)
LATENCY = _histogram(
    "notification_latency_seconds",
    "From the stored alert or notice to its acceptance, if nothing held it on purpose.",
)
DETECT_TO_SEND = _histogram(
    "detect_to_send_seconds",
    "From finding an article to the acceptance of its alert, if nothing held it on purpose.",
)

# The disk
SIZE = _gauge("db_size_bytes", "The file of the history, without its log.")
FREE = _gauge("db_free_bytes", "The part of that file that holds nothing.")
WAL = _gauge("db_wal_bytes", "The log beside the history.")
DISK_FREE = _gauge("disk_free_bytes", "What is free where the history lies.")

DECLARED = tuple(value for value in tuple(globals().values()) if isinstance(value, Metric))
