"""What a number of sources takes: workers, cores, memory, disk and network, computed from what benches measured.

Nothing is measured here. Unit costs are the `figures` that benches kept (`ASKED` says which); how much is read, and
how long it is kept, follows from the sources, the interval and the retention that Tumen comes with.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from monitor.config.keeping import RetentionSettings
from tests.bench.figures import Sheet, row, told

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

    from tests.bench.figures import Kept

SOURCES = (1_000, 100_000, 1_000_000)
USUAL, INTERVALS = 15, (15, 5, 60)  # minutes between two looks at a source; the first is what is spoken of
BUSY = 0.7  # of anything: what is planned with, so that there is room for a breaking story
TEXT = 4_000  # bytes, of an article; half as many characters where letters are not Latin
MEMORY, DISK = 8, 1_000  # GB, of the machine of the service
_PART = "of this, "
DAY = 86_400  # seconds
MB, GB = 1e6, 1e9  # bytes

ASKED: Mapping[str, str] = {
    "worker_unchanged_ms": "CPU of a crawl worker for a look that finds nothing new",
    "worker_changed_ms": "CPU of a crawl worker for a look that finds something new, without reading it",
    "worker_article_ms": "CPU of a crawl worker for an article",
    "coordinator_look_ms": "CPU of the service for a look, whatever it finds",
    "coordinator_article_ms": "CPU of the service for an article",
    "unchanged_bytes": "bytes from the web for a look that finds nothing new",
    "changed_bytes": "bytes from the web for a look that finds something new",
    "article_bytes": "bytes from the web for an article",
    "look_bytes": "bytes of history for a look",
    "article_base_bytes": "bytes of history for an article without its text, until it is pruned",
    "text_factor": "bytes of history for each byte of a text, until it is pruned",
    "address_bytes": "bytes of history that stay of an article for ever",
    "source_bytes": "bytes of history for a source",
    "articles_per_look": "articles for each look, every quarter of an hour",
    "articles_per_change": "articles for each look that finds something new",
    "service_mb": "memory of the service without sources",
    "source_kb": "memory of the service for a source",
    "worker_mb": "memory of a crawl worker",
    "station_mb": "memory of Dask's worker, around its crawl workers",
    "scheduler_mb": "memory of Dask's scheduler",
    "order_ms": "CPU of the service to give an order away and take it back",
    "scheduler_order_ms": "CPU of Dask's scheduler for an order",
    "tasks_per_order": "looks and articles in an order",
    "commits_per_look": "transactions of the history for each look, with all that follows from it",
    "commit_ms": "until a small transaction is safe on the disk",
}


class Each(NamedTuple):
    """The same cost of a look that finds nothing new, of one that does, and of an article."""

    unchanged: float
    changed: float
    article: float

    def of(self, work: Work) -> float:
        """What so much work costs in a second."""
        return self.unchanged * work.unchanged + self.changed * work.changed + self.article * work.articles


@dataclass(frozen=True, slots=True)
class Work:
    """What is done in a second."""

    unchanged: float
    changed: float
    articles: float

    @property
    def looks(self) -> float:
        return self.unchanged + self.changed


@dataclass(frozen=True, slots=True)
class Costs:
    """What each piece of work costs, as it was measured."""

    figures: Mapping[str, float]

    def each(self, unchanged: str, changed: str, article: str) -> Each:
        """Three figures by their names."""
        return Each(self.figures[unchanged], self.figures[changed], self.figures[article])

    @property
    def worker(self) -> Each:
        """Milliseconds of CPU in crawl workers."""
        return self.each("worker_unchanged_ms", "worker_changed_ms", "worker_article_ms")

    @property
    def coordinator(self) -> Each:
        """Milliseconds of CPU in the service, with its share of each order."""
        order = self.figures["order_ms"] / self.figures["tasks_per_order"]
        each = self.each("coordinator_look_ms", "coordinator_look_ms", "coordinator_article_ms")
        return Each(*(cost + order for cost in each))

    @property
    def wire(self) -> Each:
        """Bytes that come from the web."""
        return self.each("unchanged_bytes", "changed_bytes", "article_bytes")

    def waiting(self, work: Work) -> float:
        """Milliseconds in which the service waits for its disk, in a second."""
        return work.looks * self.figures["commits_per_look"] * self.figures["commit_ms"]

    def work(self, sources: int, minutes: float) -> Work:
        """What is done in a second; as much is published whether it is looked for often or seldom."""
        looks = sources / (minutes * 60)
        articles = sources * self.figures["articles_per_look"] / (USUAL * 60)
        changed = min(looks, articles / self.figures["articles_per_change"])
        return Work(looks - changed, changed, articles)


class Missing(Exception):
    """Figures that no bench has kept."""


def costs(kept: Mapping[str, Kept]) -> Costs:
    """The unit costs among what was kept. Raises Missing, with the names of what is not there."""
    figures = {name: value for one in kept.values() for name, value in one.finding.figures.items()}
    if missing := sorted(set(ASKED) - set(figures)):
        raise Missing(", ".join(missing))
    return Costs({name: figures[name] for name in ASKED})


def needs(known: Costs, minutes: int) -> Sheet:
    """What is needed for each number of sources at an interval."""
    work = [known.work(sources, minutes) for sources in SOURCES]
    reading = [known.worker.of(each) / 1000 for each in work]
    orders = [(each.looks + each.articles) / known.figures["tasks_per_order"] for each in work]
    processes = [math.ceil(cores / BUSY) for cores in reading]
    crawl = known.figures["worker_mb"] + known.figures["station_mb"]
    service = [
        known.figures["service_mb"] + sources * known.figures["source_kb"] / 1000 for sources in SOURCES
    ]
    history = [_history(known, sources, each) for sources, each in zip(SOURCES, work, strict=True)]
    return Sheet(
        f"A look every {minutes} minutes",
        tuple(f"{told(sources)} sources" for sources in SOURCES),
        (
            row("looks", *(each.looks for each in work), unit="a second"),
            row("articles", *(each.articles * DAY for each in work), unit="a day"),
            row("reading", *reading, unit="cores"),
            row(f"crawl workers, each {told(BUSY * 100)} % of a core", *processes),
            row("memory of these", *(count * crawl / 1000 for count in processes), unit="GB"),
            row("from the web", *(known.wire.of(each) * 8 / MB for each in work), unit="Mbit a second"),
            row(
                "scheduler",
                *(count * known.figures["scheduler_order_ms"] / 1000 for count in orders),
                unit="cores",
            ),
            row("memory of it", *(known.figures["scheduler_mb"] / 1000 for _ in SOURCES), unit="GB"),
            row("service", *(known.coordinator.of(each) / 1000 for each in work), unit="cores"),
            row("memory of the service", *(size / 1000 for size in service), unit="GB"),
            row("waits for its disk", *(known.waiting(each) / 10 for each in work), unit="% of the time"),
            row("history, new each day", *(size / GB for size, _ in history), unit="GB"),
            row("history after a year, as kept by default", *(size / GB for _, size in history), unit="GB"),
        ),
    )


def limits(known: Costs) -> Sheet:
    """How many sources one service can have before something of it is used up."""
    return Sheet(
        "Sources that one service has enough for",
        tuple(f"every {minutes} minutes" for minutes in INTERVALS),
        tuple(
            row(name, *(_rough(most[minutes]) for minutes in INTERVALS))
            for name, most in _limits(known).items()
        ),
    )


def first(known: Costs) -> str:
    """In words, what is used up first at the usual interval."""
    most = {name: found[USUAL] for name, found in _limits(known).items() if not name.startswith(_PART)}
    order = sorted(most, key=most.__getitem__)
    rest = ", then ".join(f"{name} (at {told(_rough(most[name]))})" for name in order[1:])
    work = known.work(1, USUAL)
    share = known.coordinator.of(work) / (known.coordinator.of(work) + known.waiting(work))
    return (
        f"With a look every {USUAL} minutes, what is used up first is {order[0]}, at about"
        f" {told(_rough(most[order[0]]))} sources; then {rest}. Of the time of its thread,"
        f" {share:.0%} is work and the rest waits for the disk."
    )


def _limits(known: Costs) -> dict[str, dict[int, float]]:
    """For each thing that a service has one of, and for parts of it, the most sources by interval."""
    one = {minutes: known.work(1, minutes) for minutes in INTERVALS}
    thread = {
        "its one thread": lambda work: known.coordinator.of(work) + known.waiting(work),
        f"{_PART}by what it works": known.coordinator.of,
        f"{_PART}by how it waits for its disk": known.waiting,
    }
    memory = (MEMORY * 1000 - known.figures["service_mb"]) * 1000 / known.figures["source_kb"]
    return {
        **{
            name: {minutes: BUSY * 1000 / spent(work) for minutes, work in one.items()}
            for name, spent in thread.items()
        },
        f"memory, of {MEMORY} GB": dict.fromkeys(INTERVALS, BUSY * memory),
        f"a disk of {DISK:,} GB, in a year": {
            minutes: BUSY * DISK * GB / _history(known, 1, work)[1] for minutes, work in one.items()
        },
    }


def _history(known: Costs, sources: int, work: Work) -> tuple[float, float]:
    """Bytes of history that come in a day, and that are there after a year, as long as each is kept by default."""
    keeping = RetentionSettings().retention
    sizes = known.figures
    looks, articles = (
        work.looks * DAY * sizes["look_bytes"],
        work.articles * DAY * (sizes["article_base_bytes"] + TEXT * sizes["text_factor"]),
    )
    addresses = work.articles * DAY * sizes["address_bytes"]
    after = looks * _days(keeping.looks) + articles * _days(keeping.unmatched) + addresses * 365
    return looks + articles + addresses, after + sources * sizes["source_bytes"]


def _days(kept: timedelta | None) -> float:
    return 365.0 if kept is None else min(365.0, kept.total_seconds() / DAY)


def _rough(value: float) -> int:
    """With two digits: a model has no more."""
    return int(float(f"{value:.2g}"))


def basis(kept: Mapping[str, Kept]) -> str:
    """Of what the tables are made, in words."""
    known = costs(kept)
    daily = known.figures["articles_per_look"] * DAY / (USUAL * 60)
    keeping = RetentionSettings().retention
    found = ", ".join(f"`{one.finding.name}` ({one.on}; {one.machine})" for one in _used(kept))
    return (
        f"Computed from what these measured: {found}. Each source is taken to publish {told(daily)} articles a day,"
        f" as in the virtual run, however often it is looked at, with a text of"
        f" {TEXT:,} bytes. Looks are kept for {_days(keeping.looks):.0f} days"
        f" and articles that no rule matched for {_days(keeping.unmatched):.0f}, as by default; what is on topic"
        " stays, and comes on top. Cores are those of the machine that it was measured on. Sources that are paced by"
        " what they publish are looked at less often than at the same interval for all."
    )


def _used(kept: Mapping[str, Kept]) -> list[Kept]:
    """The findings that a figure comes from."""
    return [one for one in kept.values() if set(one.finding.figures) & set(ASKED)]
