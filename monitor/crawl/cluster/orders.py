"""Orders: what a station is asked to do, what it brings back, and how both cross as bytes.

The values in them are those of `spiders.wire`, one line each. Before them stands a line that says how many they are
and whatever else belongs to the order; captured pages stand behind them as they are.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any, TypeVar

from monitor import __version__
from spiders.items import CrawlJob, CrawlReport
from spiders.wire import Hello, Rules, from_worker, read_from_worker, read_to_worker, to_worker

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spiders.items import Task, WorkerOptions

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Run:
    """One connection of a coordinator to its cluster: a later one ends what an earlier one has ordered.

    Attributes:
        coordinator: which service it is; others may use the same cluster.
        begun: when, by its clock, in UTC.
    """

    coordinator: str
    begun: datetime


@dataclass(frozen=True, slots=True)
class Order:
    """Tasks for a station.

    Attributes:
        id: names it in logs.
        run: who orders.
        issued: when it left, by the coordinator's clock, in UTC.
        seconds: after which, from `issued` on, no request leaves for it any more.
        sites: to which its requests may go (see `spiders.items.site_of`): nobody else asks them meanwhile.
        tasks: what to do; their ids are unique.
        options: how to behave.
        rules: what is known of robots.txt of its hosts.
    """

    id: str
    run: Run
    issued: datetime
    seconds: float
    sites: frozenset[str]
    tasks: tuple[Task, ...]
    options: WorkerOptions
    rules: tuple[Rules, ...] = ()


@dataclass(frozen=True, slots=True)
class Brought:
    """What came of an order. A task without a report, and that leads nowhere else, is to be ordered again.

    Attributes:
        station: names it in logs.
        reports: of tasks that have ended.
        elsewhere: for tasks whose requests would have gone to other sites as well: to which.
        rests: seconds that hosts rest between two requests, by the ids of tasks that led there.
        rules: what robots.txt say, where that is news.
        files: captured pages, by the names that the reports give.
        refusal: why nothing was done, empty if it was.
        late: nothing was done because the order came too late.
    """

    station: str
    reports: tuple[CrawlReport, ...] = ()
    elsewhere: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rests: Mapping[str, float] = field(default_factory=dict)
    rules: tuple[Rules, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    refusal: str = ""
    late: bool = False


class OtherVersion(Exception):
    """Whoever wrote this has another version of Tumen, which is given."""


def write_order(order: Order) -> bytes:
    """The order as bytes."""
    head = {
        "tumen": __version__,
        "id": order.id,
        "coordinator": order.run.coordinator,
        "begun": order.run.begun.isoformat(),
        "issued": order.issued.isoformat(),
        "seconds": order.seconds,
        "sites": sorted(order.sites),
    }
    lines = [to_worker(Hello(order.options)), to_worker(CrawlJob(order.id, order.tasks))]
    return b"".join((_head(head), *lines, *map(to_worker, order.rules)))


def read_order(content: bytes) -> Order:
    """What `write_order` wrote. Raises OtherVersion, or ValueError or KeyError if it is none."""
    first, hello, job, *rules, rest = content.split(b"\n")
    if rest:
        raise ValueError("an order that was cut off")
    head: dict[str, Any] = json.loads(first)
    if head["tumen"] != __version__:
        raise OtherVersion(head["tumen"])
    return Order(
        id=head["id"],
        run=Run(head["coordinator"], datetime.fromisoformat(head["begun"])),
        issued=datetime.fromisoformat(head["issued"]),
        seconds=head["seconds"],
        sites=frozenset(head["sites"]),
        tasks=_expected(read_to_worker(job), CrawlJob).tasks,
        options=_options(hello),
        rules=tuple(_expected(read_to_worker(line), Rules) for line in rules),
    )


def write_brought(brought: Brought) -> bytes:
    """What came of an order as bytes."""
    head = {
        "tumen": __version__,
        "station": brought.station,
        "reports": len(brought.reports),
        "rules": len(brought.rules),
        "elsewhere": {task: list(sites) for task, sites in brought.elsewhere.items()},
        "rests": dict(brought.rests),
        "files": {name: len(content) for name, content in brought.files.items()},
        "refusal": brought.refusal,
        "late": brought.late,
    }
    lines = (*map(from_worker, brought.reports), *map(from_worker, brought.rules))
    return b"".join((_head(head), *lines, *brought.files.values()))


def read_brought(content: bytes) -> Brought:
    """What `write_brought` wrote. Raises OtherVersion, or ValueError or KeyError if it is none."""
    stream = BytesIO(content)
    head: dict[str, Any] = json.loads(stream.readline())
    if head["tumen"] != __version__:
        raise OtherVersion(head["tumen"])
    lines = [read_from_worker(stream.readline()) for _ in range(head["reports"] + head["rules"])]
    return Brought(
        station=head["station"],
        reports=tuple(_expected(line, CrawlReport) for line in lines[: head["reports"]]),
        elsewhere={task: tuple(sites) for task, sites in head["elsewhere"].items()},
        rests=head["rests"],
        rules=tuple(_expected(line, Rules) for line in lines[head["reports"] :]),
        files={name: stream.read(size) for name, size in head["files"].items()},
        refusal=head["refusal"],
        late=head["late"],
    )


def _head(values: Mapping[str, object]) -> bytes:
    return json.dumps(values).encode() + b"\n"


def _expected(value: object, kind: type[T]) -> T:
    if not isinstance(value, kind):
        raise ValueError(f"a {kind.__name__} was expected, not a {type(value).__name__}")  # noqa: TRY004  of the text
    return value


@lru_cache(maxsize=4)  # the same ones come with every order, and may name thousands of hosts
def _options(line: bytes) -> WorkerOptions:
    return _expected(read_to_worker(line), Hello).options
