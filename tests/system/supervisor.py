"""A service manager in small: starts the service, hears what it says, and starts it anew when it hears nothing."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Self
from uuid import uuid4

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    from tests.system.desk import Desk

GRACE = 60.0  # seconds that a service is given to be ready


class Supervisor:
    """Does what systemd does for a unit with Type=notify, WatchdogSec=, WatchdogSignal=SIGKILL and Restart=always.

    Args:
        desk: where the service runs.
        first: starts it for the first time.
        watchdog: seconds that it may be silent.
    """

    def __init__(self, desk: Desk, first: Callable[[], subprocess.Popen[bytes]], watchdog: float) -> None:
        name = f"tumen-{uuid4().hex}"
        self._ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._ear.bind(f"\0{name}")
        desk.environment |= {"NOTIFY_SOCKET": f"@{name}", "WATCHDOG_USEC": str(int(watchdog * 1e6))}
        self._desk = desk
        self._first = first
        self._watchdog = watchdog
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="supervisor", daemon=True)
        self.service: subprocess.Popen[bytes] | None = None
        self.said: list[str] = []  # everything, in order
        self.killed: list[float] = []  # when, for want of food: monotonic seconds
        self.fed = 0.0  # when last

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        self._thread.join()
        self._ear.close()

    def ready(self, times: int = 1) -> bool:
        """Whether the service has been ready so often."""
        return self.said.count("READY=1") >= times

    def _watch(self) -> None:
        self.service, patience = self._first(), GRACE
        self.fed = time.monotonic()
        while not self._ends.is_set():
            self._ear.settimeout(0.05)
            with suppress(TimeoutError):
                lines = self._ear.recv(4096).decode().split("\n")
                self.said += lines
                if {"READY=1", "WATCHDOG=1"} & set(lines):
                    self.fed, patience = time.monotonic(), self._watchdog
            if time.monotonic() - self.fed > patience:
                self.killed.append(time.monotonic())
                os.kill(self.service.pid, signal.SIGKILL)
                self.service.wait()
                self.service, patience = self._desk.serve(), GRACE
                self.fed = time.monotonic()
