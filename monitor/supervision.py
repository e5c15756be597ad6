"""The service manager: hears how the service is, and starts it anew when it hears nothing any more.

This is the protocol of sd_notify(3), which systemd and some other managers speak: lines sent to a local socket whose
address stands in the environment. Where none does, nothing is said.
"""

from __future__ import annotations

import logging
import os
import socket
import time
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, MutableMapping

_log = logging.getLogger("tumen.supervision")
_AGAIN = timedelta(seconds=20)  # until it is said again that the start takes longer
_LONGEST = timedelta(hours=12)  # after which nobody believes that
_PATIENCE = 1.0  # seconds that a manager may be busy; the service does not stand still for it


class Manager:
    """Whoever supervises the service.

    Args:
        address: the socket that it listens on, a path or a name that begins with @; empty if there is no manager.
        watchdog: it kills the service when it has not been fed for this long; None if it never does.
    """

    def __init__(self, address: str = "", watchdog: timedelta | None = None) -> None:
        # Names without a place in the file system begin with a zero byte, which no environment can hold.
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        self.watchdog = watchdog if address else None
        self._status = ""
        self._heard = True

    @classmethod
    def taken(cls, environment: MutableMapping[str, str]) -> Manager:
        """The manager that the environment names. It is taken out of it, so that no child speaks for the service."""
        address = environment.pop("NOTIFY_SOCKET", "")
        period, process = environment.pop("WATCHDOG_USEC", ""), environment.pop("WATCHDOG_PID", "")
        if not address.startswith(
            ("/", "@")
        ):  # systemd knows further kinds, for what runs in machines of its own
            return cls()
        meant = process in {"", str(os.getpid())}
        fed = timedelta(microseconds=int(period)) if meant and period.isdecimal() else timedelta()
        return cls(address, fed or None)

    @contextmanager
    def opening(self) -> Iterator[None]:
        """While the block opens the history, however large it is, the service may take longer to be ready.

        It holds the event loop, so this is said in a thread of its own; not for ever, for a disk may hang.
        """
        over = Event()

        def ask() -> None:
            for _ in range(_LONGEST // _AGAIN):
                self._say(f"EXTEND_TIMEOUT_USEC={3 * _AGAIN // timedelta(microseconds=1)}")
                if over.wait(_AGAIN.total_seconds()):
                    return

        asking = Thread(target=ask, name="supervision", daemon=True)
        if self._address:
            asking.start()
        try:
            yield
        finally:
            over.set()
            if self._address:
                asking.join(_PATIENCE)

    def ready(self, status: str) -> None:
        """The service does its work now, and this is what it does."""
        self._say("READY=1", self._worded(status))

    def status(self, status: str) -> None:
        """What it does now, a line for people."""
        if status != self._status:
            self._say(self._worded(status))

    def feed(self) -> None:
        """It gets on with its work."""
        self._say("WATCHDOG=1")

    def stopping(self) -> None:
        """It is about to end."""
        self._say("STOPPING=1", self._worded("ending"))

    def reloading(self, begun: bool) -> None:  # noqa: FBT001  both ends of one thing
        """It takes up another configuration; when that has ended, whatever came of it, it is at work again."""
        lines = ("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}") if begun else ("READY=1",)
        self._say(*lines)

    def _worded(self, status: str) -> str:
        self._status = status
        return "STATUS=" + " ".join(status.split())

    def _say(self, *lines: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as out:
                out.settimeout(_PATIENCE)
                out.sendto("\n".join(lines).encode(), self._address)
            self._heard = True
        except OSError as error:
            level = logging.WARNING if self._heard else logging.DEBUG  # once is enough
            self._heard = False
            _log.log(level, "the service manager does not hear %s: %s", lines[0], error.strerror or error)
