"""Logging in and out: one password, a signed cookie, and no guessing at leisure."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from itsdangerous import BadData

from monitor.web.answering import Page
from monitor.web.views import asked, is_ours, onward, refused, sent, shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from datasette import Request, Response

    from monitor.web.site import Site
    from monitor.web.views import View

COOKIE = "tumen_login"
_PURPOSE = "tumen-login"
_LASTS = timedelta(days=7)
_TRIES, _WITHIN = 10, timedelta(minutes=1)
_REMEMBERED = 1000  # addresses whose tries are counted


class Tries:
    """How often each address has given a wrong password lately."""

    def __init__(self) -> None:
        self._wrong: dict[str, deque[datetime]] = {}

    def may_try(self, who: str, now: datetime) -> bool:
        """Whether this address may try again."""
        wrong = self._wrong.get(who, deque())
        while wrong and wrong[0] <= now - _WITHIN:
            wrong.popleft()
        return len(wrong) < _TRIES

    def failed(self, who: str, now: datetime) -> None:
        """It gave a wrong one."""
        self._wrong.setdefault(who, deque(maxlen=_TRIES)).append(now)
        while len(self._wrong) > _REMEMBERED:
            del self._wrong[next(iter(self._wrong))]


def is_logged_in(datasette: Any, cookie: str, now: datetime) -> bool:
    """Whether this value of the cookie is one that we gave, and still good."""
    if not cookie:
        return False
    try:
        until = datasette.unsign(cookie, _PURPOSE)
    except BadData:
        return False
    return isinstance(until, float) and now.timestamp() < until


def login_view(site: Site) -> View:
    """Asks for the password, and takes it."""
    tries = Tries()

    async def answer(request: Request, datasette: Any) -> Response:
        ask = asked(request, datasette, site)
        if request.method != "POST":
            wanted = str(request.scope.get("tumen.wanted", "/"))
            status = HTTPStatus.UNAUTHORIZED if "tumen.wanted" in request.scope else HTTPStatus.OK
            again = bool(request.scope.get("tumen.again"))
            return shown(
                Page("login.html", {"wanted": wanted, "again": again, "says": ""}, status), ask, request
            )
        form = await sent(request)
        if not is_ours(request, form):
            return refused(
                ask, request, "This page was older than the pages' server", "go back and reload it"
            )
        wanted, who = form.get("back", "/"), str((request.scope.get("client") or ("",))[0])
        if not tries.may_try(who, ask.now):
            values = {"wanted": wanted, "again": False, "says": "Too many tries. Wait a minute."}
            return shown(Page("login.html", values, HTTPStatus.TOO_MANY_REQUESTS), ask, request)
        if not site.access.is_password(form.get("password", "")):
            tries.failed(who, ask.now)
            values = {"wanted": wanted, "again": False, "says": "That is not the password."}
            return shown(Page("login.html", values, HTTPStatus.FORBIDDEN), ask, request)
        found = onward(wanted)
        _keep(
            found,
            request,
            datasette.sign((ask.now + _LASTS).timestamp(), _PURPOSE),
            int(_LASTS.total_seconds()),
        )
        return found

    return answer


def logout_view(site: Site) -> View:
    """Takes the cookie back."""

    async def answer(request: Request, datasette: Any) -> Response:
        ask = asked(request, datasette, site)
        if not is_ours(request, await sent(request)):
            return refused(
                ask, request, "This page was older than the pages' server", "go back and reload it"
            )
        found = onward("/")
        _keep(found, request, "", 0)
        return found

    return answer


def _keep(answer: Response, request: Request, value: str, seconds: int) -> None:
    secure = request.scheme == "https"  # a proxy before us says so
    answer.set_cookie(COOKIE, value, max_age=seconds, secure=secure, httponly=True, samesite="strict")


def guard(datasette: Any, clock: Callable[[], datetime]) -> Callable[[str], bool]:
    """What tells by the value of the cookie who is logged in."""
    return lambda cookie: is_logged_in(datasette, cookie, clock())
