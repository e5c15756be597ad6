"""The plugin that adds our pages to a Datasette. Datasette finds the templates of its own pages' frame beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasette import Response, hookimpl
from datasette.utils.asgi import Base400, asgi_static
from datasette.views.base import DatasetteError

from monitor.publish.charts import style
from monitor.web.actions import ACTIONS
from monitor.web.answering import Page, Trouble
from monitor.web.basic import Basic
from monitor.web.data.cells import without_formulas
from monitor.web.downloads import DOWNLOAD, download_view
from monitor.web.gate import LOGIN, STATIC, Gate
from monitor.web.login import COOKIE, guard, login_view, logout_view
from monitor.web.pages import ROUTES
from monitor.web.views import action_view, asked, log, page_view, shown

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from datasette import Request

    from monitor.web.gate import Application
    from monitor.web.views import View

LOGOUT = "/logout"
_FORMS = frozenset({LOGIN, LOGOUT, *ACTIONS})
_STATIC = Path(__file__).parents[1] / "static"


def register_routes(datasette: Any) -> list[tuple[str, View]]:
    """Where our pages stand."""
    site = datasette.site
    return [
        *((route.pattern, page_view(route, site)) for route in ROUTES),
        *((f"{address}$", action_view(action, site)) for address, action in ACTIONS.items()),
        (DOWNLOAD, download_view(site)),
        (f"{LOGIN}$", login_view(site)),
        (f"{LOGOUT}$", logout_view(site)),
        (f"{STATIC}charts.css$", _charts),
        (f"{STATIC}(?P<path>.*)$", asgi_static(_STATIC)),
    ]


async def _charts() -> Response:
    return Response(style(), content_type="text/css; charset=utf-8")


def asgi_wrapper(datasette: Any) -> Callable[[Application], Application]:
    """The gate before everything."""
    site = datasette.site

    def wrap(app: Application) -> Application:
        is_logged_in = guard(datasette, site.clock)
        return Gate(
            without_formulas(app),
            site.access,
            is_logged_in,
            Basic(site.access, site.clock).may_read,
            datasette.open,
            _FORMS.__contains__,
            COOKIE,
        )

    return wrap


def extra_css_urls() -> list[str]:
    """The pages of Datasette have the colours of ours."""
    return [f"{STATIC}tables.css"]


def skip_csrf(scope: dict[str, Any]) -> bool:
    """Our own forms are checked where a page can say what is wrong: see `monitor.web.views.is_ours`."""
    return scope["path"] in _FORMS


def menu_links(datasette: Any) -> list[dict[str, str]]:  # noqa: ARG001  Datasette matches by name
    """None: the pages of Datasette have the navigation of ours."""
    return []


def handle_exception(
    datasette: Any, request: Request, exception: Exception
) -> Callable[[], Awaitable[Response]]:
    """Whatever is not found or goes wrong, in the words of our pages. A bug is logged with its trace."""

    async def answer() -> Response:
        status = int(getattr(exception, "status", 500))
        if isinstance(exception, DatasetteError) and status == 500:  # noqa: PLR2004
            status = 400  # as it says of a column to sort by that is not there
        if not isinstance(exception, Base400) and status >= 500:  # noqa: PLR2004
            log.error("%s failed", request.path, exc_info=exception)
        said = str(exception.args[0]) if exception.args and status < 500 else ""  # noqa: PLR2004
        message = getattr(exception, "message", said)
        trouble = {
            404: Trouble(
                "There is nothing here", "no page has this address", "the navigation leads to all of them"
            ),
            500: Trouble("This did not work", "the page failed", "the log says why"),
        }.get(status, Trouble("This cannot be answered", message))
        is_json = request.path.endswith(".json")
        ask = asked(request, datasette, datasette.site)
        return shown(Page("trouble.html", trouble, status), ask, request, is_json=is_json)

    return answer


for _hook in (register_routes, asgi_wrapper, extra_css_urls, skip_csrf, menu_links, handle_exception):
    hookimpl(_hook)
