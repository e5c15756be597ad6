"""Datasette's CSV on its way out: no cell is a formula for the spreadsheet that opens it."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any

from monitor.publish.tables import inert

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from monitor.web.gate import Application, Receive, Scope, Send

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)
_END = b"\r\n"


class Cells:
    """Takes a CSV in pieces and gives it back in lines whose cells are harmless; numbers stay as they are."""

    def __init__(self) -> None:
        self._held = b""

    def take(self, piece: bytes, *, is_last: bool) -> bytes:
        """What can go on by now: whole lines, and at the end the rest."""
        self._held += piece
        *lines, self._held = self._held.split(_END)
        whole, done = b"", []
        for line in lines:
            whole += line + _END
            if whole.count(b'"') % 2 == 0:  # else the line ends within a cell
                done.append(_harmless(whole))
                whole = b""
        self._held = whole + self._held
        if is_last and self._held:
            done.append(_harmless(self._held))
            self._held = b""
        return b"".join(done)


def without_formulas(app: Application) -> Application:
    """The application with every CSV that it answers guarded."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        cells: Cells | None = None

        async def pass_on(message: MutableMapping[str, Any]) -> None:
            nonlocal cells
            if message["type"] == "http.response.start" and _is_rows(scope, message):
                cells = Cells()
            elif message["type"] == "http.response.body" and cells is not None:
                is_last = not message.get("more_body", False)
                message = {**message, "body": cells.take(message.get("body", b""), is_last=is_last)}
            await send(message)

        await app(scope, receive, pass_on)

    return guarded


def _is_rows(scope: Scope, message: MutableMapping[str, Any]) -> bool:
    """Whether an answer is rows of Datasette, which a browser gets as plain text unless they are to be kept.

    What says how long it is holds no rows, but why there are none.
    """
    names = {name.lower() for name, _ in message.get("headers") or ()}
    path = str(scope.get("path"))
    return path.startswith("/history") and path.endswith(".csv") and b"content-length" not in names


def _harmless(line: bytes) -> bytes:
    (cells,) = csv.reader(io.StringIO(line.decode("utf-8", "replace"), newline="")) if line.strip() else ([],)
    held = io.StringIO()
    csv.writer(held).writerow(cell if _NUMBER.fullmatch(cell) else inert(cell) for cell in cells)
    return held.getvalue().encode()
