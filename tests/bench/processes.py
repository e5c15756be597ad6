"""Programs under measurement: started, watched through /proc, ended. Linux only."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ROOT = Path(__file__).resolve().parents[2]
_TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")
_PATIENCE = 120.0  # seconds for one run
_MB = 1024.0


@dataclass(frozen=True)
class Cpu:
    """CPU milliseconds of a program: of its first process, and of everything that one started."""

    own: float
    children: float

    @property
    def total(self) -> float:
        return self.own + self.children

    def __add__(self, other: Cpu) -> Cpu:
        return Cpu(self.own + other.own, self.children + other.children)

    def __sub__(self, other: Cpu) -> Cpu:
        return Cpu(self.own - other.own, self.children - other.children)


@dataclass(frozen=True)
class Memory:
    """Megabytes: resident, and with shared pages divided by those who share them."""

    rss: float = 0.0
    pss: float = 0.0

    def __add__(self, other: Memory) -> Memory:
        return Memory(self.rss + other.rss, self.pss + other.pss)


class Program:
    """A running program and its children; whoever leaves the context leaves no process behind."""

    def __init__(
        self, command: Sequence[str | Path], log: Path, environment: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        self._log = log
        self._environment = environment  # besides ours
        self._command = command
        self._used: float | None = None

    def __enter__(self) -> Self:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=ROOT,
                env={**os.environ, **self._environment},
                start_new_session=True,
            )
        self.pid = self._process.pid
        return self

    def __exit__(self, *_: object) -> None:
        if self._used is None:
            for pid in (*self.children(), self.pid):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self._process.wait()

    def children(self) -> list[int]:
        """The processes it started, and theirs."""
        found = _children(self.pid)
        for pid in found:  # grows while it is read
            found += _children(pid)
        return found

    def cpu(self) -> Cpu:
        """What it has used so far, in steps of 10 ms."""
        own, reaped = _cpu(self.pid)
        return Cpu(own, reaped + sum(sum(_cpu(pid)) for pid in self.children()))

    def memory(self) -> tuple[Memory, Memory]:
        """Of the first process, and of its children together."""
        return _memory(self.pid), sum(map(_memory, self.children()), Memory())

    def wait_until(self, done: Callable[[], bool], seconds: float = _PATIENCE) -> None:
        """Wait, without a cost to the program. Raises RuntimeError if it ends before that, or takes longer."""
        until = time.monotonic() + seconds
        while not done():
            code = self._process.poll()
            if code is not None or time.monotonic() > until:
                how = f"is not there after {seconds:.0f} s" if code is None else f"ended with {code}"
                raise RuntimeError(f"{self._command[0]} {how}:\n{self._tail()}")
            time.sleep(0.05)

    def signal(self, number: int) -> None:
        """Send a signal to it and to everything that it started."""
        for pid in (self.pid, *self.children()):
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    @property
    def ended(self) -> bool:
        """Whether it is over, for whatever reason."""
        return self._process.poll() is not None

    def kill(self) -> float:
        """End the first process without a word; see `wait`. What it started must see to itself."""
        os.kill(self.pid, signal.SIGKILL)
        return self.wait(expected=-signal.SIGKILL)

    def terminate(self) -> float:
        """End it politely; see `wait`."""
        os.kill(self.pid, signal.SIGTERM)
        return self.wait(expected=128 + signal.SIGTERM)

    def wait(self, *, expected: int = 0) -> float:
        """Wait for its end: the CPU milliseconds of it and everything it started, from first to last."""
        _, status, usage = os.wait4(self.pid, 0)
        self._process.returncode = os.waitstatus_to_exitcode(status)
        self._used = (usage.ru_utime + usage.ru_stime) * 1000
        if self._process.returncode != expected:
            raise RuntimeError(f"{self._command[0]} ended with {self._process.returncode}:\n{self._tail()}")
        return self._used

    def _tail(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")[-3000:]


def _children(pid: int) -> list[int]:
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:  # it has just ended
        return []


def _cpu(pid: int) -> tuple[float, float]:
    """Milliseconds of the process, and of the children whose end it has seen."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0, 0.0
    user, system, children_user, children_system = map(int, fields[11:15])
    return (user + system) * _TICK_MS, (children_user + children_system) * _TICK_MS


def _memory(pid: int) -> Memory:
    found = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        name, _, size = line.partition(":")
        found[name] = int(size.split()[0]) / _MB
    return Memory(found["Rss"], found["Pss"])
