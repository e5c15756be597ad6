"""One call of a channel, as seen from both sides: the thread that sends, and the caller that may stop waiting.

Apprise says of a call only whether it worked. Whether to try again, when, and whether the receiver may already have
the message is decided from what is noted here: by our mail service itself, and for HTTP by a look at each answer on
its way through `requests`, the library that Apprise's services use.
"""

from __future__ import annotations

import asyncio
import json
import logging
from concurrent.futures import Future
from contextlib import suppress
from contextvars import ContextVar, copy_context
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from io import BytesIO
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, TypeVar

import requests
from urllib3.exceptions import HTTPError

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitor.core.errors import DeliveryError

T = TypeVar("T")
_SUCCESS = range(200, 300)
_LARGEST = 1_000_000  # bytes of an answer; the longest of an honest service has some thousand
current: ContextVar[Attempt | None] = ContextVar("attempt", default=None)


class Abandoned(requests.RequestException):
    """The caller has stopped waiting, so nothing may be sent any more. Apprise's services catch the base class."""


class Attempt:
    """What is known about one call. Made by the caller, carried into Apprise's thread by the context."""

    def __init__(self) -> None:
        self.status: int | None = (
            None  # of the last HTTP answer that was a no; some services say goodbye after it
        )
        self.retry_after: float | None = None  # seconds that answer asked for
        self.answered = False  # what was asked last has an answer
        self.error: Exception | None = None  # why it has none
        self.refusal: DeliveryError | None = None  # the verdict of a service that knows better than we do
        self.taken = False  # the receiver said so, whatever happens afterwards
        self.hang_up: Callable[[], None] = _nothing  # ends a call that nobody waits for any more
        self._lock = Lock()
        self._begun = False
        self._over = False

    def begin(self) -> None:
        """The message goes out now. Raises Abandoned if nobody waits for it any more."""
        with self._lock:
            if self._over:
                raise Abandoned
            self._begun = True

    def give_up(self) -> None:
        """Stop waiting. What has not begun by now never will."""
        with self._lock:
            self._over = True
        self.hang_up()

    @property
    def begun(self) -> bool:
        """Whether anything was sent that a receiver could act upon."""
        return self._begun

    @property
    def refused(self) -> bool:
        """Whether there was a no on the web, and nothing is on its way after it."""
        return self.status is not None and self.answered

    @property
    def over(self) -> bool:
        """Whether nobody waits for it any more."""
        return self._over


def _nothing() -> None:
    """There is no connection yet, or none that could be ended."""


async def in_thread(call: Callable[[], T], seconds: float, farewell: Callable[[], object]) -> T:
    """What a call returns, made in a thread of its own. Raises TimeoutError if it takes longer; it may go on then.

    The thread says `farewell` when the call has ended; nobody waits for that, and how it goes matters to no one.
    Apprise's own pool has a few threads for all services together, so a few that hang would hold up all others.
    """
    answer: Future[T] = Future()
    answer.set_running_or_notify_cancel()
    context = copy_context()

    def work() -> None:
        try:
            answer.set_result(context.run(call))
        except BaseException as error:  # noqa: BLE001  the caller's to judge
            answer.set_exception(error)
        with suppress(Exception):
            farewell()

    Thread(target=work, name="send", daemon=True).start()
    return await asyncio.wait_for(asyncio.wrap_future(answer), seconds)


def watch_requests() -> None:
    """Let every HTTP request that is made within an attempt be noted in it. Requests made elsewhere are untouched.

    Apprise drops the status and the Retry-After header, and offers no hook; this is the one place where all its
    services pass.
    """
    if hasattr(requests.Session.send, "watched"):
        return
    plain = requests.Session.send

    def send(session: requests.Session, request: requests.PreparedRequest, **how: Any) -> requests.Response:
        attempt = current.get()
        if attempt is None:
            return plain(session, request, **how)
        attempt.begin()
        attempt.answered, attempt.error = False, None
        try:
            response = plain(session, request, **{**how, "stream": True})
            content = b"" if how.get("stream") else _content(response, attempt)
        except requests.RequestException as error:
            attempt.error = error
            raise
        attempt.answered = True
        if response.status_code not in _SUCCESS:
            attempt.status, attempt.retry_after = response.status_code, _retry_after(response, content)
        if not how.get("stream"):
            response.raw = BytesIO(content)
        return response

    send.watched = True  # type: ignore[attr-defined]  # a mark on a function, so that a second call changes nothing
    requests.Session.send = send  # type: ignore[method-assign, assignment]  # see the docstring


def _content(response: requests.Response, attempt: Attempt) -> bytes:
    """What a service says in its answer. One that never ends is cut off, and nobody's is read to its end."""
    found = bytearray()
    try:
        while len(found) < _LARGEST and not attempt.over:
            piece = response.raw.read1(_LARGEST, decode_content=True)
            if not piece:
                break
            found += piece
    except HTTPError as error:
        raise requests.exceptions.ChunkedEncodingError(error) from None
    finally:
        response.raw.close()
    return bytes(found)


def _retry_after(response: requests.Response, content: bytes) -> float | None:
    """Seconds to wait: from the header, as number or date, or from the answers of chats."""
    said: object = response.headers.get("Retry-After")
    if said is None and response.status_code == requests.codes.too_many_requests:
        said = _wish(content)
    try:
        return max(0.0, float(str(said)))
    except ValueError:
        pass
    try:
        when = parsedate_to_datetime(str(said))
    except ValueError:
        return None
    return max(0.0, (when.replace(tzinfo=when.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


def _wish(content: bytes) -> object:
    """The seconds that Discord and Slack, Telegram, or Matrix write into an answer."""
    try:
        answer = json.loads(content)
        match answer:
            case {"retry_after": wish} | {"parameters": {"retry_after": wish}}:
                return wish
            case {"retry_after_ms": wish}:
                return float(wish) / 1000
    except (ValueError, TypeError, OverflowError, RecursionError):
        pass
    return None


def silence_addresses() -> None:
    """Keep urllib3 from writing addresses with their secrets into logs, as of retries and of broken heads."""
    for name in ("urllib3", "urllib3.connection", "urllib3.connectionpool", "urllib3.util.retry"):
        logging.getLogger(name).disabled = True
