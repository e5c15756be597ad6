"""A network between two programs on loopback, which a test may cut: connections stay open, and carry nothing."""

from __future__ import annotations

import contextlib
import ctypes
import socket
import struct
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_ATTACH_FILTER, _DETACH_FILTER = 26, 27  # SO_…, which Python does not name
_DROP_ALL = struct.pack("HBBI", 6, 0, 0, 0)  # a program of the packet filter of one line: "return 0"


class Relay:
    """Carries what comes to its port to another one, and back."""

    def __init__(self, to: int) -> None:
        self._to = to
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self._ends: list[socket.socket] = [self._server]
        self._carries = threading.Event()
        self._carries.set()
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    def hold(self) -> None:
        """Nothing is carried any more, and both sides are told that it arrived, as some gateways do."""
        self._carries.clear()

    def cut(self) -> None:
        """Packets are lost from now on, both ways: nobody is told anything."""
        self._carries.clear()
        time.sleep(
            0.1
        )  # what was carried is acknowledged; else it would be sent again, and be a sign of life
        with self._lock:
            for end in self._ends:
                _drop(end)

    def mend(self) -> None:
        """It carries again, also what was held back, where the two sides have not given it up."""
        with self._lock:
            for end in self._ends:
                with contextlib.suppress(OSError):
                    end.setsockopt(socket.SOL_SOCKET, _DETACH_FILTER, 0)
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
                    end.setsockopt(socket.SOL_TCP, socket.TCP_KEEPIDLE, 1)  # whoever gave up says so then
            self._carries.set()

    def close(self) -> None:
        self._carries.set()
        for end in self._ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._server.accept()
                threading.Thread(target=self._connect, args=(near,), daemon=True).start()

    def _connect(self, near: socket.socket) -> None:
        self._carries.wait()
        try:
            far = socket.create_connection(("127.0.0.1", self._to))
        except OSError:
            near.close()
            return
        with self._lock:
            self._ends += [near, far]
        for pair in ((near, far), (far, near)):
            threading.Thread(target=self._carry, args=pair, daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while content := source.recv(65536):
                self._carries.wait()
                sink.sendall(content)
        self._carries.wait()
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


def _drop(end: socket.socket) -> None:
    program = ctypes.create_string_buffer(_DROP_ALL)
    with contextlib.suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, _ATTACH_FILTER, struct.pack("HL", 1, ctypes.addressof(program)))


@contextlib.contextmanager
def relay(to: int) -> Iterator[Relay]:
    """A relay that is closed at the end."""
    one = Relay(to)
    try:
        yield one
    finally:
        one.close()
