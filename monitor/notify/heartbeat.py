"""Signs of life to a service that calls the keeper when they stop.

They are HTTP requests as https://healthchecks.io/docs/http_api/ describes them. Nothing waits for them, and whatever
becomes of them harms nothing: one that does not arrive is what the other side is there to notice.
"""

from __future__ import annotations

import logging
import threading
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import requests

from monitor import __version__
from monitor.notify.attempt import silence_addresses

if TYPE_CHECKING:
    from uuid import UUID

_log = logging.getLogger("tumen.heartbeat")
_TIMEOUT = 5.0  # seconds to connect, and between two pieces of the answer
_LONGEST = 10_000  # bytes of a text
_AT_ONCE = 4  # pings under way; more are left out


class Signal(StrEnum):
    """What a ping says, as the end of its address."""

    START = "start"
    GOOD = ""
    BAD = "fail"


class Pinger:
    """Sends pings, one after the other."""

    def __init__(self, url: str, *, timeout: float = _TIMEOUT) -> None:
        """Nothing is connected yet.

        Args:
            url: the address of the check, a secret.
            timeout: seconds to connect, and between two pieces of an answer.
        """
        self._parts = urlsplit(url)
        self.host = self._parts.netloc.rpartition("@")[2]
        self._timeout = timeout
        self._latest: threading.Thread | None = None
        self._room = threading.Semaphore(_AT_ONCE)
        self._said: set[str] = set()
        silence_addresses()

    def ping(self, signal: Signal, run: UUID, text: str = "") -> None:
        """Send a ping. Returns at once and raises nothing.

        Args:
            signal: what it says.
            run: what begin and end of a cycle have in common.
            text: for the keeper; what is longer than 10 kB is cut.
        """
        if not self._room.acquire(blocking=False):
            self._say("does not answer")
            return
        cut = text.encode(errors="replace")[:_LONGEST].decode(errors="ignore")
        # A daemon: when the program ends, it does not wait for an answer.
        thread = threading.Thread(
            target=self._send, args=(self._latest, signal, run, cut), name="heartbeat", daemon=True
        )
        try:
            thread.start()
        except RuntimeError:  # the system gives no more threads
            self._room.release()
            self._say("cannot be asked: too many threads")
        else:
            self._latest = thread

    def _send(self, before: threading.Thread | None, signal: Signal, run: UUID, text: str) -> None:
        try:
            if before is not None:
                before.join()  # the end of a cycle must not overtake its begin
            said = self._post(signal, run, text)
        except Exception as error:  # noqa: BLE001  its text may hold the address, so no traceback
            said = f"cannot be reached: {type(error).__name__}"
        finally:
            self._room.release()
        if said:
            self._say(said)
        elif self._said:
            self._said.clear()
            _log.info("%s takes heartbeats again", self.host)

    def _say(self, reason: str) -> None:
        """Once, until one has arrived again."""
        if reason not in self._said:
            self._said.add(reason)
            _log.warning("the heartbeat does not arrive: %s %s", self.host, reason)

    def _post(self, signal: Signal, run: UUID, text: str) -> str:
        """Send it and say why it did not arrive, nothing if it did. The answer is not read."""
        path = "/".join(filter(None, (self._parts.path.rstrip("/"), signal.value)))
        query = "&".join(filter(None, (self._parts.query, f"rid={run}")))
        with requests.post(
            self._parts._replace(path=path, query=query).geturl(),
            data=text.encode(),
            timeout=self._timeout,
            stream=True,
            allow_redirects=False,
            headers={"Content-Type": "text/plain; charset=utf-8", "User-Agent": f"Tumen/{__version__}"},
        ) as response:
            return (
                ""
                if response.status_code == requests.codes.ok
                else f"answers with status {response.status_code}"
            )
