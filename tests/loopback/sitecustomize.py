"""Keeps the Python that loads it on this machine: loopback is all there is of a network.

The tests set it up in their own process and put its folder on the path of every Python that they start. No name but
`localhost` is known. A connection to anywhere else is refused, and written down in the file that `PYTHONESCAPES`
names, so that it fails the tests even if whoever tried it kept silent.
"""

from __future__ import annotations

import _socket  # not `socket`: some tests look at what a program has loaded
import errno
import ipaddress
import os
import sys
from pathlib import Path
from typing import Any

ESCAPES = Path(os.environ["PYTHONESCAPES"])


def is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host.rstrip(".").lower() in {"localhost", ""}


def is_number(host: str) -> bool:
    """Whether it is an address, and needs no name server, in any way of writing it."""
    try:
        return ":" in host or bool(_socket.inet_aton(host))
    except (OSError, ValueError):
        return False


def watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        host = arguments[0] or ""
        name = host.decode("latin-1") if isinstance(host, bytes) else host
        if not is_here(name) and not is_number(name):
            raise _socket.gaierror(_socket.EAI_NONAME, "the tests know no name but localhost")
    elif event in {"socket.connect", "socket.sendto"}:
        address = arguments[1]
        if isinstance(address, tuple) and address and not is_here(str(address[0])):
            with ESCAPES.open("a") as file:
                print(os.getpid(), sys.argv[:3], event, address, file=file)
            raise OSError(errno.ENETUNREACH, "the tests stay on this machine")


sys.addaudithook(watch)
