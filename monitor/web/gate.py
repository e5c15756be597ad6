"""What every request passes first, those for the tables of Datasette as well: who asks, by which name, and for what.

Every answer leaves with the headers that keep other sites, and what a news page may smuggle into ours, from acting.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from monitor.web.basic import CHALLENGE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitor.web.access import Access

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

LOGIN = "/login"
STATIC = "/-/tumen/"
FEEDS = "/feeds/"
_LARGEST_FORM = 64 * 1024  # bytes
_PATIENCE = 10.0  # seconds for a form to arrive
# Tables, rows, SQL and what their pages are made of; what else Datasette has behind /-/ is for those who develop it.
_DATASETTE = ("/history", "/-/static/")
_SHARED = (
    "default-src 'none'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_STRICT = f"{_SHARED}; style-src 'self'; script-src 'self'"
_DATASETTES = (
    f"{_SHARED}; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'"  # its pages have both
)
_HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    # Other sites learn nothing of where a reader comes from. With no-referrer browsers would not even tell ourselves
    # which site a form was on, and only that shows a forged one where there is no TLS.
    b"referrer-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
}


class Refused(Exception):
    """A request that goes no further: its status, and one sentence for whoever made it."""

    def __init__(self, status: HTTPStatus, says: str, *headers: tuple[bytes, bytes]) -> None:
        super().__init__(says)
        self.status = status
        self.says = says
        self.headers = headers


class Gate:
    """The outermost layer of the application.

    Args:
        app: what is behind it.
        access: who may see the pages.
        is_logged_in: whether a cookie of ours says so, by its value.
        may_read: whether a request may read by its Authorization header and the address it comes from.
        prepare: is awaited before each request that passes.
        actions: where forms may be sent to.
        cookie: the name of the login's cookie.
    """

    def __init__(
        self,
        app: Application,
        access: Access,
        is_logged_in: Callable[[str], bool],
        may_read: Callable[[str, str], bool],
        prepare: Callable[[], Awaitable[None]],
        actions: Callable[[str], bool],
        cookie: str,
    ) -> None:
        self._app = app
        self._access = access
        self._is_logged_in = is_logged_in
        self._may_read = may_read
        self._prepare = prepare
        self._actions = actions
        self._cookie = cookie

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or let the application answer it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = _headers(scope)
        path = str(scope["path"])
        try:
            logged_in = self._is_logged_in(_cookies(headers.get("cookie", "")).get(self._cookie, ""))
            scope = self._admitted(dict(scope), path, headers, logged_in=logged_in)
            if scope["method"] == "POST":
                receive = await _whole(receive)
            await self._prepare()
        except Refused as refused:
            await _say(_guarded(send, path), refused)
            return
        await self._app(scope, receive, _guarded(send, path))

    def _check(self, scope: Scope, path: str, headers: dict[str, str]) -> None:
        """Whoever asks. Raises Refused."""
        if not self._access.knows(headers.get("host", "")):
            raise Refused(HTTPStatus.MISDIRECTED_REQUEST, "These pages are not known by this name.")
        if scope["method"] not in {"GET", "HEAD", "POST"}:
            raise Refused(HTTPStatus.METHOD_NOT_ALLOWED, "There is no such way to ask for a page.")
        if scope["method"] == "POST":
            if not self._actions(path):
                raise Refused(HTTPStatus.METHOD_NOT_ALLOWED, "Nothing can be changed here.")
            if not self._access.is_from_here(headers):
                raise Refused(HTTPStatus.FORBIDDEN, "This form was not on one of our own pages.")
        elif self._actions(path) and path != LOGIN:
            raise Refused(HTTPStatus.METHOD_NOT_ALLOWED, "A form is sent here; nothing is to be seen.")
        if path.startswith("/-/") and not path.startswith((STATIC, *_DATASETTE)):
            raise Refused(HTTPStatus.NOT_FOUND, "There is nothing here.")

    def _admitted(self, scope: Scope, path: str, headers: dict[str, str], *, logged_in: bool) -> Scope:
        """The scope for the application. Raises Refused."""
        self._check(scope, path, headers)
        scope["tumen.logged_in"] = logged_in
        if self._access.may_read(logged_in=logged_in) or path == LOGIN or path.startswith(STATIC):
            return scope
        if scope["method"] != "POST" and self._may_read(headers.get("authorization", ""), _who(scope)):
            return scope
        if scope["method"] == "POST" or not _wants_page(path, headers):
            # A browser would ask for the password in a window of its own where a page of ours is to ask.
            asks = ((b"www-authenticate", CHALLENGE.encode()),) if path.startswith(FEEDS) else ()
            raise Refused(HTTPStatus.UNAUTHORIZED, "Log in first.", *asks)
        asked = scope.get("raw_path") or path.encode()
        query = scope.get("query_string") or b""
        scope["tumen.wanted"] = asked.split(b"?")[0].decode("latin-1") + (
            f"?{query.decode('latin-1')}" if query else ""
        )
        # A link on another site brings no cookie of ours; the page that asks for the password loads itself once more.
        scope["tumen.again"] = headers.get("sec-fetch-site") in {"cross-site", "same-site"}
        return {**scope, "path": LOGIN, "raw_path": LOGIN.encode(), "query_string": b""}


def _who(scope: Scope) -> str:
    return str((scope.get("client") or ("",))[0])


def _wants_page(path: str, headers: dict[str, str]) -> bool:
    return "text/html" in headers.get("accept", "") and not path.endswith((".json", ".csv"))


def _headers(scope: Scope) -> dict[str, str]:
    """The headers by name in small letters; a Host that is given twice is none."""
    found: dict[str, str] = {}
    for raw_name, raw_value in scope.get("headers") or ():
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        found[name] = "" if name == "host" and name in found else value
    return found


def _cookies(header: str) -> dict[str, str]:
    pairs = (part.strip().partition("=") for part in header.split(";"))
    return {name: value.strip('"') for name, _, value in pairs}


async def _whole(receive: Receive) -> Receive:
    """The form, read before anything else is done with it. Raises Refused if it is too large, slow or cut off."""
    body = b""
    more = True
    while more:
        try:
            message = await asyncio.wait_for(receive(), _PATIENCE)
        except TimeoutError:
            raise Refused(HTTPStatus.REQUEST_TIMEOUT, "The form did not arrive.") from None
        if message["type"] != "http.request":
            raise Refused(HTTPStatus.BAD_REQUEST, "The form did not arrive.")
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > _LARGEST_FORM:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The form is too large.")
    waiting: list[MutableMapping[str, Any]] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> MutableMapping[str, Any]:
        return waiting.pop() if waiting else await receive()

    return again


def _guarded(send: Send, path: str) -> Send:
    """Adds the headers that guard our pages to an answer."""
    policy = _DATASETTES if path.startswith(_DATASETTE) else _STRICT
    guards = _HEADERS | {b"content-security-policy": policy.encode()}

    async def guarded(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            given: Iterable[tuple[bytes, bytes]] = message.get("headers") or ()
            kept = [(name, value) for name, value in given if name.lower() not in guards]
            message = {**message, "headers": [*kept, *guards.items()]}
        await send(message)

    return guarded


async def _say(send: Send, refused: Refused) -> None:
    body = f"{refused.says}\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    headers += [(b"cache-control", b"no-store"), *refused.headers]
    await send({"type": "http.response.start", "status": refused.status.value, "headers": headers})
    await send({"type": "http.response.body", "body": body})
