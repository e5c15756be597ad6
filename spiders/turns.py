"""Turns at hosts, as a worker sees them: it asks, waits until its parent lets it go, and says when it has left."""

from __future__ import annotations

import asyncio
from itertools import count
from typing import TYPE_CHECKING

from spiders.wire import Asks, Left

if TYPE_CHECKING:
    from collections.abc import Callable


class TurnRefused(Exception):
    """The parent does not let a request go."""


class Turns:
    """One request at a time to a host, across all tasks, jobs and workers.

    Args:
        send: how the parent is told.
    """

    def __init__(self, send: Callable[[Asks | Left], None]) -> None:
        self._send = send
        self._numbers = count(1)
        self._waiting: dict[int, asyncio.Future[None]] = {}

    async def ask(self, task: str, host: str) -> int:
        """Wait for the host's turn; its number, with which it must be left. Raises TurnRefused."""
        turn = next(self._numbers)
        waiting = self._waiting[turn] = asyncio.get_running_loop().create_future()
        self._send(Asks(turn, task, host))
        try:
            await waiting
        except (asyncio.CancelledError, TurnRefused):
            self.leave(turn, 0.0)
            raise
        finally:
            del self._waiting[turn]
        return turn

    def go(self, turn: int) -> None:
        """The parent lets a request go."""
        waiting = self._waiting.get(turn)
        if waiting is not None and not waiting.done():
            waiting.set_result(None)

    def refuse(self, turn: int) -> None:
        """The parent does not let a request go."""
        waiting = self._waiting.get(turn)
        if waiting is not None and not waiting.done():
            waiting.set_exception(TurnRefused)

    def leave(self, turn: int, rest: float) -> None:
        """The request has ended; nobody goes to its host for `rest` seconds."""
        self._send(Left(turn, rest))
