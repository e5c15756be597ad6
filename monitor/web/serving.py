"""Serving the pages: a Datasette with our plugin, behind uvicorn, in a process of its own."""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
import threading
from typing import TYPE_CHECKING

import uvicorn

from monitor.core.errors import ConfigError
from monitor.web.data.history import Tables
from monitor.web.wording import compile_templates

if TYPE_CHECKING:
    from types import FrameType

    from monitor.web.site import Site

_GRACE = 3  # seconds for answers under way when it ends


class _Server(uvicorn.Server):
    """Knows whether Ctrl-C ended it: uvicorn sends itself the signal again, which asyncio may swallow at the end."""

    is_interrupted = False

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.is_interrupted |= sig == signal.SIGINT
        super().handle_exit(sig, frame)


def serve(site: Site, listener: socket.socket, *, until_hung_up: bool = False) -> None:
    """Answer requests until a signal comes; with `until_hung_up`, at the latest when standard input ends.

    Raises KeyboardInterrupt after Ctrl-C.
    """
    tables = Tables(site)
    config = uvicorn.Config(
        tables.app(),
        log_config=None,  # whoever serves says how the log looks
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE,
        h11_max_incomplete_event_size=32 * 1024,
        limit_concurrency=100,
    )
    server = _Server(config)
    threading.Thread(target=_prepare, args=(site,), name="packs", daemon=True).start()
    if until_hung_up:
        threading.Thread(target=_wait_for_the_end, args=(server,), daemon=True).start()
    server.run([listener])
    if server.is_interrupted:
        raise KeyboardInterrupt


def bind(host: str, port: int) -> socket.socket:
    """The socket to listen at. Raises ConfigError if the place is taken, or none of this machine."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        raise ConfigError(
            f"nothing can be served here: {error.strerror or error}",
            where=f"web, {host} port {port}",
            remedy="choose another port or host, or end what else is served there",
        ) from error


def address(listener: socket.socket) -> str:
    """Where a browser finds the pages."""
    host, port = listener.getsockname()[:2]
    named = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{named}:{port}/"


def _prepare(site: Site) -> None:
    """Make what is made once, so that the first page that needs it does not wait for seconds."""
    compile_templates()
    site.matcher  # noqa: B018  asked for, it is made
    # The packs are a quarter of a million objects that stay: to look among them for garbage, which Python does within
    # one request of ten, took each time a tenth of a second.
    gc.collect()
    gc.freeze()


def _wait_for_the_end(server: uvicorn.Server) -> None:
    while sys.stdin.buffer.read(4096):
        pass
    server.should_exit = True
    threading.Event().wait(_GRACE * 2)
    os._exit(1)  # it hangs, and nobody is there any more who would end it
