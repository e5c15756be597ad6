"""Crawl workers that need not load their libraries: forked from a process that has them.

Starting a worker costs more than all else that happens in a process that is soon killed. Whoever starts this file
with the address of the nursery, in place of a worker, hands its standard streams over, and ends with the worker.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
from contextlib import suppress


def open_door(address: str) -> socket.socket:
    """A Unix socket at which may be asked from now on, even before there is anybody to answer."""
    door = socket.socket(socket.AF_UNIX)
    door.bind(address)
    door.listen(50)
    return door


def serve(door: socket.socket) -> None:
    """Fork a worker for everybody who asks; never end."""
    from spiders import worker  # noqa: PLC0415  so that those who ask need not load it

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system buries them
    while True:
        caller, _ = door.accept()
        with caller, suppress(OSError):
            _, streams, _, _ = socket.recv_fds(caller, 1, 3)
            if len(streams) == 3 and os.fork() == 0:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                os.setsid()
                door.close()
                for number, stream in enumerate(streams):
                    os.dup2(stream, number)
                    os.close(stream)
                worker.main()  # the caller waits until this process has closed its end
                os._exit(0)
            for stream in streams:
                os.close(stream)


def ask(address: str) -> None:
    """Have a worker work on the standard streams of this process, and wait until it has ended."""
    with socket.socket(socket.AF_UNIX) as nursery:
        nursery.connect(address)
        socket.send_fds(nursery, [b"!"], [0, 1, 2])
        for stream in (0, 1, 2):
            os.close(stream)
        nursery.recv(1)


if __name__ == "__main__":
    ask(sys.argv[1])
