"""The values of `spiders.items` as lines of JSON: how the service and its crawl worker speak.

One line is one message. The parent sends `Hello` once and then `CrawlJob`s; the worker answers `Started` when it
begins a task or its parser, a `CrawlReport` when the task has ended, and `Finished` when all tasks of a job have
reported.

What several workers must keep together is kept by the parent: before each request a worker `Asks` for its host's
turn, waits for `Go` or `Refused`, and says `Left` when the request has ended; what a robots.txt says goes to all as
`Rules`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003  the JSON codec reads the annotations at run time
from functools import cache

from cattrs.preconf.json import JsonConverter, make_converter
from cattrs.strategies import configure_tagged_union

from spiders.items import CrawlJob, CrawlReport, Task, WorkerOptions


@dataclass(frozen=True, slots=True)
class Hello:
    """The first message to a worker: how it must behave."""

    options: WorkerOptions


@dataclass(frozen=True, slots=True)
class Started:
    """The worker has begun this task: its deadline runs from now.

    Sent once when the task's first request leaves, and again with `parsing` set each time a parser gets its bytes:
    until the next message the worker is busy with this task alone, so that it is known whose parser never came back.
    """

    task: str
    parsing: bool = False


@dataclass(frozen=True, slots=True)
class Finished:
    """Every task of the job has reported.

    `crawls` counts the jobs this worker has run and `memory` its resident megabytes, so that the parent can decide
    to recycle it.
    """

    job: str
    crawls: int
    memory: float


@dataclass(frozen=True, slots=True)
class Asks:
    """A request of a task wants to leave for a host. `turn` is the worker's number for it."""

    turn: int
    task: str
    host: str


@dataclass(frozen=True, slots=True)
class Go:
    """The host's turn is there, until the worker has left."""

    turn: int


@dataclass(frozen=True, slots=True)
class Refused:
    """The request must not leave: its job may not go to that host, or not any more."""

    turn: int


@dataclass(frozen=True, slots=True)
class Left:
    """The request has ended, or will not leave; the host is to rest for so many seconds."""

    turn: int
    rest: float


@dataclass(frozen=True, slots=True)
class Rules:
    """What a robots.txt said.

    Attributes:
        place: scheme, host and port.
        text: its text, empty if there is none.
        read_at: when it was read, in UTC.
    """

    place: str
    text: str
    read_at: datetime


ToWorker = Hello | CrawlJob | Go | Refused | Rules
FromWorker = Started | CrawlReport | Finished | Asks | Left | Rules


@cache
def _converter() -> JsonConverter:
    converter = make_converter(omit_if_default=True)
    for union in (Task, ToWorker, FromWorker):
        configure_tagged_union(union, converter, tag_name="is")
    return converter


def to_worker(message: ToWorker) -> bytes:
    """The message as one line, its newline included."""
    return _line(message, ToWorker)


def from_worker(message: FromWorker) -> bytes:
    """The message as one line, its newline included."""
    return _line(message, FromWorker)


def read_to_worker(line: bytes) -> ToWorker:
    """Read a line written by `to_worker`. Raises ValueError (or a subclass) if it is none."""
    return _converter().loads(line, ToWorker)  # type: ignore[arg-type]  # a union is a type for cattrs


def read_from_worker(line: bytes) -> FromWorker:
    """Read a line written by `from_worker`. Raises ValueError (or a subclass) if it is none."""
    return _converter().loads(line, FromWorker)  # type: ignore[arg-type]


def _line(message: object, union: object) -> bytes:
    return _converter().dumps(message, unstructure_as=union, ensure_ascii=True).encode() + b"\n"
