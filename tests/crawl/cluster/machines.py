"""A Dask scheduler and workers as processes on loopback, which a test may kill, stop and start again."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.crawl.cluster.relay import Relay

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

ROOT = Path(__file__).parents[3]
SETTINGS = {
    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0",
    "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
    "DASK_DISTRIBUTED__ADMIN__TICK__INTERVAL": "100ms",
}
PATIENCE = "DASK_DISTRIBUTED__COMM__TIMEOUTS__TCP"


@dataclass(frozen=True)
class Line:
    """The network between the others and a worker."""

    relays: tuple[Relay, ...]
    worker: subprocess.Popen

    def each(self, what: Callable[[Relay], None]) -> None:
        for one in self.relays:
            what(one)


class Machines:
    """Each process is a group of its own, so that its end takes nobody else along."""

    def __init__(self, tls: Sequence[str] = (), patience: int = 30) -> None:
        self.patience = patience
        self._scheme = "tls" if tls else "tcp"
        self._tls = tuple(tls)
        self.port = _free_port()
        self.scheduler: subprocess.Popen | None = None
        self.workers: list[subprocess.Popen] = []
        self.relays: list[Relay] = []

    @property
    def address(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self.port}"

    def start_scheduler(self) -> None:
        self.scheduler = _start(
            "dask_scheduler",
            *("--host", self.address, "--no-dashboard", *self._tls),
            settings={PATIENCE: f"{self.patience}s"},
        )
        until(lambda: _listens(self.port), 60.0)

    def start_worker(
        self, threads: int = 2, *more: str, to: str = "", patience: int = 30
    ) -> subprocess.Popen:
        one = _start(
            "dask_worker",
            to or self.address,
            *("--nthreads", str(threads), "--no-nanny", "--no-dashboard", "--memory-limit", "0"),
            *("--death-timeout", "60", "--local-directory", os.environ.get("TMPDIR", "/tmp")),
            *self._tls,
            *more,
            settings={PATIENCE: f"{patience}s"},
        )
        self.workers.append(one)
        return one

    def start_distant_worker(self, threads: int = 1, patience: int = 30) -> Line:
        """A worker behind a network that can be cut: both the way to it and its way to the scheduler."""
        port = _free_port()
        relays = Relay(self.port), Relay(port)
        ways = ("--listen-address", f"tcp://127.0.0.1:{port}", "--contact-address", relays[1].address)
        self.relays += relays
        return Line(relays, self.start_worker(threads, *ways, to=relays[0].address, patience=patience))

    def kill_scheduler(self) -> None:
        end(self.scheduler)

    def close(self) -> None:
        for process in (*self.workers, self.scheduler):
            if process is not None:
                end(process)
        for one in self.relays:
            one.close()


@contextlib.contextmanager
def machines(
    workers: int = 1, threads: int = 2, tls: Sequence[str] = (), patience: int = 30
) -> Iterator[Machines]:
    """A cluster of so many workers that is ended at the end.

    After so many seconds of patience its scheduler gives up a connection to a machine that is not heard of.
    """
    one = Machines(tls, patience)
    try:
        one.start_scheduler()
        for _ in range(workers):
            one.start_worker(threads)
        yield one
    finally:
        one.close()


def end(process: subprocess.Popen) -> None:
    """Kill it as `kill -9` does, and nothing it has started."""
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(signal.SIGCONT)
        process.kill()
    process.wait(20)


def children(process: int) -> list[int]:
    """The processes that one has started."""
    found = []
    for task in Path(f"/proc/{process}/task").glob("*"):
        with contextlib.suppress(OSError):
            found += [int(child) for child in (task / "children").read_text().split()]
    return found


def lives(process: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def until(holds, seconds: float = 30.0):
    """Wait until something holds; what it gave."""
    ends = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < ends, "it never came to that"
        time.sleep(0.02)
    return found


def _start(program: str, *arguments: str, settings: Mapping[str, str]) -> subprocess.Popen:
    ours = os.environ | SETTINGS | settings | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        (sys.executable, "-m", f"distributed.cli.{program}", *arguments),
        env=ours,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _listens(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]
