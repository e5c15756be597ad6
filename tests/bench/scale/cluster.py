"""Scheduler and workers of Dask on loopback, as people start them by hand; killed, stopped and started again."""

from __future__ import annotations

import socket
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Self

from tests.bench.processes import ROOT, Cpu, Program

if TYPE_CHECKING:
    from collections.abc import Iterable

HOST = "127.0.0.1"
_DASK = Path(sys.executable).with_name("dask")
# It listens for a dashboard even if there is none, and then at a port that another cluster may have.
_LISTENING = ("--host", HOST, "--no-dashboard", "--dashboard-address", f"{HOST}:0")
# What people are given to configure it with, except that nobody else is on loopback.
_ENVIRONMENT = {
    "DASK_CONFIG": str(ROOT / "deploy" / "cluster" / "dask.yaml"),
    "DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION": "False",
}


class Cluster:
    """A scheduler and its workers, from entering the context to leaving it.

    Args:
        folder: where logs and the workers' own files lie.
        threads: orders that one worker takes at a time.
        nanny: whether a worker has a process that starts it again.
    """

    def __init__(self, folder: Path, *, threads: int = 1, nanny: bool = False) -> None:
        self._folder = folder
        self._threads = threads
        self._nanny = nanny
        self._stack = ExitStack()
        self._port = _free_port()
        self._past = Cpu(0.0, 0.0)  # of what was killed
        self.workers: dict[str, Program] = {}

    def __enter__(self) -> Self:
        self.start_scheduler()
        return self

    def __exit__(self, *what: object) -> None:
        self._stack.__exit__(*what)

    @property
    def address(self) -> str:
        """Where the scheduler listens."""
        return f"tcp://{HOST}:{self._port}"

    def start_scheduler(self) -> None:
        """Start it, at the same address each time, and wait until it listens."""
        command = (_DASK, "scheduler", "--port", str(self._port), *_LISTENING)
        self.scheduler = self._stack.enter_context(
            Program(command, self._folder / "scheduler.log", _ENVIRONMENT)
        )
        self.scheduler.wait_until(self._listens)

    def start(self, *names: str) -> None:
        """Start workers, and wait until the scheduler knows them."""
        known = {name: self.registered(name) for name in names}
        for name in names:
            self._begin(name)
        for name in names:
            self.workers[name].wait_until(lambda name=name: self.registered(name) > known[name])

    def mend(self) -> None:
        """Start again, as systemd does, the workers that have ended; they do so when their scheduler is lost."""
        for name, worker in self.workers.items():
            if worker.ended:
                self._begin(name)

    def kill(self, name: str) -> list[int]:
        """Kill a worker. The processes that it had started must end by themselves: these are their ids."""
        worker = self.workers.pop(name)
        left = worker.children()
        self._past += worker.cpu()
        worker.kill()
        return left

    def cpu(self) -> Cpu:
        """Milliseconds of all workers, apart from what they started."""
        return sum((one.cpu() for one in self.workers.values()), self._past)

    def registered(self, name: str) -> int:
        """How often a worker has found the scheduler, in all its lives."""
        log = self._log(name)
        return log.read_text(encoding="utf-8").count("Registered to") if log.exists() else 0

    def _begin(self, name: str) -> None:
        self.workers[name] = self._stack.enter_context(
            Program(self._command(name), self._log(name), _ENVIRONMENT)
        )

    def _command(self, name: str) -> tuple[str | Path, ...]:
        return (
            *(_DASK, "worker", self.address, "--name", name, "--nthreads", str(self._threads), *_LISTENING),
            *("--nanny" if self._nanny else "--no-nanny", "--memory-limit", "0"),
            *("--local-directory", self._folder / name),
        )

    def _log(self, name: str) -> Path:
        return self._folder / f"{name}.log"

    def _listens(self) -> bool:
        with socket.socket() as one:
            return one.connect_ex((HOST, self._port)) == 0


def gone(pids: Iterable[int]) -> bool:
    """Whether none of these processes is there any more."""
    return not any(_lives(pid) for pid in pids)


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"  # ended, and not buried yet


def _free_port() -> int:
    with socket.socket() as one:
        one.bind((HOST, 0))
        port: int = one.getsockname()[1]
        return port
