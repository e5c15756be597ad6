"""From a request to an answer: a page is read and rendered in a thread of its own, a form carried out likewise.

What goes wrong becomes a page that says so in the reader's words.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

from datasette import Response

from monitor.core.errors import MonitorError
from monitor.store.browsing import browsing
from monitor.web.answering import Document, Page, Trouble, as_json, troubled
from monitor.web.asking import Ask
from monitor.web.freshness import is_known
from monitor.web.wording import render

if TYPE_CHECKING:
    from collections.abc import Mapping

    from datasette import Request

    from monitor.web.actions import Action
    from monitor.web.pages import Route
    from monitor.web.site import Site

View = Callable[["Request", Any], Awaitable["Response"]]
"""Answers a request; Datasette hands it over together with itself."""

_SECONDS = 5.0  # that a page may read
_READERS = 4  # pages that are read at a time
_HANDS = 4  # forms that are carried out at a time
_SAID, _FAILED = 1, 3  # kinds of messages, as Datasette numbers them

log = logging.getLogger("tumen.web")
_threads = ThreadPoolExecutor(_READERS, thread_name_prefix="page")
# The service may take a minute to regroup stories; meanwhile pages are read all the same.
_hands = ThreadPoolExecutor(_HANDS, thread_name_prefix="form")


def page_view(route: Route, site: Site) -> View:
    """What answers requests for one page."""

    async def answer(request: Request, datasette: Any) -> Response:
        parts = {name: unquote(value) for name, value in request.url_vars.items() if name != "format"}
        is_json = bool(request.url_vars.get("format"))
        ask = asked(request, datasette, site, parts)

        def work() -> Response:
            return shown(read(route, ask), ask, request, is_json=is_json)

        return await in_thread(work)

    return answer


def action_view(action: Action, site: Site) -> View:
    """What carries out one kind of form, and leads back to a page that says what came of it."""

    async def answer(request: Request, datasette: Any) -> Response:
        ask = asked(request, datasette, site)
        form = await sent(request)
        if not is_ours(request, form):
            return refused(
                ask, request, "This page was older than the pages' server", "go back and reload it"
            )
        if not ask.may_write:
            return refused(ask, request, "Only those who logged in can change something", "log in first")
        work = partial(_carried_out, action, ask, form)
        message, kind = await asyncio.get_running_loop().run_in_executor(_hands, work)
        request._messages = []  # noqa: SLF001  what was said before is not said again
        datasette.add_message(request, message, kind)
        return onward(form.get("back", "/"))

    return answer


def _carried_out(action: Action, ask: Ask, form: Mapping[str, str]) -> tuple[str, int]:
    try:
        return action(ask, form), _SAID
    except MonitorError as error:
        return " – ".join(filter(None, (error.message, error.remedy))), _FAILED


def asked(request: Request, datasette: Any, site: Site, parts: Mapping[str, str] | None = None) -> Ask:
    """What a request asks for."""
    logged_in = bool(request.scope.get("tumen.logged_in"))
    waiting = datasette._show_messages(request) if request.method == "GET" else []  # noqa: SLF001  as its templates do
    return Ask(
        site=site,
        path=request.path.removesuffix(".json"),
        now=site.clock(),
        parts=parts or {},
        query={name: request.args.getlist(name)[-1] for name in request.args},
        may_write=site.access.may_write(logged_in=logged_in),
        logged_in=logged_in,
        origin=f"{request.scheme}://{request.host}",
        message="\n".join(text for text, _ in waiting),
        failed=any(kind == _FAILED for _, kind in waiting),
    )


async def in_thread(work: Callable[[], Any]) -> Any:
    """What the work gives, done in a thread while the loop answers others."""
    return await asyncio.get_running_loop().run_in_executor(_threads, work)


def read(route: Route, ask: Ask) -> Page | Document:
    """What the page of a route has to show; if it cannot be read, the page that says why."""
    try:
        if not ask.site.history.exists():
            return Page("empty.html", Trouble("Nothing yet", "there is no history yet", "start `tumen run`"))
        with browsing(ask.site.history, seconds=_SECONDS) as db:
            return route.handler(ask, db)
    except MonitorError as error:
        page = troubled(error, named=bool(ask.parts))
        if page.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            log.warning("%s: %s", ask.path, error)
        return page


def shown(found: Page | Document, ask: Ask, request: Request, *, is_json: bool = False) -> Response:
    """The answer as it is sent. Pages tell of what changes, so browsers ask again each time."""
    headers = {"cache-control": "private, no-cache"}
    if isinstance(found, Document):
        if found.status == HTTPStatus.OK and is_known(request.headers, found.headers):
            return Response("", HTTPStatus.NOT_MODIFIED.value, headers | dict(found.headers))
        return Response(found.body, int(found.status), headers | dict(found.headers), found.media_type)
    if is_json:
        return Response(as_json(found.values), int(found.status), headers, "application/json; charset=utf-8")
    html = render(found, ask, request.scope["csrftoken"])
    return Response(html, int(found.status), headers, "text/html; charset=utf-8")


def refused(ask: Ask, request: Request, message: str, remedy: str) -> Response:
    """The page for a form that is not carried out."""
    page = Page("trouble.html", Trouble("Nothing was changed", message, remedy), HTTPStatus.FORBIDDEN)
    return shown(page, ask, request)


async def sent(request: Request) -> dict[str, str]:
    """The fields of a form; of one that is no text, nothing."""
    try:
        return dict(
            parse_qsl((await request.post_body()).decode(), keep_blank_values=True, max_num_fields=50)
        )
    except ValueError:
        return {}


def is_ours(request: Request, form: Mapping[str, str]) -> bool:
    """Whether a form holds the token that this browser was given with our pages."""
    token = request.scope["csrftoken"]()
    return hmac.compare_digest(form.get("csrftoken", "").encode(), token.encode())


def onward(where: str) -> Response:
    """To a page of ours, after a form; to the first one if that is none."""
    inside = where.startswith("/") and not where.startswith(("//", "/\\")) and where.isprintable()
    return Response.redirect(where if inside and where.isascii() else "/", HTTPStatus.SEE_OTHER.value)
