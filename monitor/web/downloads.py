"""Lists of the history as files to keep: `/export/articles.csv`. They are sent as they are read, however long."""

from __future__ import annotations

from contextlib import closing
from itertools import islice
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import AsgiStream

from monitor.core.errors import InputError, MonitorError
from monitor.publish.exporting import FORMATS, KINDS, found, found_pieces, pieces
from monitor.publish.tables import BOM
from monitor.store.database import open_reader
from monitor.store.views.exports import Span
from monitor.web.answering import troubled
from monitor.web.views import asked, in_thread, log, shown

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from datasette import Request, Response
    from datasette.utils.asgi import AsgiWriter

    from monitor.store.database import Database
    from monitor.web.asking import Ask
    from monitor.web.site import Site

DOWNLOAD = rf"/export/(?P<kind>{'|'.join(KINDS)}|search)\.(?P<form>{'|'.join(FORMATS)})$"
"""Where the lists stand, as a regular expression."""

_BUSY = 5.0  # seconds
_LINES = 200  # that are read and sent at a time


def download_view(site: Site) -> Callable[[Request, Any], Awaitable[Response | AsgiStream]]:
    """What answers requests for a list."""

    async def answer(request: Request, datasette: Any) -> Response | AsgiStream:
        ask = asked(request, datasette, site, dict(request.url_vars))
        name = f"{ask.parts['kind']}.{ask.parts['form']}"
        try:
            db = await in_thread(lambda: open_reader(site.history, busy=_BUSY))
            lines = _lines(db, ask)
            first = await in_thread(lambda: _some(db, lines))
        except MonitorError as error:
            return shown(troubled(error, named=False), ask, request)

        async def send(writer: AsgiWriter) -> None:
            with closing(db):
                await writer.write(first)
                while part := await in_thread(lambda: _some(db, lines)):
                    await writer.write(part)

        headers = {
            "content-disposition": f'attachment; filename="tumen-{name}"',
            "cache-control": "private, no-store",
        }
        return AsgiStream(send, headers=headers, content_type=FORMATS[ask.parts["form"]])

    return answer


def _lines(db: Database, ask: Ask) -> Iterator[str]:
    """The list that is asked for. CSV begins with a mark of UTF-8, since most browsers hand it to a spreadsheet."""
    kind, form = ask.parts["kind"], ask.parts["form"]
    if form == "csv":
        yield BOM
    if kind != "search":
        yield from pieces(db, kind, Span(until=ask.now, pack=ask.text("pack")), form)
        return
    query = ask.text("q")
    if not query:
        raise InputError("a search needs words", remedy="write them behind ?q=")
    yield from found_pieces(found(db, query, ask.site.names, ask.now), form)


def _some(db: Database, lines: Iterator[str]) -> str:
    """The next lines; nothing behind the last. What goes wrong closes the history and is in the log."""
    try:
        return "".join(islice(lines, _LINES))
    except BaseException as error:
        db.close()
        log.warning("a list ended early: %s", error)
        raise
